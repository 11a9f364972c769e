import pytest
from hypothesis import given
from hypothesis import strategies as st

from rathaus.services.sort_keys import sort_key
from rathaus.services.texts import from_html, plain, to_html


def test_notation_becomes_paragraphs_lists_headings_and_links() -> None:
    text = "Eins.\nZwei.\n\n## Wann\n- [hier](https://a.at/x)\n- dort"
    assert to_html(text) == (
        "<p>Eins.<br>Zwei.</p>\n<h3>Wann</h3>\n"
        '<ul><li><a href="https://a.at/x">hier</a></li><li>dort</li></ul>'
    )


@pytest.mark.parametrize(
    "text",
    ["[x](javascript:alert(1))", "[x](data:text/html,y)", "[x](//evil.example/)", "[x](ftp://a)"],
)
def test_other_addresses_are_no_links(text: str) -> None:
    assert "<a" not in to_html(text)


@given(st.text())
def test_nothing_but_our_own_tags_is_ever_written(text: str) -> None:
    shown = to_html(text)
    for tag in ("p", "br", "h3", "ul", "li"):
        shown = shown.replace(f"<{tag}>", "").replace(f"</{tag}>", "")
    assert "<" not in shown.replace("</a>", "").replace('<a href="', "")


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>A &amp; B</p><p>C</p>", "A & B\n\nC"),
        ("<ul>\n <li>eins</li>\n <li><p>zwei</p></li></ul>nach", "- eins\n- zwei\n\nnach"),
        ("<h2>Titel</h2>Text<br>Zeile", "## Titel\n\nText\nZeile"),
        ('<a href="https://a.at/">hier <b>klicken</b></a>', "[hier klicken](https://a.at/)"),
        ('<a href="javascript:x()">hier</a>', "hier"),
        ("<script>alert(1)</script><style>p{}</style>da", "da"),
        ('<img src=x onerror=alert(1)><svg onload="x">bleibt', "bleibt"),
        ("<p>&lt;script&gt;</p>", "<script>"),
        ("<p>offen<li>a<li>b", "offen\n- a\n- b"),
        ("", ""),
    ],
)
def test_foreign_html_is_translated(html: str, text: str) -> None:
    assert from_html(html) == text


def test_tags_hidden_in_entities_are_shown_as_words() -> None:
    assert to_html(from_html("&lt;img onerror=x&gt;")) == "<p>&lt;img onerror=x&gt;</p>"


def test_plain_keeps_the_words() -> None:
    assert plain("## Wann\n- [hier](https://a.at) und - da") == "Wann\nhier und - da"


@pytest.mark.parametrize(
    ("name", "key"), [("Ämter", "amter"), ("Straße", "strasse"), ("Élan 2", "elan 2"), ("", "")]
)
def test_sort_keys_put_umlauts_beside_their_letters(name: str, key: str) -> None:
    assert sort_key(name) == key

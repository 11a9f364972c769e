"""Documents: accessible, literal, quick."""

import io
import re
import shutil
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pikepdf
import pypdf
import pytest
from django.utils.translation import override
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.founded import founded

from rathaus.core import pdf

pytestmark = pytest.mark.django_db

PAPER_ENDS = 538.59  # the right margin of 20 mm, in points

CREST = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>'
NAUGHTY = [
    '#read("/etc/passwd")',
    "*fett* _kursiv_ `code` $x^2$ @ref <label>",
    "// kein Kommentar /* auch nicht */",
    "= Überschrift",
    '"} #panic("x")',
    "\\u{1F600} \\#",
]


@pytest.fixture(autouse=True)
def city(db):
    with founded(
        address="Rathausplatz 1\n4999 Lindenfurt",
        email="rathaus@lindenfurt.example",
        crest=CREST,
        colours={"primary": "#1d4f45"},
    ) as city:
        yield city


def letter(**changes) -> dict[str, object]:
    return {"title": "Ein Brief", "text": "Guten Tag", **changes}


def receipt(**changes) -> dict[str, object]:
    return {
        "title": "Eingangsbestätigung",
        "number": "BUE-2026-000123",
        "addressee": ["Maria Größwang", "Lindengasse 12", "4999 Lindenfurt"],
        "facts": [{"label": "Eingelangt am", "value": "22.11.2026"}],
        "text": "Guten Tag,\n\nwir haben Ihre Anmeldung erhalten.",
        "sections": [{"title": "Hund", "rows": [{"label": "Rufname", "value": "Wuschel 🐶"}]}],
        "files": [{"name": "Nachweis.pdf", "size": "1,2 MB", "sha256": "0123456789abcdef" * 4}],
        **changes,
    }


def decision(**changes) -> dict[str, object]:
    return {
        "title": "Bescheid",
        "number": "NAT-2026-000045",
        "department": "Natur und Stadtgrün",
        "addressee": ["Franz Čerý"],
        "subject": "Fällung einer Winterlinde",
        "ruling": "Die Fällung wird bewilligt.",
        "reasons": "Der Baum ist krank.",
        "remedy": "Gegen diesen Bescheid können Sie Beschwerde erheben.",
        "signature": {"for": "Für den Bürgermeister:", "name": "Mag. Jana Hölzl"},
        **changes,
    }


def text_of(document: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(document)).pages
    return "\n".join(page.extract_text() for page in pages)


@pytest.mark.parametrize(
    ("template", "data", "title"),
    [
        ("letter", letter(), "Ein Brief"),
        ("receipt", receipt(), "Eingangsbestätigung"),
        ("decision", decision(), "Bescheid"),
    ],
)
def test_documents_are_accessible(template, data, title):
    with pikepdf.open(io.BytesIO(pdf.render(template, data))) as document:
        root = document.Root
        assert root.MarkInfo.Marked
        assert str(root.Lang) == "de-AT"
        assert root.ViewerPreferences.DisplayDocTitle
        assert len(root.StructTreeRoot.K) > 0
        with document.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "A")
            assert metadata["dc:title"] == title
        assert str(document.docinfo["/Title"]) == title


def test_the_crest_has_words_for_those_who_do_not_see_it():
    with pikepdf.open(io.BytesIO(pdf.render("letter", letter()))) as document:
        words = [
            str(item.Alt)
            for item in document.objects
            if isinstance(item, pikepdf.Dictionary) and "/Alt" in item
        ]
    assert words == ["Wappen von Stadt Lindenfurt"]


def test_headings_and_tables_are_tagged():
    with pikepdf.open(io.BytesIO(pdf.render("receipt", receipt()))) as document:
        tags = {
            str(item.S)
            for item in document.objects
            if isinstance(item, pikepdf.Dictionary) and "/S" in item and "/P" in item
        }
    assert {"/H1", "/P", "/Table", "/TR", "/TH", "/TD", "/Figure"} <= tags


def test_a_receipt_says_everything():
    text = text_of(pdf.render("receipt", receipt()))

    for part in (
        "Eingangsbestätigung",
        "BUE-2026-000123",
        "Maria Größwang",
        "22.11.2026",
        "wir haben Ihre Anmeldung erhalten.",
        "Rufname",
        "Wuschel",
        "Nachweis.pdf",
        "1,2 MB",
        "Seite 1 / 1",
    ):
        assert part in text
    assert "0123456789abcdef" * 4 in text.replace("\n", "").replace("\u200b", "").replace(" ", "")


def test_a_decision_has_its_parts_in_order():
    text = text_of(pdf.render("decision", decision(costs="€ 47,30")))
    places = [
        text.index(part)
        for part in (
            "Bescheid",
            "Fällung einer Winterlinde",
            "Spruch",
            "bewilligt",
            "Kosten",
            "€ 47,30",
            "Begründung",
            "krank",
            "Rechtsmittelbelehrung",
            "Beschwerde",
            "Für den Bürgermeister:",
            "Mag. Jana Hölzl",
        )
    ]
    assert places == sorted(places)


def test_words_of_the_house_follow_the_reader_s_language():
    with override("en"), pikepdf.open(io.BytesIO(pdf.render("letter", letter()))) as document:
        assert str(document.Root.Lang) == "en-AT"


@pytest.mark.parametrize("text", NAUGHTY)
def test_nothing_in_a_text_can_act(text):
    rows = [{"label": text, "value": text}]
    document = pdf.render(
        "receipt",
        receipt(
            title=text,
            text=text,
            addressee=[text],
            sections=[{"title": text, "rows": rows}],
            files=[{"name": text, "size": text, "sha256": "0" * 64}],
        ),
    )
    found = text_of(document).replace("\n", "").replace(" ", "")
    assert found.count(text.replace(" ", "")) >= 6
    assert "root:x:0" not in found


def test_a_name_of_ten_thousand_letters_is_printed_whole():
    names = [f"Name{number:05}" for number in range(1000)]
    found = text_of(pdf.render("letter", letter(addressee=[" ".join(names)])))
    assert re.findall(r"Name\d{5}", found) == names


@pytest.mark.parametrize("place", ["title", "text", "addressee", "facts", "rows", "files"])
def test_what_has_no_place_to_break_stays_on_the_paper(place: str, tmp_path: Path):
    word = "".join(f"{number:04}Xö" for number in range(230))  # 1,380 characters
    changed = {
        "title": {"title": word[:300]},
        "text": {"text": word},
        "addressee": {"addressee": [word[:190]]},
        "facts": {"facts": [{"label": word[:90], "value": word[:200]}]},
        "rows": {"sections": [{"title": word[:90], "rows": [{"label": word, "value": word}]}]},
        "files": {"files": [{"name": word[:255], "size": "1 KB", "sha256": "0" * 64}]},
    }[place]
    printed = _printed(pdf.render("receipt", receipt(**changed)), tmp_path)

    assert max(right for right, _word in printed) <= PAPER_ENDS
    whole = "".join(word for _right, word in printed)
    for long_word in re.findall(r"(?:\d{4}Xö){10,}", str(changed)):
        assert long_word in whole


def _printed(document: bytes, folder: Path) -> list[tuple[float, str]]:
    """Each word as poppler sees it on the paper, with where it ends, in points."""
    program = shutil.which("pdftotext")
    if program is None:
        pytest.skip("Wo Wörter auf dem Papier enden, sagt pdftotext: apt install poppler-utils")
    (folder / "it.pdf").write_bytes(document)
    subprocess.run([program, "-bbox", folder / "it.pdf", folder / "it.html"], check=True)
    words = re.findall(
        r'xMax="([0-9.]+)" yMax="[0-9.]+">([^<]*)<', (folder / "it.html").read_text()
    )
    return [(float(right), word) for right, word in words]


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("Đorđević Čerý Łukasz İpek Ðorn", "Đorđević Čerý Łukasz İpek Ðorn"),
        ("Gro\u0308\u00dfe", "Größe"),
        ("a\u202eb", "a[U+202E]b"),
        ("\u200fa\u2066", "[U+200F]a[U+2066]"),
        ("你", "[U+4F60]"),
        ("\x00\x07", "[U+0000][U+0007]"),
        ("\ud800", "[U+D800]"),
        ("eins\r\nzwei\rdrei", "eins\nzwei\ndrei"),
        ("Иван Γιώργος 🐶", "Иван Γιώργος 🐶"),
        ("שלום مرحبا", "שלום مرحبا"),
    ],
)
def test_what_has_no_shape_is_named(text, printed):
    assert pdf.printable(text) == printed


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_becomes_a_document(one, other):
    data = receipt(title=one or "x", text=other, addressee=[one, other])
    assert pdf.render("receipt", data).startswith(b"%PDF-1.7")


def test_threads_do_not_disturb_each_other():
    def work(number: int) -> str:
        return text_of(pdf.render("letter", {**_ready, "text": f"Brief Nummer {number}"}))

    _ready = {**letter(), "city": pdf._city()}
    with ThreadPoolExecutor(4) as threads:
        texts = list(threads.map(work, range(40)))
    assert [f"Brief Nummer {n}" in text for n, text in enumerate(texts)] == [True] * 40


def test_a_document_takes_less_than_300_milliseconds():
    pdf.render("decision", decision())
    started = time.perf_counter()
    for number in range(10):
        pdf.render("decision", decision(subject=f"Nummer {number}", reasons="Grund. " * 500))
    assert (time.perf_counter() - started) / 10 < 0.3


def test_unknown_templates_are_unknown():
    with pytest.raises(LookupError):
        pdf.render("house", letter())
    with pytest.raises(LookupError):
        pdf.render("../receipt", letter())

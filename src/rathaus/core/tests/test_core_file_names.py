"""Names of files: what misleads is gone, what means something stays."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rathaus.core.files.names import DIRECTION_MARKS, clean_name, ending


@pytest.mark.parametrize(
    ("given_name", "cleaned"),
    [
        ("Meldezettel.pdf", "Meldezettel.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\Größwang\\Foto vom Hund.jpg", "Foto vom Hund.jpg"),
        ("/abs/olut.pdf", "olut.pdf"),
        ("Rechnung\u202efdp.exe", "Rechnungfdp.exe"),
        ("a\x00b\x1fc\x7f.pdf", "abc.pdf"),
        ("zwei\r\nZeilen\t.pdf", "zwei Zeilen .pdf"),
        ("Gro\u0308\u00dfe.pdf", "Größe.pdf"),
        ("  .. Punkte. . ", "Punkte"),
        ("CON.pdf", "Datei-CON.pdf"),
        ("com1", "Datei-com1"),
        ("Kontakt.pdf", "Kontakt.pdf"),
        ('a<b>:"c|d?*.pdf', "a-b---c-d--.pdf"),
        ("👩‍👧 Familie.png", "👩‍👧 Familie.png"),
        ("تقرير.pdf", "تقرير.pdf"),
        ("", "Datei"),
        ("...", "Datei"),
        ("\u202e", "Datei"),
        ("x" * 10_000 + ".pdf", "x" * 146 + ".pdf"),
        ("x" * 10_000, "x" * 150),
        ("a." + "b" * 300, "a." + "b" * 148),
    ],
)
def test_names_become_what_people_meant(given_name, cleaned):
    assert clean_name(given_name) == cleaned


@given(st.text(max_size=400))
def test_any_name_becomes_a_safe_one_and_stays_so(text):
    name = clean_name(text)

    assert 1 <= len(name) <= 150
    assert not set('/\\<>:"|?*') & set(name)
    assert not DIRECTION_MARKS & set(name)
    assert not [sign for sign in name if unicodedata.category(sign) in ("Cc", "Cs")]
    assert name not in (".", "..")
    assert clean_name(name) == name


@pytest.mark.parametrize(
    ("name", "expected"), [("a.PDF", "pdf"), ("a.b.Jpg", "jpg"), ("a", ""), (".pdf", "")]
)
def test_the_ending_is_what_follows_the_last_dot(name, expected):
    assert ending(name) == expected

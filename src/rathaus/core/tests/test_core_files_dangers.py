"""What the file store refuses because it acts, hides or grows: scripts, locks, bombs, macros."""

import io
import zlib

import pikepdf
import pytest

from rathaus.core.files import EVERY_KIND, read_file, store
from rathaus.core.files.errors import DamagedFile, DangerousFile
from rathaus.core.models import StoredFile
from rathaus.core.tests.uploads import docx, pdf, picture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("folder")]


def test_a_picture_of_a_billion_dots_is_refused():
    small = bytearray(picture("PNG", (1, 1)))
    small[16:24] = (40_000).to_bytes(4, "big") * 2
    checksum = zlib.crc32(bytes(small[12:29]))
    small[29:33] = checksum.to_bytes(4, "big")

    with pytest.raises(DangerousFile) as refusal:
        store(bytes(small), name="Bombe.png")
    assert str(refusal.value.message).startswith("Das Bild ist mit 40000 × 40000 Bildpunkten")


def with_script(document):
    document.Root.OpenAction = pikepdf.Dictionary(
        S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)")
    )


def with_launch(document):
    document.pages[0].obj.AA = pikepdf.Dictionary(
        O=pikepdf.Dictionary(S=pikepdf.Name.Launch, F=pikepdf.String("cmd.exe"))
    )


def with_file(document):
    document.attachments["x.exe"] = b"MZ"


def with_form(document):
    document.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array(), XFA=pikepdf.String("x"))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (with_script, "Das PDF enthält ein Programm (JavaScript)."),
        (with_launch, "Das PDF will andere Programme starten."),
        (with_file, "Das PDF enthält weitere Dateien."),
        (with_form, "Das PDF enthält ein aktives Formular."),
    ],
)
def test_a_pdf_that_acts_is_refused(change, reason):
    with pytest.raises(DangerousFile) as refusal:
        store(pdf(change), name="Antrag.pdf")
    assert str(refusal.value.message) == (
        f"{reason} Bitte drucken Sie es neu als PDF und laden Sie das Ergebnis hoch."
    )
    assert StoredFile.objects.count() == 0


def packed_pdf(packed: bytes, filters: bytes, filter_object: bytes = b"null") -> bytes:
    """A PDF with one object inside an object stream, packed as told."""
    parts = [
        b"<</Type/Catalog/Pages 2 0 R/Hidden 4 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/Resources<<>>/MediaBox[0 0 9 9]>>",
        b"null",
        b"<</Type/ObjStm/N 1/First 4/Filter %b/Length %d>>stream\n%b\nendstream"
        % (filters, len(packed), packed),
        filter_object,
    ]
    out, places = io.BytesIO(), []
    out.write(b"%PDF-1.5\n")
    for number, part in enumerate(parts, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%b\nendobj\n" % (number, part))
    start = out.tell()
    rows = [(0, 0), *((1, place) for place in places), (1, start)]
    rows[4] = (2, 5)
    table = b"".join(bytes([kind]) + place.to_bytes(4, "big") + b"\0" for kind, place in rows)
    out.write(
        b"7 0 obj\n<</Type/XRef/Size 8/W[1 4 1]/Root 1 0 R/Length %d>>stream\n%b\nendstream\n"
        b"endobj\nstartxref\n%d\n%%%%EOF" % (len(table), table, start)
    )
    return out.getvalue()


def test_a_packed_pdf_is_taken():
    content = packed_pdf(zlib.compress(b"4 0 <</A 1>>"), b"/FlateDecode")
    assert read_file(store(content, name="gepackt.pdf")) == content


def test_a_pdf_that_unpacks_to_gigabytes_is_refused():
    packing = zlib.compressobj(9)
    bomb = packing.compress(b"4 0 <</A 1>>")
    bomb += b"".join(packing.compress(bytes(1024 * 1024)) for _ in range(300)) + packing.flush()

    with pytest.raises(DangerousFile) as refusal:
        store(packed_pdf(bomb, b"/FlateDecode"), name="Bombe.pdf")
    assert str(refusal.value.message).startswith("Die Datei ist entpackt ungewöhnlich groß.")


@pytest.mark.parametrize(
    ("filters", "filter_object"),
    [
        (b"/LZWDecode", b"null"),
        (b"/LZW", b"null"),
        (b"/L#5aW#44ecode", b"null"),
        (b"[/FlateDecode /LZWDecode]", b"null"),
        (b"6 0 R", b"/LZWDecode"),
        (b"[ /FlateDecode %hidden\n 6 0 R]", b"null"),
    ],
)
def test_a_pdf_packed_in_the_old_way_is_refused_unread(filters, filter_object):
    with pytest.raises(DangerousFile, match="auf veraltete Art gepackt"):
        store(packed_pdf(b"x", filters, filter_object), name="alt.pdf")


def test_a_locked_pdf_is_refused():
    document = pikepdf.new()
    document.add_blank_page()
    out = io.BytesIO()
    document.save(out, encryption=pikepdf.Encryption(user="geheim", owner="geheim"))

    with pytest.raises(DangerousFile) as refusal:
        store(out.getvalue(), name="Vertrag.pdf")
    assert str(refusal.value.message).startswith("Das PDF ist mit einem Kennwort geschützt.")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (docx(bomb=bytes(60 * 1024 * 1024)), "ungewöhnlich groß"),
        (docx(**{f"part{n}": b"" for n in range(2100)}), "ungewöhnlich groß"),
        (docx(**{"word/vbaProject.bin": b"x"}), "Makros"),
    ],
)
def test_bombs_and_macros_are_refused(content, words):
    with pytest.raises(DangerousFile, match=words):
        store(content, name="Brief.docx", allowed=EVERY_KIND)
    assert StoredFile.objects.count() == 0


def test_a_part_that_holds_more_than_it_declares_is_refused():
    honest = docx(bomb=b"a" * 5000)
    lying = honest.replace((5000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert lying != honest

    with pytest.raises(DamagedFile):
        store(lying, name="Brief.docx", allowed=EVERY_KIND)

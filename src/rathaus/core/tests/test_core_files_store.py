"""The file store: what comes in is looked at, cleaned, sealed; what is refused leaves nothing."""

import hashlib
import io
import os
import zipfile
import zlib
from datetime import timedelta
from pathlib import Path

import pikepdf
import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.db import transaction
from PIL import Image

from rathaus.core import clock
from rathaus.core.files import EVERY_KIND, PROOFS, FileRules, open_file, read_file, store
from rathaus.core.files.errors import (
    BrokenSeal,
    DamagedFile,
    DangerousFile,
    EmptyFile,
    FileTooLarge,
    WrongKind,
)
from rathaus.core.files.kinds import KINDS, PDF
from rathaus.core.files.sweep import sweep_orphans
from rathaus.core.models import StoredFile

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.FILES_DIRECTORY = tmp_path / "files"
    return settings.FILES_DIRECTORY


def pdf(change=lambda document: None) -> bytes:
    document = pikepdf.new()
    document.add_blank_page()
    change(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def picture(form="JPEG", size=(40, 20), **options) -> bytes:
    out = io.BytesIO()
    image = Image.new("RGB", size, (200, 30, 30))
    image.paste((30, 30, 200), (0, 0, size[0] // 2, size[1]))
    image.save(out, format=form, **options)
    return out.getvalue()


def archive(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return out.getvalue()


def docx(**parts: bytes) -> bytes:
    return archive({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>", **parts})


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_pdf_comes_back_byte_for_byte_and_lies_sealed(folder):
    content = pdf()
    stored = store(content, name="Meldezettel.pdf")

    assert read_file(stored) == content
    assert (stored.name, stored.content_type) == ("Meldezettel.pdf", "application/pdf")
    assert (stored.size, stored.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    [path] = files_in(folder)
    assert path.relative_to(folder).as_posix() == stored.storage_key
    assert path.stat().st_mode & 0o777 == 0o600
    assert b"PDF" not in path.read_bytes()


def test_a_large_upload_is_read_in_pieces():
    out = io.BytesIO()
    Image.frombytes("RGB", (700, 700), os.urandom(3 * 700 * 700)).save(out, "PNG")
    with TemporaryUploadedFile("Plan.png", "image/png", len(out.getvalue()), None) as upload:
        upload.write(out.getvalue())
        stored = store(upload)

    with open_file(stored) as stream:
        pieces = [len(piece) for piece in iter(lambda: stream.read(10_000), b"")]
    assert sum(pieces) == stored.size
    assert max(pieces) == 10_000


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (picture("PNG"), "Bild.png", "image/png"),
        (picture("WEBP"), "Bild.webp", "image/webp"),
        (picture(), "Bild.JPEG", "image/jpeg"),
        (docx(), "Brief.docx", KINDS["docx"].content_type),
        (
            archive({"[Content_Types].xml": b"<T/>", "xl/workbook.xml": b"<w/>"}),
            "Liste.xlsx",
            KINDS["xlsx"].content_type,
        ),
        (
            archive(
                {"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<x/>"}
            ),
            "Brief.odt",
            KINDS["odt"].content_type,
        ),
    ],
)
def test_every_known_kind_is_recognised_by_content(content, name, kind):
    assert store(content, name=name, allowed=EVERY_KIND).content_type == kind


def test_a_name_without_ending_gets_the_right_one():
    assert store(pdf(), name="Meldezettel").name == "Meldezettel.pdf"
    assert store(SimpleUploadedFile("../Foto", picture())).name == "Foto.jpg"


@pytest.mark.parametrize(
    ("content", "name", "error", "message"),
    [
        (b"", "leer.pdf", EmptyFile, "Die Datei ist leer. Bitte wählen Sie eine andere Datei."),
        (
            b"%PDF" + bytes(30 * 1024 * 1024),
            "gross.pdf",
            FileTooLarge,
            "Die Datei hat 30,0\xa0MB. Erlaubt sind höchstens 20,0\xa0MB. "
            "Bitte verkleinern oder teilen Sie sie.",
        ),
        (
            b"MZ" + bytes(500),
            "Rechnung.exe",
            WrongKind,
            "Dieser Dateityp ist hier nicht möglich. Erlaubt sind: PDF, JPG, PNG, WEBP.",
        ),
        (
            b"MZ" + bytes(500),
            "Rechnung.pdf",
            WrongKind,
            "Der Name endet auf „.pdf“, der Inhalt passt aber nicht dazu. "
            "Bitte speichern Sie die Datei neu oder wählen Sie eine andere.",
        ),
        (
            picture(),
            "Foto.pdf",
            WrongKind,
            "Der Name endet auf „.pdf“, der Inhalt ist aber eine Datei vom Typ JPG. "
            "Bitte prüfen Sie die Datei.",
        ),
        (docx(), "Brief.docx", WrongKind, None),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "Bild.svg", WrongKind, None),
        (b"<html><script>alert(1)</script>", "Seite.pdf", WrongKind, None),
        (archive({"a.txt": b"a"}), "Archiv.docx", WrongKind, None),
        (b"%PDF-1.7 und dann nichts", "kaputt.pdf", DamagedFile, None),
        (picture()[:200], "halb.jpg", DamagedFile, None),
    ],
)
def test_what_does_not_fit_is_refused_in_plain_words(content, name, error, message, folder):
    with pytest.raises(error) as refusal:
        store(content, name=name)

    assert message is None or str(refusal.value.message) == message
    assert StoredFile.objects.count() == 0
    assert not folder.exists()


def test_twenty_megabytes_are_taken(settings):
    rules = FileRules((PDF,))
    rules.check_size(20 * 1024 * 1024)

    with pytest.raises(FileTooLarge):
        rules.check_size(20 * 1024 * 1024 + 1)


def test_rules_are_made_of_kinds_and_endings():
    rules = FileRules.of(["pdf", "jpg", "jpeg"], max_bytes=5)

    assert [kind.slug for kind in rules.kinds] == ["pdf", "jpeg"]
    assert (rules.accept, rules.names, rules.limit) == (".pdf,.jpg,.jpeg", "PDF, JPG", 5)
    with pytest.raises(ValueError, match="unknown kind of file: exe"):
        FileRules.of(["exe"])


def photo_with_place() -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6  # held upright: to be turned by 90°
    exif[0x010F] = "Kamerabauer"
    exif.get_ifd(0x8825).update({1: "N", 2: (48.0, 14.0, 30.0), 3: "E", 4: (13.0, 30.0, 0.0)})
    return picture(exif=exif, comment=b"geheim", quality=95)


def test_a_photo_loses_its_place_and_stands_upright():
    content = photo_with_place()
    assert dict(Image.open(io.BytesIO(content)).getexif().get_ifd(0x8825)) != {}

    stored = store(content, name="Foto.jpg")

    kept = read_file(stored)
    with Image.open(io.BytesIO(kept)) as image:
        assert dict(image.getexif()) == {}
        assert "comment" not in image.info
        assert image.size == (20, 40)
        red, _green, blue = image.convert("RGB").getpixel((10, 2))
        assert blue > red  # what was on the left is on top now
    assert b"Kamerabauer" not in kept
    assert b"geheim" not in kept


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


def test_a_changed_file_does_not_open(folder):
    stored = store(pdf(), name="a.pdf")
    path = folder / stored.storage_key
    content = bytearray(path.read_bytes())
    content[-20] ^= 1
    path.write_bytes(bytes(content))

    with pytest.raises(BrokenSeal):
        read_file(stored)


def test_two_files_cannot_be_exchanged(folder):
    one, other = store(pdf(), name="a.pdf"), store(pdf(), name="b.pdf")
    (folder / one.storage_key).write_bytes((folder / other.storage_key).read_bytes())

    with pytest.raises(BrokenSeal):
        read_file(one)
    assert read_file(other).startswith(b"%PDF")


class Refused(Exception):
    """Something later in the action went wrong."""


@transaction.atomic
def store_and_fail() -> None:
    store(pdf(), name="verworfen.pdf")
    raise Refused


def test_what_a_failed_transaction_leaves_is_swept_after_a_day(folder):
    kept = store(pdf(), name="bleibt.pdf")
    with pytest.raises(Refused):
        store_and_fail()
    assert [file.name for file in StoredFile.objects.all()] == ["bleibt.pdf"]
    assert len(files_in(folder)) == 2

    assert sweep_orphans() == 0
    with time_machine.travel(clock.now() + timedelta(hours=25)):
        assert sweep_orphans() == 1
        assert sweep_orphans() == 0
    assert [path.name for path in files_in(folder)] == [kept.storage_key.split("/")[1]]
    assert read_file(kept).startswith(b"%PDF")


def test_a_full_disk_leaves_no_half_file(folder, monkeypatch):
    def no_room(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("rathaus.core.files.storage.os.fsync", no_room)
    with pytest.raises(OSError, match="No space left"):
        store(pdf(), name="a.pdf", allowed=PROOFS)

    assert files_in(folder) == []
    assert StoredFile.objects.count() == 0

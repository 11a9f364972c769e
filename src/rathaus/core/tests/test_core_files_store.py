"""What the file store takes, how it lies there, and what comes back."""

import hashlib
import io
import os
from datetime import timedelta
from pathlib import Path

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
    EmptyFile,
    FileTooLarge,
    WrongKind,
)
from rathaus.core.files.kinds import KINDS, PDF
from rathaus.core.files.sweep import sweep_orphans
from rathaus.core.models import StoredFile
from rathaus.core.tests.uploads import archive, docx, pdf, picture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("folder")]


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

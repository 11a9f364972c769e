"""The kinds of files the house knows, recognised by content and never by name."""

import zipfile
from dataclasses import dataclass
from typing import BinaryIO

import filetype  # type: ignore[import-untyped]  # the package has no types

from rathaus.core.zips import CANNOT_READ


@dataclass(frozen=True)
class Kind:
    """A kind of file; `endings[0]` is the usual one."""

    slug: str
    content_type: str
    endings: tuple[str, ...]


PDF = Kind("pdf", "application/pdf", ("pdf",))
JPEG = Kind("jpeg", "image/jpeg", ("jpg", "jpeg"))
PNG = Kind("png", "image/png", ("png",))
WEBP = Kind("webp", "image/webp", ("webp",))
DOCX = Kind(
    "docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ("docx",)
)
XLSX = Kind("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ("xlsx",))
ODT = Kind("odt", "application/vnd.oasis.opendocument.text", ("odt",))
ODS = Kind("ods", "application/vnd.oasis.opendocument.spreadsheet", ("ods",))

IMAGES = (JPEG, PNG, WEBP)
OFFICE = (DOCX, XLSX, ODT, ODS)
KINDS = {kind.slug: kind for kind in (PDF, *IMAGES, *OFFICE)}

_BY_CONTENT_TYPE = {kind.content_type: kind for kind in (PDF, *IMAGES)}
_MAIN_PART = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX}
_HEAD = 8192


def kind_of(content: BinaryIO) -> Kind | None:
    """What the content is, or `None` for what the house does not know; rewinds the stream."""
    content.seek(0)
    head = content.read(_HEAD)
    content.seek(0)
    if head.startswith(b"PK\x03\x04"):
        return _office_kind(content)
    guess = filetype.guess(head)
    return _BY_CONTENT_TYPE.get(guess.mime) if guess else None


def _office_kind(content: BinaryIO) -> Kind | None:
    try:
        with zipfile.ZipFile(content) as archive:
            return _by_parts(archive)
    except CANNOT_READ:
        return None
    finally:
        content.seek(0)


def _by_parts(archive: zipfile.ZipFile) -> Kind | None:
    names = set(archive.namelist())
    if "[Content_Types].xml" in names:
        return next((kind for part, kind in _MAIN_PART.items() if part in names), None)
    if "mimetype" not in names or archive.getinfo("mimetype").file_size > 100:
        return None
    declared = archive.read("mimetype").decode("ascii", "replace").strip()
    return next((kind for kind in (ODT, ODS) if kind.content_type == declared), None)

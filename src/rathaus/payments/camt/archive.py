"""The documents in what a bank hands over: one file of XML, or an archive of them, in bounds."""

import io
import zipfile
from collections.abc import Iterator

from rathaus.core.zips import CANNOT_READ
from rathaus.payments.camt.document import LARGEST
from rathaus.payments.camt.faults import BadStatement, Fault

MOST_DOCUMENTS = 500
MOST_BYTES = 100 * 1024 * 1024
MOST_RATIO = 200
_RATIO_FROM = 1024 * 1024
_ENCRYPTED = 0x1


def documents_in(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Each document with its name within the archive (empty for a file that is none).

    Raises `BadStatement`, also for an archive in an archive, or one that grows too much.
    """
    if len(content) > LARGEST:
        raise BadStatement(Fault.TOO_LARGE)
    if not content.startswith(b"PK"):
        yield "", content
        return
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for part in _parts(archive):
                yield part.filename, _unpacked(archive, part)
    except CANNOT_READ as error:
        if isinstance(error, BadStatement):  # which is a ValueError too
            raise
        raise BadStatement(Fault.BROKEN_ARCHIVE) from error


def _parts(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    parts = [
        part
        for part in archive.infolist()
        if not part.is_dir() and not part.filename.startswith("__MACOSX/")
    ]
    packed = sum(part.compress_size for part in parts)
    unpacked = sum(part.file_size for part in parts)
    swollen = unpacked > _RATIO_FROM and unpacked > MOST_RATIO * max(packed, 1)
    if len(parts) > MOST_DOCUMENTS or unpacked > MOST_BYTES or swollen:
        raise BadStatement(Fault.SWOLLEN_ARCHIVE)
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        raise BadStatement(Fault.LOCKED_ARCHIVE)
    if not parts:
        raise BadStatement(Fault.NO_DOCUMENT)
    return sorted(parts, key=lambda part: part.filename)


def _unpacked(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    """The bytes of one part; never more than the house takes, whatever the archive declares."""
    with archive.open(part) as stream:
        content = stream.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise BadStatement(Fault.TOO_LARGE, document=part.filename)
    return content

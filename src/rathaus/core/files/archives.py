"""Office documents are zip archives: checked for bombs, locks and macros before they are kept."""

import zipfile
from typing import BinaryIO

from django.utils.translation import gettext as _

from rathaus.core.files.errors import DamagedFile, DangerousFile
from rathaus.core.zips import CANNOT_READ

MOST_PARTS = 2_000
MOST_BYTES = 100 * 1024 * 1024
MOST_RATIO = 100
RATIO_FROM = 1024 * 1024
_CHUNK = 1024 * 1024
_MACROS = ("vbaproject.bin", "vbadata.xml")
_MACRO_FOLDERS = ("basic/", "scripts/")
_ENCRYPTED = 0x1


def check_office(content: BinaryIO) -> None:
    """Raise `DangerousFile` for bombs, macros and locks, `DamagedFile` for what is broken."""
    try:
        with zipfile.ZipFile(content) as archive:
            parts = archive.infolist()
            _check_declared(parts)
            _check_macros(parts)
            _check_real(archive, parts)
    except CANNOT_READ as error:
        raise DamagedFile from error
    finally:
        content.seek(0)


def _check_declared(parts: list[zipfile.ZipInfo]) -> None:
    packed = sum(part.compress_size for part in parts)
    unpacked = sum(part.file_size for part in parts)
    swollen = unpacked > RATIO_FROM and unpacked > MOST_RATIO * max(packed, 1)
    if len(parts) > MOST_PARTS or unpacked > MOST_BYTES or swollen:
        raise DangerousFile(
            _("Die Datei ist entpackt ungewöhnlich groß und wird deshalb nicht angenommen.")
        )
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        raise DangerousFile(
            _("Die Datei ist mit einem Kennwort geschützt. Bitte speichern Sie sie ohne Kennwort.")
        )


def _check_macros(parts: list[zipfile.ZipInfo]) -> None:
    names = [part.filename.lower() for part in parts]
    if any(name.endswith(_MACROS) or name.startswith(_MACRO_FOLDERS) for name in names):
        raise DangerousFile(
            _("Die Datei enthält Makros. Bitte speichern Sie sie ohne Makros oder als PDF.")
        )


def _check_real(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> None:
    """Unpack everything once: a part that holds more than it declares fails its checksum here."""
    for part in parts:
        with archive.open(part) as stream:
            while stream.read(_CHUNK):
                pass

"""The file store: looks inside a file before taking it, keeps it sealed, gives it back unchanged.

Whose a file is and who may open it is asked by the domain that points to it, never here.
"""

from __future__ import annotations

import hashlib
import io
from typing import BinaryIO, cast
from uuid import uuid4

from django.core.files.base import File
from django.core.files.uploadedfile import UploadedFile

from rathaus.core.files.archives import check_office
from rathaus.core.files.envelope import FRAME, OpenedReader, SealedReader, house_key
from rathaus.core.files.errors import BrokenSeal
from rathaus.core.files.images import without_metadata
from rathaus.core.files.kinds import IMAGES, OFFICE, PDF, Kind, kind_of
from rathaus.core.files.names import clean_name, ending
from rathaus.core.files.portable_documents import check_pdf
from rathaus.core.files.rules import EVERY_KIND, PROOFS, FileRules
from rathaus.core.files.storage import file_store
from rathaus.core.files.virus_scan import check_clean
from rathaus.core.models import StoredFile

__all__ = ["EVERY_KIND", "PROOFS", "FileRules", "open_file", "read_file", "store"]


def store(
    upload: UploadedFile[bytes] | bytes, *, name: str = "", allowed: FileRules = PROOFS
) -> StoredFile:
    """Check a file by its content, clean it, seal it, and write its row.

    The bytes are on the disk before the row commits; if the transaction fails, the nightly job
    sweeps them away. Raises the errors of `rathaus.core.files.errors`, each with a sentence for the
    person; nothing is kept then.
    """
    content, given_name = _opened(upload)
    allowed.check_size(_size(content))
    cleaned_name = clean_name(name or given_name)
    kind = allowed.check_kind(kind_of(content), cleaned_name)
    check_clean(content)
    return _keep(_cleaned(content, kind), kind, _with_ending(cleaned_name, kind))


def open_file(stored: StoredFile) -> BinaryIO:
    """The plain bytes as a stream; reading raises `BrokenSeal` where anything was changed."""
    sealed = cast(BinaryIO, file_store().open(stored.storage_key))
    try:
        plain = OpenedReader(sealed, key=house_key(), place=stored.storage_key)
    except BrokenSeal:
        sealed.close()
        raise
    return cast(BinaryIO, io.BufferedReader(plain, FRAME))


def read_file(stored: StoredFile) -> bytes:
    """The plain bytes at once, for small files: a mail's attachment, a page's picture."""
    with open_file(stored) as stream:
        return stream.read()


def _opened(upload: UploadedFile[bytes] | bytes) -> tuple[BinaryIO, str]:
    if isinstance(upload, bytes):
        return io.BytesIO(upload), ""
    upload.seek(0)
    return cast(BinaryIO, upload.file), upload.name or ""


def _size(content: BinaryIO) -> int:
    size = content.seek(0, io.SEEK_END)
    content.seek(0)
    return size


def _cleaned(content: BinaryIO, kind: Kind) -> BinaryIO:
    if kind in IMAGES:
        return without_metadata(content, kind.slug)
    if kind is PDF:
        check_pdf(content)
    elif kind in OFFICE:
        check_office(content)
    return content


def _with_ending(name: str, kind: Kind) -> str:
    return name if ending(name) in kind.endings else clean_name(f"{name}.{kind.endings[0]}")


def _keep(content: BinaryIO, kind: Kind, name: str) -> StoredFile:
    number = uuid4()
    place = f"{number.hex[:2]}/{number.hex}"
    digest = hashlib.file_digest(cast(io.BytesIO, content), "sha256").hexdigest()
    size = _size(content)
    sealed = SealedReader(content, key=house_key(), place=place)
    file_store().save(place, File(cast(BinaryIO, sealed)))
    return StoredFile.objects.create(
        id=number,
        name=name,
        content_type=kind.content_type,
        size=size,
        sha256=digest,
        storage_key=place,
    )

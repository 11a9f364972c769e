"""Where sealed files lie: a Django storage, by default a directory without half-written files."""

from __future__ import annotations

import os
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, Storage, storages


class DurableFileStorage(FileSystemStorage):
    """Writes beside the target, forces the bytes to the disk, then renames: whole or not there."""

    def _save(self, name: str, content: File[bytes]) -> str:
        target = Path(self.path(name))
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished = target.with_name(f".{target.name}.{uuid4().hex}")
        try:
            with open(
                os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb"
            ) as file:
                for chunk in content.chunks():
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            unfinished.rename(target)
        finally:
            unfinished.unlink(missing_ok=True)
        _force_directory(target.parent)
        return name


def file_store() -> Storage:
    """The storage called `files` in the settings (an object store, say), else `FILES_DIRECTORY`."""
    if "files" in settings.STORAGES:
        return storages["files"]
    return DurableFileStorage(location=settings.FILES_DIRECTORY)


def _force_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

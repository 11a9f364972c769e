"""Zip archives of other people."""

import zipfile
import zlib

CANNOT_READ = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,  # a way of packing that Python does not know
)
"""What `zipfile` raises where an archive is damaged, cut off or packed in another way."""

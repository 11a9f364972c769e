"""Keeps a small PDF from becoming gigabytes while it is read.

The PDF library stops at a set size for every way of packing but one, LZW, which nothing has written
since the nineties: it is looked for in the raw bytes, in every spelling, before anybody unpacks.
"""

import re
from functools import cache
from typing import BinaryIO

from django.utils.translation import gettext as _
from pikepdf import settings

from rathaus.core.files.errors import DangerousFile

MOST_UNPACKED = 64 * 1024 * 1024
MOST_WARNINGS = 100
MOST_FILTERS = 4


def limit_library() -> None:
    """Set the limits of the PDF library, which hold for the whole process."""
    settings.set_qpdf_limits(
        flate_max_memory=MOST_UNPACKED,
        run_length_max_memory=MOST_UNPACKED,
        png_max_memory=MOST_UNPACKED,
        tiff_max_memory=MOST_UNPACKED,
        dct_max_memory=MOST_UNPACKED,
        max_stream_filters=MOST_FILTERS,
        doc_max_warnings=MOST_WARNINGS,
    )


def check_packing(content: BinaryIO) -> None:
    """Raise `DangerousFile` where LZW is used or could hide behind a reference; rewinds."""
    content.seek(0)
    found = _suspicious().search(content.read())
    content.seek(0)
    if found:
        raise DangerousFile(
            _("Das PDF ist auf veraltete Art gepackt. Bitte drucken Sie es neu als PDF.")
        )


@cache
def _suspicious() -> re.Pattern[bytes]:
    space = rb"(?:[\s\0]|%[^\r\n]*[\r\n])"
    name = rb"/[^\s/\[\]<>()%\0]*"
    lzw = _spelled(b"LZW") + rb"(?:" + _spelled(b"Decode") + rb"|(?=[\s/>\]\0]))"
    by_reference = _spelled(b"Filter") + space + rb"*(?:\[(?:" + space + rb"|" + name + rb")*)?\d"
    return re.compile(rb"/(?:" + lzw + rb"|" + by_reference + rb")")


def _spelled(word: bytes) -> bytes:
    """A pattern for the word with any of its letters written as `#xx`, as PDF names allow."""
    return b"".join(b"(?:%c|(?i:#%02x))" % (letter, letter) for letter in word)

"""Which characters a TrueType font can draw: its table `cmap`, formats 4 and 12 (OpenType 1.9)."""

import struct
from collections.abc import Iterator
from pathlib import Path

_UNICODE = {(0, 3), (0, 4), (0, 6), (3, 1), (3, 10)}


def drawable(font: Path) -> frozenset[int]:
    """The code points for which the font has a sign of its own. Raises `ValueError` if broken."""
    content = font.read_bytes()
    start = _table(content, b"cmap")
    count = struct.unpack_from(">H", content, start + 2)[0]
    points: set[int] = set()
    for index in range(count):
        platform, encoding, offset = struct.unpack_from(">HHI", content, start + 4 + 8 * index)
        if (platform, encoding) in _UNICODE:
            points.update(_points(content, start + offset))
    return frozenset(points)


def _table(content: bytes, name: bytes) -> int:
    count = struct.unpack_from(">H", content, 4)[0]
    for index in range(count):
        tag, _sum, offset, _length = struct.unpack_from(">4sIII", content, 12 + 16 * index)
        if tag == name:
            return int(offset)
    raise ValueError(f"no table {name!r}")


def _points(content: bytes, start: int) -> Iterator[int]:
    form = struct.unpack_from(">H", content, start)[0]
    if form == 4:
        yield from _segments(content, start)
    elif form == 12:
        groups = struct.unpack_from(">I", content, start + 12)[0]
        for index in range(groups):
            first, last, _glyph = struct.unpack_from(">III", content, start + 16 + 12 * index)
            yield from range(first, last + 1)


def _segments(content: bytes, start: int) -> Iterator[int]:
    """Format 4: parallel lists of ends, starts, differences and offsets; sign 0 means none."""
    double = struct.unpack_from(">H", content, start + 6)[0]
    for at in range(0, double, 2):
        last = struct.unpack_from(">H", content, start + 14 + at)[0]
        first = struct.unpack_from(">H", content, start + 16 + double + at)[0]
        difference = struct.unpack_from(">H", content, start + 16 + 2 * double + at)[0]
        place = start + 16 + 3 * double + at
        offset = struct.unpack_from(">H", content, place)[0]
        for point in range(first, min(last, 0xFFFE) + 1):
            sign = (
                point
                if offset == 0
                else struct.unpack_from(">H", content, place + offset + 2 * (point - first))[0]
            )
            if sign and (sign + difference) & 0xFFFF:
                yield point

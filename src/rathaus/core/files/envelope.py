"""Sealing of files at rest: AES-256-GCM with a key per file, wrapped by the key of the
installation.

A sealed file is `RHF1`, the wrapped key, then frames of 64 KiB. The number of a frame and whether
it is the last are part of its nonce (the STREAM construction), so that a frame changed, moved,
repeated or cut off is noticed. The wrapped key is bound to the place where the file is stored, so
that two files cannot be exchanged either.
"""

import io
import os
from functools import cache
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from rathaus.core.files.errors import BrokenSeal

MAGIC = b"RHF1"
NONCE = 12
TAG = 16
KEY = 32
FRAME = 64 * 1024
HEADER = len(MAGIC) + NONCE + KEY + TAG


def house_key() -> bytes:
    """The 32 bytes that wrap every file's own key, drawn from the installation's secret."""
    return _drawn(settings.FILE_ENCRYPTION_KEY)


@cache
def _drawn(secret: str) -> bytes:
    return HKDF(SHA256(), KEY, salt=None, info=b"rathaus.core.files").derive(secret.encode())


class SealedReader(io.RawIOBase):
    """Reads a plain stream as its sealed bytes, one frame at a time."""

    def __init__(self, plain: BinaryIO, *, key: bytes, place: str) -> None:
        super().__init__()
        file_key = AESGCM.generate_key(bit_length=256)
        nonce = os.urandom(NONCE)
        wrapped = AESGCM(key).encrypt(nonce, file_key, MAGIC + place.encode())
        self._frames = _Frames(plain, FRAME)
        self._cipher = AESGCM(file_key)
        self._ready = MAGIC + nonce + wrapped

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # typeshed asks for any writable buffer
        """Fill the buffer with the next sealed bytes."""
        if not self._ready and (frame := self._frames.next()) is not None:
            number, content, is_last = frame
            self._ready = self._cipher.encrypt(_nonce(number, is_last), content, None)
        self._ready, count = _hand_out(self._ready, buffer)
        return count


class OpenedReader(io.RawIOBase):
    """Reads a sealed stream as its plain bytes; `BrokenSeal` comes before any wrong byte."""

    def __init__(self, sealed: BinaryIO, *, key: bytes, place: str) -> None:
        super().__init__()
        self._sealed = sealed  # before anything can fail: a half-made reader is closed as well
        header = sealed.read(HEADER)
        nonce, wrapped = header[len(MAGIC) : len(MAGIC) + NONCE], header[len(MAGIC) + NONCE :]
        if not header.startswith(MAGIC) or len(header) != HEADER:
            raise BrokenSeal(place)
        self._place = place
        self._cipher = AESGCM(
            _decrypted(AESGCM(key), nonce, wrapped, MAGIC + place.encode(), place)
        )
        self._frames = _Frames(sealed, FRAME + TAG)
        self._ready = b""

    def readable(self) -> bool:
        """Always."""
        return True

    def close(self) -> None:
        """Close the sealed stream too."""
        self._sealed.close()
        super().close()

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # typeshed asks for any writable buffer
        """Fill the buffer with the next plain bytes."""
        while not self._ready and (frame := self._frames.next()) is not None:
            number, content, is_last = frame
            self._ready = _decrypted(
                self._cipher, _nonce(number, is_last), content, None, self._place
            )
        self._ready, count = _hand_out(self._ready, buffer)
        return count


class _Frames:
    """Cuts a stream into numbered pieces, the last one marked; nothing becomes one empty piece."""

    def __init__(self, stream: BinaryIO, size: int) -> None:
        self._stream = stream
        self._size = size
        self._number = 0
        self._following: bytes | None = stream.read(size)

    def next(self) -> tuple[int, bytes, bool] | None:
        if self._following is None:
            return None
        number, content = self._number, self._following
        following = self._stream.read(self._size) if len(content) == self._size else b""
        self._number, self._following = number + 1, following or None
        return number, content, not following


def _nonce(number: int, is_last: bool) -> bytes:
    return number.to_bytes(NONCE - 1, "big") + bytes([is_last])


def _decrypted(
    cipher: AESGCM, nonce: bytes, content: bytes, bound_to: bytes | None, place: str
) -> bytes:
    try:
        return cipher.decrypt(nonce, content, bound_to)
    except (InvalidTag, ValueError) as error:
        raise BrokenSeal(place) from error


def _hand_out(ready: bytes, buffer: memoryview) -> tuple[bytes, int]:
    count = min(len(ready), len(buffer))
    buffer[:count] = ready[:count]
    return ready[count:], count

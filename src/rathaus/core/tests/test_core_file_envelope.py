"""Sealed files: any change of any byte is noticed before a wrong byte is handed out."""

import io
import os

import pytest

from rathaus.core.files.envelope import FRAME, HEADER, TAG, OpenedReader, SealedReader
from rathaus.core.files.errors import BrokenSeal

KEY = bytes(range(32))


def seal(content, place="ab/place", key=KEY):
    return SealedReader(io.BytesIO(content), key=key, place=place).read()


def unseal(sealed, place="ab/place", key=KEY):
    return OpenedReader(io.BytesIO(sealed), key=key, place=place).read()


@pytest.mark.parametrize("size", [0, 1, FRAME - 1, FRAME, FRAME + 1, 3 * FRAME, 3 * FRAME + 7])
def test_what_was_sealed_comes_back(size):
    content = os.urandom(size)
    sealed = seal(content)

    assert unseal(sealed) == content
    assert len(sealed) == HEADER + size + TAG * max(1, -(-size // FRAME))


def test_the_same_content_never_looks_the_same():
    assert seal(b"x" * 1000) != seal(b"x" * 1000)


def test_the_content_is_not_in_it():
    assert b"Maria" not in seal(b"Maria" * 1000)


@pytest.mark.parametrize(
    "position", [0, 4, 16, HEADER - 1, HEADER, HEADER + FRAME, HEADER + FRAME + TAG, -1]
)
def test_one_turned_bit_is_noticed(position):
    sealed = bytearray(seal(b"a" * (FRAME + 500)))
    sealed[position] ^= 1

    with pytest.raises(BrokenSeal):
        unseal(bytes(sealed))


@pytest.mark.parametrize("length", [0, 3, HEADER - 1, HEADER, HEADER + 5, HEADER + FRAME + TAG])
def test_a_cut_file_is_noticed(length):
    with pytest.raises(BrokenSeal):
        unseal(seal(b"a" * (FRAME + 500))[:length])


def test_exchanged_doubled_and_appended_frames_are_noticed():
    sealed = seal(os.urandom(3 * FRAME))
    size = FRAME + TAG
    head, frames = (
        sealed[:HEADER],
        [sealed[HEADER + n * size : HEADER + (n + 1) * size] for n in range(3)],
    )

    for order in ([1, 0, 2], [0, 0, 2], [0, 2], [0, 1, 2, 2], [0, 1]):
        with pytest.raises(BrokenSeal):
            unseal(head + b"".join(frames[n] for n in order))


def test_a_file_in_the_place_of_another_is_noticed():
    with pytest.raises(BrokenSeal):
        unseal(seal(b"a", place="ab/one"), place="ab/two")


def test_without_the_key_nothing_opens():
    with pytest.raises(BrokenSeal):
        unseal(seal(b"a"), key=bytes(32))


def test_the_frames_before_a_broken_one_are_still_right():
    content = os.urandom(2 * FRAME)
    sealed = bytearray(seal(content))
    sealed[-1] ^= 1
    reader = OpenedReader(io.BytesIO(bytes(sealed)), key=KEY, place="ab/place")

    assert reader.read(FRAME) == content[:FRAME]
    with pytest.raises(BrokenSeal):
        reader.read(1)

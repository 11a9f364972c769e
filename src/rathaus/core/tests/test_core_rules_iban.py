"""Numbers of accounts: examples of banks, and every mistake that people make in typing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rathaus.core.iban import bare_iban, is_bic, is_iban, printed_iban

PUBLISHED = "AT611904300234573201"


@pytest.mark.parametrize(
    "known", ["AT61 1904 3002 3457 3201", "de89370400440532013000", "GB82WEST12345698765432"]
)
def test_examples_of_banks(known: str) -> None:
    assert is_iban(known)


@pytest.mark.parametrize(
    "wrong", ["", "AT61", "AT611904300234573202", "AT6119043002345732010", "6119", "AT61-1904"]
)
def test_what_is_none(wrong: str) -> None:
    assert not is_iban(wrong)


@given(st.integers(4, 19), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(place: int, shift: int) -> None:
    digit = (int(PUBLISHED[place]) + shift) % 10
    assert not is_iban(f"{PUBLISHED[:place]}{digit}{PUBLISHED[place + 1 :]}")


def test_people_read_groups_of_four() -> None:
    assert printed_iban(PUBLISHED) == "AT61 1904 3002 3457 3201"
    assert bare_iban(printed_iban(PUBLISHED).lower()) == PUBLISHED


@pytest.mark.parametrize(
    ("text", "expected"),
    [("BKAUATWW", True), ("BKAUATWWXXX", True), ("BKAUATW", False), ("bkauatww", False)],
)
def test_banks(text: str, expected: bool) -> None:
    assert is_bic(text) is expected

"""What an IBAN is."""

import pytest

from rathaus.core.iban import compact, is_bic, is_iban, printed, readable


@pytest.mark.parametrize(
    "number", ["AT61190430023457320", "AT6119043002345732010", "aT61", "AT61!"]
)
def test_shape_and_length_both_count(number):
    assert is_iban(number) is False


def test_right_check_digits_do_not_excuse_a_wrong_length():
    assert is_iban("AT611904300234573201") is True
    assert is_iban("XX" + "00" + "0" * 16) is False
    short = next(f"AT{check:02d}{'1' * 15}" for check in range(98) if _checks(check, "1" * 15))
    assert is_iban(short) is False


def _checks(check: int, rest: str) -> bool:
    return int(f"{rest}1029{check:02d}") % 97 == 1


def test_people_read_groups_of_four() -> None:
    assert printed("AT611904300234573201") == "AT61 1904 3002 3457 3201"
    assert readable("at611904300234573201") == "AT61 1904 3002 3457 3201"
    assert (readable("4711-0815"), readable("")) == ("4711-0815", "")
    assert compact(" at61 1904 3002 3457 3201\n") == "AT611904300234573201"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("BKAUATWW", True), ("BKAUATWWXXX", True), ("BKAUATW", False), ("bkauatww", False)],
)
def test_banks(text: str, expected: bool) -> None:
    assert is_bic(text) is expected

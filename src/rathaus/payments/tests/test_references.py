"""Payment references after ISO 11649, against examples of others and against typing mistakes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rathaus.payments.references import (
    bare_reference,
    is_reference,
    printed_reference,
    reference_of,
)

numbers = st.integers(min_value=1, max_value=10**10 - 1)


@pytest.mark.parametrize(
    "published", ["RF18 5390 0754 7034", "RF45G72UUR", "rf712348231", "RF471234567890"]
)
def test_examples_of_others_are_taken_as_people_write_them(published: str) -> None:
    assert is_reference(published)


@pytest.mark.parametrize(
    "wrong", ["", "RF", "RF19539007547034", "XX18539007547034", "RF18é", "RF18"]
)
def test_what_is_none_is_refused(wrong: str) -> None:
    assert not is_reference(wrong)


@given(numbers)
def test_ours_are_valid_and_survive_print(number: int) -> None:
    reference = reference_of(number)
    assert is_reference(reference)
    assert bare_reference(printed_reference(reference)) == reference


@given(numbers, st.integers(2, 13), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(number: int, place: int, shift: int) -> None:
    right = reference_of(number)
    digit = (int(right[place]) + shift) % 10
    assert not is_reference(f"{right[:place]}{digit}{right[place + 1 :]}")


@given(numbers, st.integers(2, 12))
def test_two_digits_that_changed_places_are_noticed(number: int, place: int) -> None:
    right = reference_of(number)
    swapped = right[:place] + right[place + 1] + right[place] + right[place + 2 :]
    assert is_reference(swapped) is (swapped == right)


@pytest.mark.parametrize("number", [0, -1, 10**10])
def test_only_ten_digits_can_be_numbered(number: int) -> None:
    with pytest.raises(ValueError, match="no running number"):
        reference_of(number)

"""Payment references after ISO 11649, against examples of others and against typing mistakes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rathaus.payments.references import (
    MOST,
    bare_reference,
    corrected,
    is_ours,
    is_reference,
    printed_reference,
    reference_of,
)
from rathaus.payments.tests.mistyping import mistyped

numbers = st.integers(min_value=1, max_value=MOST)


@pytest.mark.parametrize(
    "published", ["RF18 5390 0754 7034", "RF45G72UUR", "rf712348231", "RF471234567890"]
)
def test_examples_of_others_are_taken_as_people_write_them(published: str) -> None:
    assert is_reference(published)
    assert not is_ours(bare_reference(published))


@pytest.mark.parametrize(
    "wrong", ["", "RF", "RF19539007547034", "XX18539007547034", "RF18é", "RF18", "RF١٨539007547034"]
)
def test_what_is_none_is_refused(wrong: str) -> None:
    assert not is_reference(wrong)
    assert not is_ours(wrong)


def test_a_number_has_always_the_same_reference() -> None:
    assert reference_of(1) == "RF09618033995149"
    assert printed_reference(reference_of(2)) == "RF20 2360 6798 6360"


@given(numbers)
def test_ours_are_valid_and_survive_print(number: int) -> None:
    reference = reference_of(number)
    assert is_reference(reference)
    assert is_ours(reference)
    assert bare_reference(printed_reference(reference)) == reference


def test_numbers_share_no_reference() -> None:
    assert len({reference_of(number) for number in range(1, 100_000)}) == 99_999


@given(numbers, st.data())
def test_one_mistake_is_noticed_and_leads_back(number: int, data: st.DataObject) -> None:
    right = reference_of(number)
    wrong = data.draw(st.sampled_from(sorted(mistyped(right[2:]))))
    assert not is_ours(f"RF{wrong}")
    assert right in corrected(wrong)


def test_any_two_of_a_row_are_three_mistakes_apart() -> None:
    """What one mistake makes of one is made of no other."""
    owner: dict[str, str] = {}
    for number in range(1, 300):
        digits = reference_of(number)[2:]
        for wrong in mistyped(digits):
            assert owner.setdefault(wrong, digits) == digits


@pytest.mark.parametrize("number", [0, -1, MOST + 1])
def test_only_eight_digits_can_be_numbered(number: int) -> None:
    with pytest.raises(ValueError, match="no running number"):
        reference_of(number)


@pytest.mark.parametrize(("checks", "the_same_of_97"), [("98", "01"), ("02", "99")])
def test_check_digits_lie_between_2_and_98(checks: str, the_same_of_97: str) -> None:
    some = (reference_of(number) for number in range(1, 5_000))
    ours = next(reference for reference in some if reference[2:4] == checks)
    assert is_ours(ours)
    assert not is_ours(f"RF{the_same_of_97}{ours[4:]}")


def test_the_largest_number_has_one() -> None:
    assert is_ours(reference_of(MOST))


@pytest.mark.parametrize("too_far", ["096180339951", "0961803399514900", "", "٠٩٦١٨٠٣٣٩٩٥١٤٩"])
def test_what_is_further_away_than_one_mistake_leads_nowhere(too_far: str) -> None:
    assert corrected(too_far) == frozenset()

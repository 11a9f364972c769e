"""Where money belongs: never to a wrong claim without a person."""

from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rathaus.core.money import Money
from rathaus.payments.incoming import Part
from rathaus.payments.matching import (
    Decision,
    Doubt,
    Known,
    Open,
    Paid,
    Reading,
    Way,
    decide,
    read,
    shares,
)
from rathaus.payments.mentions import Mentions
from rathaus.payments.references import printed_reference, reference_of
from rathaus.payments.tests.mistyping import mistyped

SPACE = UUID(int=0)


def claim(name: str, cents: int, currency: str = "EUR") -> Open:
    return Open(uuid5(SPACE, name), Money(cents, currency))


def known(number: int, *claims: Open) -> Known:
    return Known(reference_of(number), claims)


DOG, TICKET, PAID = claim("dog", 5_000), claim("ticket", 3_000), claim("paid", 0)
BOOK = {
    one.reference: one
    for one in (
        known(1, DOG),
        known(2, TICKET),
        known(3, PAID),
        known(4, DOG, TICKET),
        known(5, claim("franc", 5_000, "CHF")),
    )
}
RIGHT = {number: reference_of(number) for number in range(1, 10)}
WRONG = {number: right[:-1] + str((int(right[-1]) + 1) % 10) for number, right in RIGHT.items()}


def decided(paid: Paid, earlier: tuple[Known, ...] = ()) -> Decision:
    reading = read(paid)
    found = {one: BOOK[one] for one in reading.references if one in BOOK}
    return decide(paid, reading, found, earlier)


def paid(cents: int, text: str = "", **fields: object) -> Paid:
    return Paid(Money(cents), texts=(text,) if text else (), **fields)  # type: ignore[arg-type]  # tests name what they need


def certain(way: Way, *parts: tuple[Open, int]) -> Decision:
    return Decision(way, tuple(Part(one.claim, Money(cents)) for one, cents in parts))


@pytest.mark.parametrize(
    ("payment", "way"),
    [
        (paid(5_000, structured=(printed_reference(RIGHT[1]).lower(),)), Way.STRUCTURED),
        (paid(5_000, "x", structured=("123", RIGHT[1])), Way.STRUCTURED),
        (paid(5_000, "x", end_to_end=RIGHT[1]), Way.END_TO_END),
        (paid(5_000, f"Hund {RIGHT[1]}"), Way.TEXT),
        (paid(5_000, f"Hund {WRONG[1]}"), Way.TYPO),
        (paid(5_000, structured=(WRONG[1],)), Way.TYPO),
        (paid(5_000, end_to_end=WRONG[1]), Way.TYPO),
    ],
)
def test_a_reference_is_found_wherever_it_stands(payment: Paid, way: Way) -> None:
    assert decided(payment) == certain(way, (DOG, 5_000))


@pytest.mark.parametrize("cents", [1, 4_999, 5_001, 90_000])
def test_an_exact_reference_counts_whatever_the_amount(cents: int) -> None:
    assert decided(paid(cents, RIGHT[1])) == certain(Way.TEXT, (DOG, cents))


def test_money_for_what_is_paid_is_still_for_that() -> None:
    assert decided(paid(3_000, RIGHT[3])) == certain(Way.TEXT, (PAID, 3_000))


@pytest.mark.parametrize(
    ("text", "cents", "doubt"),
    [
        (WRONG[1], 4_999, Doubt.AMOUNT),
        (WRONG[3], 5_000, Doubt.NOT_OPEN),
        (f"{WRONG[1]} {RIGHT[9]}", 5_000, Doubt.UNKNOWN_REFERENCE),
        (f"{WRONG[1]} RF18 5390 0754 7034", 5_000, Doubt.UNKNOWN_REFERENCE),
    ],
)
def test_a_mistyped_reference_needs_that_nothing_speaks_against_it(
    text: str, cents: int, doubt: Doubt
) -> None:
    decision = decided(paid(cents, text))
    assert (decision.parts, decision.doubt) == ((), doubt)
    assert decision.proposals == (BOOK[RIGHT[3 if text == WRONG[3] else 1]],)


def test_several_references_are_settled_where_the_sum_fits() -> None:
    both = f"{RIGHT[1]} {RIGHT[2]}"
    assert decided(paid(8_000, both)) == certain(Way.TEXT, (DOG, 5_000), (TICKET, 3_000))
    assert decided(paid(8_000, f"{RIGHT[1]} {WRONG[2]}")) == certain(
        Way.TYPO, (DOG, 5_000), (TICKET, 3_000)
    )
    assert decided(paid(8_000, f"{WRONG[1]} {WRONG[2]}")) == certain(
        Way.TYPO, (DOG, 5_000), (TICKET, 3_000)
    )


def test_several_references_and_another_sum_are_for_a_person() -> None:
    both = (BOOK[RIGHT[1]], BOOK[RIGHT[2]])
    expected = Decision(Way.TEXT, doubt=Doubt.SEVERAL, proposals=both)
    assert decided(paid(7_999, f"{RIGHT[1]} {RIGHT[2]}")) == expected
    assert decided(paid(7_999, f"{RIGHT[1]} {WRONG[2]}")) == expected


@pytest.mark.parametrize(
    "beside", [RIGHT[9], WRONG[9], "RF18 5390 0754 7034", "RF3261599X9130XX", "RF00 0000 0000 0001"]
)
def test_what_stands_beside_a_reference_may_explain_the_amount(beside: str) -> None:
    text = f"{RIGHT[1]}, {beside}"
    assert decided(paid(5_000, text)) == certain(Way.TEXT, (DOG, 5_000))
    decision = decided(paid(8_000, text))
    assert (decision.parts, decision.doubt) == ((), Doubt.SEVERAL)
    assert decision.proposals == (BOOK[RIGHT[1]],)


def test_the_structured_field_decides_where_the_amount_agrees() -> None:
    payment = paid(5_000, RIGHT[2], structured=(RIGHT[1],))
    assert decided(payment) == certain(Way.STRUCTURED, (DOG, 5_000))


def test_a_payment_of_several_claims_and_one_of_them_are_one_thing() -> None:
    assert decided(paid(8_000, f"{RIGHT[4]} {RIGHT[1]}")).parts == (
        Part(DOG.claim, Money(5_000)),
        Part(TICKET.claim, Money(3_000)),
    )


def test_the_least_certain_place_says_how_it_was_found() -> None:
    payment = paid(8_000, structured=(RIGHT[1],), end_to_end=RIGHT[2])
    assert decided(payment) == certain(Way.END_TO_END, (DOG, 5_000), (TICKET, 3_000))


def test_a_word_that_may_mean_two_is_for_a_person() -> None:
    """Only seven pairs in a million lie so near to each other."""
    both = {RIGHT[1]: BOOK[RIGHT[1]], RIGHT[2]: BOOK[RIGHT[2]]}
    reading = Reading({Way.TEXT: Mentions(near=(frozenset(both),))})
    decision = decide(paid(5_000, "RF…"), reading, both)
    assert (decision.way, decision.parts, decision.doubt) == (Way.TYPO, (), Doubt.SEVERAL)
    assert set(decision.proposals) == set(both.values())


def test_shares_keep_the_currency() -> None:
    franc = claim("franc", 5_000, "CHF")
    assert shares(Money(6_000, "CHF"), [franc]) == (Part(franc.claim, Money(6_000, "CHF")),)


def test_another_currency_is_for_a_person() -> None:
    decision = decided(paid(5_000, RIGHT[5]))
    assert (decision.parts, decision.doubt) == ((), Doubt.CURRENCY)
    assert decision.proposals == (BOOK[RIGHT[5]],)


def test_what_the_account_paid_before_is_only_proposed() -> None:
    earlier = (BOOK[RIGHT[2]], BOOK[RIGHT[1]])
    assert decided(paid(5_000, "Danke"), earlier) == Decision(
        Way.KNOWN_PAYER, doubt=Doubt.NO_REFERENCE, proposals=(BOOK[RIGHT[1]],)
    )
    assert decided(paid(4_000, "Danke"), earlier) == Decision(doubt=Doubt.NO_REFERENCE)
    assert decided(paid(4_000, RIGHT[9])) == Decision(doubt=Doubt.UNKNOWN_REFERENCE)


@pytest.mark.parametrize(
    ("cents", "expected"),
    [
        (4_000, [(DOG, 4_000)]),
        (6_000, [(DOG, 5_000), (TICKET, 1_000)]),
        (9_500, [(DOG, 5_000), (TICKET, 4_500)]),
    ],
)
def test_shares_follow_what_is_open(cents: int, expected: list[tuple[Open, int]]) -> None:
    found = shares(Money(cents), [DOG, PAID, TICKET])
    assert found == tuple(Part(one.claim, Money(part)) for one, part in expected)


def asked(cents: int, one: Open) -> Open:
    return Open(one.claim, one.amount, Money(cents))


@pytest.mark.parametrize(
    ("cents", "expected"),
    [
        (3_000, [("dog", 3_000)]),
        (8_000, [("dog", 5_000), ("ticket", 3_000)]),  # just what is open
        (9_900, [("dog", 5_000), ("ticket", 4_900)]),
        (10_000, [("dog", 5_000), ("paid", 2_000), ("ticket", 3_000)]),  # just what was asked
        (10_500, [("dog", 5_000), ("paid", 2_000), ("ticket", 3_500)]),
    ],
)
def test_what_a_payment_asked_for_is_divided_as_asked(
    cents: int, expected: list[tuple[str, int]]
) -> None:
    found = shares(Money(cents), [asked(5_000, DOG), asked(2_000, PAID), asked(3_000, TICKET)])
    assert found == tuple(Part(claim(name, 0).claim, Money(part)) for name, part in expected)


def test_what_is_open_again_beyond_what_was_asked_is_settled_where_the_sum_fits() -> None:
    found = shares(Money(8_000), [asked(4_000, DOG), asked(3_000, TICKET)])
    assert found == (Part(DOG.claim, Money(5_000)), Part(TICKET.claim, Money(3_000)))


@given(
    st.integers(1, 10**9),
    st.lists(st.tuples(st.integers(0, 10**8), st.integers(1, 10**8)), min_size=1, max_size=6),
)
def test_shares_of_a_payment_are_the_amount_to_the_cent(
    cents: int, sums: list[tuple[int, int]]
) -> None:
    claims = [asked(wanted, claim(str(place), rest)) for place, (rest, wanted) in enumerate(sums)]
    found = shares(Money(cents), claims)
    assert sum(part.amount.cents for part in found) == cents
    assert all(part.amount.cents > 0 for part in found)


@given(st.integers(1, 10**9), st.lists(st.integers(0, 10**8), min_size=1, max_size=6))
def test_shares_are_the_amount_to_the_cent(cents: int, rests: list[int]) -> None:
    claims = [claim(str(place), rest) for place, rest in enumerate(rests)]
    found = shares(Money(cents), claims)
    assert sum(part.amount.cents for part in found) == cents
    assert all(part.amount.cents > 0 for part in found)


@given(st.integers(1, 400), st.data(), st.sampled_from([5_000, 4_000]))
def test_a_mistyped_word_goes_where_brute_force_says(
    number: int, data: st.DataObject, cents: int
) -> None:
    """Of 200 references given out, all those that one mistake makes this word are looked for."""
    words = mistyped(reference_of(number)[2:])
    wrong = data.draw(st.sampled_from(sorted(words)))
    book = {one.reference: one for one in (known(n, claim(str(n), 5_000)) for n in range(1, 201))}
    near = [one for one in book.values() if wrong in mistyped(one.reference[2:])]
    payment = paid(cents, f"RF{wrong}")
    reading = read(payment)
    decision = decide(payment, reading, {k: v for k, v in book.items() if k in reading.references})
    if len(near) == 1 and cents == 5_000 and not reading.has_other:
        assert decision.parts == (Part(near[0].claims[0].claim, Money(5_000)),)
    else:
        assert decision.parts == () or wrong.startswith(near[0].reference[2:])

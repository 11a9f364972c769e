"""References as people and banks write them into a transfer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rathaus.payments.mentions import Mentions, mentions
from rathaus.payments.references import MOST, is_reference, printed_reference, reference_of
from rathaus.payments.tests.mistyping import mistyped

OURS = reference_of(5)  # RF73 0901 6995 3957
OTHER = reference_of(6)
NEAR = Mentions(near=(frozenset({OURS}),))


@pytest.mark.parametrize(
    "texts",
    [
        ("RF73090169953957",),
        ("rf73 0901 6995 3957",),
        ("Hundeabgabe RF73-0901-6995-3957, danke",),
        ("Zahlung RF73 0901 6995 3957 2026",),
        ("Zahlung RF7309", "0169953957 Muster"),
        ("Parkstrafe:RF73090169953957Mustermann",),
        ("R F73090169953957",),
        ("RF7 30901 6995 3957 1",),
    ],
)
def test_what_is_written_right_is_found_in_any_text(texts: tuple[str, ...]) -> None:
    assert mentions(texts) == Mentions(exact=(OURS,))


@pytest.mark.parametrize(
    "text",
    [
        "RF7309016995395",
        "RF730901699539577",
        "RF73090X69953957",
        "RFX3090169953957",
        "RF73O9O169953957",
        "RF73 0901 6995 395 Danke",
        "FR73090169953957",
        "F73 0901 6995 3957",
        "73 0901 6995 3957",
        "Nr. 73090169953957 vom 1.3.2026",
        "RF73 0910 6995 3957",
    ],
)
def test_one_mistake_is_seen_through(text: str) -> None:
    assert mentions([text]) == NEAR


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Surfkurs 2026",
        "RF",
        "RF73",
        "RF73 0901",
        "Tel. 0463 537 1234",
        "AT611904300234573201",
        "123 73090169953957 456 789",
    ],
)
def test_nothing_is_seen_where_nothing_is(text: str) -> None:
    assert mentions([text]).exact == ()
    assert not mentions([text]).has_other


@pytest.mark.parametrize("text", ["RF73 0911 6995 3975", "RF73091069953597", "RF730910699539577"])
def test_two_mistakes_are_too_many(text: str) -> None:
    assert mentions([text]) == Mentions(has_other=True)


def test_the_reference_of_another_creditor_is_no_mistyped_one_of_ours() -> None:
    assert mentions(["RF18 5390 0754 7034"]) == Mentions(has_other=True)
    assert mentions(["Miete RF45G72UUR"]) == Mentions(has_other=True)


def test_a_longer_reference_of_another_that_begins_like_a_mistyped_one_of_ours() -> None:
    beginnings = [f"RF73090169953958X{number:03d}" for number in range(1_000)]
    foreign, none = (
        next(word for word in beginnings if is_reference(word) is valid) for valid in (True, False)
    )
    assert mentions([none]) == NEAR
    assert mentions([f"Miete {foreign} danke"]) == Mentions(has_other=True)


def test_ten_digits_after_the_letters_look_like_a_reference() -> None:
    assert mentions(["RF1234567890ABCD"]) == Mentions(has_other=True)
    assert mentions(["RF123456789ABCDE"]) == Mentions()


def test_several_are_found_in_their_order() -> None:
    found = mentions([f"{OTHER} und {printed_reference(OURS)}"])
    assert found == Mentions(exact=(OTHER, OURS))


def test_right_and_mistyped_beside_each_other() -> None:
    found = mentions([f"{OTHER} und RF73090169953956"])
    assert found == Mentions(exact=(OTHER,), near=(frozenset({OURS}),))


@given(st.integers(1, MOST), st.data(), st.sampled_from(["", "Strafe ", "Nr.12/3 "]))
def test_every_mistake_in_the_digits_leads_to_what_was_meant(
    number: int, data: st.DataObject, before: str
) -> None:
    right = reference_of(number)
    wrong = data.draw(st.sampled_from(sorted(mistyped(right[2:]))))
    found = mentions([f"{before}RF{wrong} danke"])
    assert found.exact in ((), (right,))
    assert right in found.all or found.has_other


@given(st.text(alphabet="RF0123456789OIL -.ÄßXx\n", max_size=80))
def test_no_text_is_too_strange(text: str) -> None:
    assert all(len(reference) == 16 for reference in mentions([text]).all)

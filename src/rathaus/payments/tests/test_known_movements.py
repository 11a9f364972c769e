"""The same money told by several files is taken once; equal payments are as many as they are."""

from rathaus.payments.camt import Movement, movements, read_message
from rathaus.payments.known_movements import Stored, sort_out
from rathaus.payments.tests.camt_files import detail, document, entry


def told(*entries: str, form: str = "053") -> list[Movement]:
    message = read_message(document(*entries, form=form))
    return [one for statement in message.statements for one in movements(statement)]


def stored(told: list[Movement], *, is_left: bool = True) -> list[Stored]:
    return [
        Stored(place, one.content, one.entry, one.bank_ids, one.is_whole, is_left)
        for place, one in enumerate(told)
    ]


DOG = entry("50.00", detail(text="Hund"))
NAMED = entry("50.00", detail(text="Hund"), bank_id="B-1")
NAMED_OTHERWISE = entry("50.00", detail(text="Hund"), bank_id="B-2")


def test_the_statement_tells_what_the_report_told() -> None:
    result = sort_out(told(DOG), stored(told(DOG, form="052")))
    assert (result.new, result.known) == ((), 1)


def test_the_bank_may_cut_the_words_anew_and_add_its_number() -> None:
    earlier = told(entry("50.00", detail(text=("Hun", "d"))), form="052")
    assert sort_out(told(NAMED), stored(earlier)).known == 1


def test_two_equal_payments_in_one_file_are_two() -> None:
    assert len(sort_out(told(DOG, DOG), []).new) == 2
    result = sort_out(told(DOG, DOG), stored(told(DOG)))
    assert (len(result.new), result.known) == (1, 1)


def test_what_the_bank_names_differently_is_not_the_same() -> None:
    result = sort_out(told(NAMED_OTHERWISE), stored(told(NAMED)))
    assert (len(result.new), result.known) == (1, 0)


def test_each_finds_the_counterpart_of_its_name_first() -> None:
    result = sort_out(told(DOG, NAMED), stored(told(NAMED)))
    assert [one.bank_ids for one in result.new] == [()]


def test_another_amount_day_text_or_payer_is_another_payment() -> None:
    others = [
        entry("50.01", detail(text="Hund")),
        entry("50.00", detail(text="Hund"), day="2026-03-03"),
        entry("50.00", detail(text="Hunde")),
        entry("50.00", detail(text="Hund", iban="DE02120300000000202051")),
        entry("50.00", detail(text="Hund"), sign="DBIT"),
    ]
    assert len(sort_out(told(*others), stored(told(DOG))).new) == 5


WHOLE = entry("30.00", batch="S-7", bank_id="B-9")
PARTS = entry("30.00", detail(amount="10.00"), detail(amount="20.00"), batch="S-7", bank_id="B-9")


def test_payments_of_a_batch_that_come_later_take_the_place_of_its_line() -> None:
    result = sort_out(told(PARTS, form="054"), stored(told(WHOLE)))
    assert ([one.amount.cents for one in result.new], result.replaced) == ([1_000, 2_000], {0})


def test_a_line_that_somebody_has_cleared_stays() -> None:
    result = sort_out(told(PARTS, form="054"), stored(told(WHOLE), is_left=False))
    assert (result.new, result.known, result.replaced) == ((), 2, frozenset())


def test_the_line_of_a_batch_adds_nothing_to_its_payments() -> None:
    result = sort_out(told(WHOLE), stored(told(PARTS, form="054")))
    assert (result.new, result.known) == ((), 1)


def test_lines_without_a_name_are_not_taken_for_each_other() -> None:
    nameless = entry("30.00", detail(amount="10.00"), detail(amount="20.00"))
    assert len(sort_out(told(entry("30.00")), stored(told(nameless))).new) == 1

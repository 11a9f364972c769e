"""Until when to pay: against days counted by hand, and for every day of ten years."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rathaus.core.calendar import excluded_because
from rathaus.payments.due_dates import PaymentTerm, due_date, payment_terms

LAW = PaymentTerm(date(1962, 1, 1), 1, "§ 210 Abs. 1 BAO, BGBl. Nr. 194/1961")
GOLDEN = [
    (date(2026, 11, 22), None, date(2026, 12, 22)),
    (date(2026, 11, 24), None, date(2026, 12, 28)),  # 24 to 27 December: none of them
    (date(2026, 11, 26), None, date(2026, 12, 28)),  # Saturday and holiday
    (date(2026, 1, 31), None, date(2026, 3, 2)),  # 28 February is a Saturday
    (date(2026, 3, 3), None, date(2026, 4, 7)),  # Good Friday, Easter
    (date(2026, 11, 28), 28, date(2026, 12, 28)),  # plain + 28 days is 26 December
    (date(2026, 11, 23), 14, date(2026, 12, 7)),
]


@pytest.mark.parametrize(("raised_on", "days", "expected"), GOLDEN)
def test_golden_days(raised_on: date, days: int | None, expected: date) -> None:
    assert due_date(raised_on, payment_terms(), days=days) == expected


def test_the_term_is_dated_data_with_its_source() -> None:
    assert payment_terms() == (LAW,)
    longer = PaymentTerm(date(2027, 1, 1), 2, "Hausregel")
    assert due_date(date(2026, 12, 31), [longer, LAW]) == date(2027, 2, 1)
    assert due_date(date(2027, 1, 1), [LAW, longer]) == date(2027, 3, 1)
    with pytest.raises(LookupError, match="no payment term in force on 1961-12-31"):
        due_date(date(1961, 12, 31), [LAW])


@given(st.dates(date(2021, 1, 1), date(2031, 1, 1)), st.one_of(st.none(), st.integers(1, 365)))
def test_one_can_pay_on_the_last_day_and_it_comes_at_once(
    raised_on: date, days: int | None
) -> None:
    last = due_date(raised_on, [LAW], days=days)

    assert excluded_because(last) is None
    least = raised_on + timedelta(days=days if days is not None else 28)
    assert last >= least
    if days is not None:
        between = [least + timedelta(days=number) for number in range((last - least).days)]
        assert all(excluded_because(day) for day in between)

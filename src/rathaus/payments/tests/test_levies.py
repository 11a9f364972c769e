"""What a levy costs in a year and when: rules on plain values, and the city's document."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rathaus.core.calendar import excluded_because
from rathaus.core.dated import Dated
from rathaus.core.documents.source import BadDocument
from rathaus.payments.due_dates import payment_terms
from rathaus.payments.levies import (
    Exemption,
    LevyRules,
    Span,
    YearShare,
    due_days,
    next_expected,
    owed_in,
    raised_from,
    spread,
    usual_days,
    yearly_amount,
)
from rathaus.payments.levy_kinds import parse_levies
from rathaus.payments.tests.levied import LEVIES

OLD = date(2020, 1, 1)
DEPARTMENTS = {"finanzen"}


def rules(
    *,
    first: YearShare = YearShare.FULL,
    last: YearShare = YearShare.FULL,
    days: tuple[tuple[int, int], ...] = ((2, 15),),
) -> LevyRules:
    return LevyRules(
        amounts=[Dated(OLD, 3600, "Probe"), Dated(date(2026, 7, 1), 4000, "Probe")],
        due=[Dated(OLD, days, "Probe")],
        first_year=[Dated(OLD, first, "Probe")],
        last_year=[Dated(OLD, last, "Probe")],
        lead_days=45,
    )


@pytest.mark.parametrize(
    ("year", "begins_on", "cents"),
    [
        (2025, date(2024, 3, 1), 3600),
        (2026, date(2024, 3, 1), 3600),  # the tariff changed in July: from the next year on
        (2027, date(2024, 3, 1), 4000),
        (2026, date(2026, 6, 30), 3600),
        (2026, date(2026, 7, 1), 4000),  # begun after the change
    ],
)
def test_the_tariff_of_the_first_day_counts_for_the_year(year, begins_on, cents):
    assert yearly_amount(year, Span(begins_on), rules()) == cents


@pytest.mark.parametrize(
    ("first", "last", "begins_on", "ends_on", "cents"),
    [
        ("full", "full", date(2026, 5, 4), None, 4000),
        ("months", "full", date(2026, 1, 31), None, 4000),
        ("months", "full", date(2026, 12, 31), None, 333),
        ("months", "full", date(2026, 5, 4), None, 2667),
        ("full", "months", date(2020, 1, 1), date(2026, 1, 1), 333),
        ("full", "months", date(2020, 1, 1), date(2026, 12, 1), 4000),
        ("full", "full", date(2020, 1, 1), date(2026, 1, 1), 4000),
        ("months", "months", date(2026, 2, 28), date(2026, 3, 1), 667),
        ("months", "months", date(2026, 7, 7), date(2026, 7, 7), 333),
        ("full", "full", date(2027, 1, 1), None, 0),
        ("full", "full", date(2020, 1, 1), date(2025, 12, 31), 0),
    ],
)
def test_first_and_last_year_in_full_or_by_begun_months(first, last, begins_on, ends_on, cents):
    data = rules(first=YearShare(first), last=YearShare(last))

    assert owed_in(2026, Span(begins_on, ends_on), data, yearly=4000) == cents


@given(
    st.dates(date(2020, 1, 1), date(2030, 12, 31)),
    st.integers(0, 2000),
    st.integers(0, 10**7),
    st.integers(2019, 2032),
)
def test_a_year_is_never_more_than_its_tariff_and_shorter_is_never_more(begins_on, days, c, year):
    data = rules(first=YearShare.MONTHS, last=YearShare.MONTHS)
    ends_on = begins_on + timedelta(days)
    cents = owed_in(year, Span(begins_on, ends_on), data, yearly=c)

    assert 0 <= cents <= c
    assert cents <= owed_in(year, Span(begins_on), data, yearly=c)
    assert (cents > 0) <= Span(begins_on, ends_on).touches(year)


def test_nothing_is_owed_for_exempt_years():
    span, exemption = Span(date(2024, 1, 1)), Exemption(2026, 2027)
    owed = [
        owed_in(year, span, rules(), yearly=4000, exemption=exemption)
        for year in (2025, 2026, 2027, 2028)
    ]
    assert owed == [4000, 0, 0, 4000]
    assert owed_in(2099, span, rules(), yearly=4000, exemption=Exemption(2026)) == 0


def test_due_on_an_open_day_of_each_year():
    # 15.02.2026 is a Sunday, 15.02.2027 a Monday.
    assert usual_days(2026, rules()) == [date(2026, 2, 16)]
    assert usual_days(2027, rules()) == [date(2027, 2, 15)]
    assert raised_from(2027, rules()) == date(2027, 1, 1)


def test_the_leap_day_is_the_28th_elsewhere():
    data = rules(days=((2, 29),))

    assert usual_days(2028, data) == [date(2028, 2, 29)]
    assert usual_days(2029, data) == [date(2029, 2, 28)]
    assert usual_days(2100, data) == [date(2100, 3, 1)]  # no leap year; the 28th is a Sunday


@given(
    st.integers(2020, 2060),
    st.lists(st.tuples(st.integers(1, 12), st.integers(1, 28)), min_size=1, max_size=12),
    st.dates(date(2019, 6, 1), date(2061, 12, 31)),
)
def test_no_part_is_due_on_a_closed_day_or_too_early(year, days, raised_on):
    data = rules(days=tuple(days))
    found = due_days(year, data, raised_on=raised_on, terms=payment_terms())

    assert found == sorted(set(found))
    assert all(excluded_because(day) is None for day in found)
    assert all(day >= raised_on + timedelta(28) for day in found)


def test_raised_late_it_is_due_a_month_later():
    terms = payment_terms()

    assert due_days(2027, rules(), raised_on=date(2027, 1, 1), terms=terms) == [date(2027, 2, 15)]
    assert due_days(2027, rules(), raised_on=date(2027, 2, 14), terms=terms) == [date(2027, 3, 15)]


@pytest.mark.parametrize(
    ("wanted", "parts", "totals"),
    [
        (4000, [(0, 0)], [4000]),
        (10_001, [(0, 0)] * 4, [2501, 2500, 2500, 2500]),
        (10_001, [(0, 2501), (0, 2500), (0, 2500), (0, 2500)], [2501, 2500, 2500, 2500]),
        (6000, [(2501, 0), (2500, 0), (0, 2500), (0, 2500)], [2501, 2500, 500, 499]),
        (4000, [(2501, 0), (2500, 0), (0, 2500), (0, 2500)], [2501, 2500, 0, 0]),
        (0, [(0, 4000)], [0]),
        (4000, [(4000, 0)], [4000]),
        (4000, [(1000, 0)], [4000]),
        (2, [(0, 0), (0, 0), (0, 0)], [1, 1, 0]),
        (2500, [(1000, 500), (0, 0)], [2500, 0]),
        (400, [(100, 0), (200, 0)], [100, 300]),
    ],
)
def test_what_is_paid_stays_and_the_rest_is_spread(wanted, parts, totals):
    assert spread(wanted, parts) == totals


@given(
    st.integers(0, 10**6),
    st.lists(st.tuples(st.integers(0, 10**5), st.integers(0, 10**5)), min_size=1, max_size=12),
)
def test_spreading_comes_to_what_is_wanted_or_what_was_paid(wanted, parts):
    totals = spread(wanted, parts)

    assert sum(totals) == max(wanted, sum(paid for paid, _open in parts))
    assert all(total >= paid for total, (paid, _open) in zip(totals, parts, strict=True))


@pytest.mark.parametrize(
    ("today", "last", "ends_on", "exemption", "expected"),
    [
        (date(2026, 11, 28), 2026, None, None, (date(2027, 2, 15), 4000)),
        (date(2026, 11, 28), 2027, None, None, (date(2028, 2, 15), 4000)),
        (date(2030, 5, 1), 2026, None, None, (date(2030, 2, 15), 4000)),
        (date(2026, 11, 28), 2026, date(2026, 12, 31), None, None),
        (date(2026, 11, 28), 2026, date(2027, 1, 1), None, (date(2027, 2, 15), 333)),
        (date(2026, 11, 28), 2026, None, Exemption(2027, 2028), (date(2029, 2, 15), 4000)),
        (date(2026, 11, 28), 2026, None, Exemption(2027), None),
    ],
)
def test_what_comes_next(today, last, ends_on, exemption, expected):
    span = Span(date(2025, 3, 1), ends_on)

    assert next_expected(today, last, span, rules(last=YearShare.MONTHS), exemption) == expected


@pytest.mark.parametrize(("year", "first"), [(2096, 29), (2097, 28), (2200, 28), (2400, 29)])
def test_the_last_of_february_is_there_every_year(year, first):
    [_dogs, rent] = parse_levies(LEVIES, departments=DEPARTMENTS)
    assert usual_days(year, rent.rules("klein"))[0] == date(year, 2, first)


def test_the_document_gives_the_rules():
    [dogs, rent] = parse_levies(LEVIES, departments=DEPARTMENTS)

    assert dogs.rules("familie").amounts[1] == Dated(date(2026, 1, 1), 4000, "Probe")
    assert rent.rules("klein").due[0].figure == [(2, 29), (5, 15), (8, 15), (11, 15)]
    with pytest.raises(LookupError, match="hundeabgabe has no rate 'katze'"):
        dogs.rules("katze")


@pytest.mark.parametrize(
    ("good", "bad", "reason"),
    [
        ("number_prefix: OT", "number_prefix: HA", "„HA“ haben hier zwei Abgaben"),
        ("slug: ortstaxe", "slug: hundeabgabe", "„hundeabgabe“ steht hier zweimal"),
        ("slug: wache", "slug: familie", "jeder Tarif steht nur einmal da"),
        ("department: finanzen", "department: mond", "die Abteilung „mond“ gibt es nicht"),
        ('["02-15"]', '["04-31"]', "day"),
        ('"36.00"', '"36"', "36"),
    ],
)
def test_the_document_is_checked_as_a_whole(good, bad, reason):
    with pytest.raises(BadDocument, match=reason):
        parse_levies(LEVIES.replace(good, bad, 1), departments=DEPARTMENTS)

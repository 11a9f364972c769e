"""Dunning: each step once, with its fee and its letter, and nothing for what is paid."""

import io
from datetime import date, timedelta

import pikepdf
import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader
from tests.factories import make_citizen, make_city, make_clerk

from rathaus.accounts.queries import actor_of
from rathaus.audit.models import Entry
from rathaus.core.actor import SYSTEM
from rathaus.core.calendar import excluded_because
from rathaus.core.clock import VIENNA, as_of
from rathaus.core.dated import Dated
from rathaus.core.errors import NotAllowed
from rathaus.core.files import read_file
from rathaus.core.models import OutgoingMail
from rathaus.payments.actions import Owed, cancel_claim, charge
from rathaus.payments.actions.dunning import Dunned, sweep_dunning
from rathaus.payments.dunning import (
    FeeRule,
    dunning_fee,
    dunning_rules,
    next_level,
    reminder_due,
)
from rathaus.payments.models import Claim, ClaimKind, Reminder
from rathaus.payments.tests.money import DUE, balances, owe, pay

FEES = dunning_rules().fees
LADDERS = dunning_rules().ladders


@pytest.mark.parametrize(
    ("cents", "fee"),
    [(1, 300), (59_999, 300), (60_000, 300), (60_100, 301), (600_000, 3_000), (10**9, 3_000)],
)
def test_the_fee_is_half_a_percent_within_its_bounds(cents, fee):
    assert dunning_fee(cents, date(2026, 12, 1), FEES) == fee


@given(st.integers(1, 10**10))
def test_the_fee_is_the_nearest_cent(cents):
    free = (Dated(date(2010, 1, 1), FeeRule(5, 0, 10**9), "Probe"),)

    assert abs(dunning_fee(cents, date(2026, 1, 1), free) * 1000 - cents * 5) <= 500


def test_the_data_has_days_and_sources():
    assert (
        Dated(
            date(2010, 1, 1),
            FeeRule(5, 300, 3000),
            "§ 227a Z 1 BAO in der Fassung BGBl. I Nr. 20/2009",
        ),
    ) == FEES
    with pytest.raises(LookupError, match="no dunning fee in force on 2009-12-31"):
        dunning_fee(1, date(2009, 12, 31), FEES)


@given(st.dates(date(2026, 1, 1), date(2030, 1, 1)), st.integers(0, 4), st.integers(0, 90))
def test_levels_come_in_order_and_end_on_banking_days(missed, last, days):
    today = missed + timedelta(days)
    level = next_level(missed, last, today, LADDERS)

    if level is None:
        assert last >= 3 or days <= (5, 3, 3)[last]
        return
    assert level.level == last + 1
    assert excluded_because(reminder_due(today, level)) is None


def on(day: date):
    return as_of(timezone.datetime(day.year, day.month, day.day, 12, tzinfo=VIENNA))


@pytest.fixture
def claim(db):
    make_city()
    with on(date(2026, 12, 1)):
        return owe(make_citizen(), 80_000)


def swept(day: date) -> int:
    with on(day):
        return sweep_dunning(by=SYSTEM).reminded


def told() -> list[tuple[int, date, date]]:
    rows = Reminder.objects.order_by("level")
    return list(rows.values_list("level", "told_on", "due_on"))


def test_each_step_is_taken_once_until_the_last(claim):
    days = [DUE + timedelta(number) for number in range(120)]

    assert sum(swept(day) for day in days) == 3

    assert told() == [
        (1, date(2026, 12, 28), date(2027, 1, 11)),
        (2, date(2027, 1, 15), date(2027, 2, 1)),
        (3, date(2027, 2, 5), date(2027, 2, 22)),
    ]
    fee = Claim.objects.get(fee_for=claim)
    assert (fee.cents, fee.due_on, fee.purpose["de"]) == (
        400,
        date(2027, 2, 1),
        "Mahngebühr (§ 227a BAO)",
    )
    assert balances() == {"receivables": 80_400, "income": -80_400}
    assert Entry.objects.filter(did="payments.dunned").count() == 3


def test_a_deposit_that_nobody_paid_is_no_debt(claim):
    with on(date(2026, 12, 1)):
        owe(make_citizen(), 20_000, kind=ClaimKind.DEPOSIT)

    assert sum(swept(DUE + timedelta(number)) for number in range(120)) == 3
    assert set(Reminder.objects.values_list("claim", flat=True)) == {claim}


def test_a_second_run_changes_nothing(claim):
    assert (swept(date(2026, 12, 28)), swept(date(2026, 12, 28))) == (1, 0)
    assert OutgoingMail.objects.count() == 1


def test_who_was_asleep_for_months_is_not_told_everything_at_once(claim):
    day = date(2027, 6, 1)

    assert [swept(day), swept(day), swept(day + timedelta(1))] == [1, 0, 0]


def test_paid_or_fallen_meanwhile_means_nothing(claim):
    assert swept(date(2026, 12, 28)) == 1
    with on(date(2027, 1, 2)):
        pay(80_000, (claim, 80_000))
    assert swept(date(2027, 3, 1)) == 0
    with on(date(2027, 3, 1)):
        other = owe(make_citizen(), 100, due_on=date(2027, 1, 4))
        cancel_claim(by=SYSTEM, claim=other, why="Irrtum")
    assert swept(date(2027, 3, 1)) == 0


def test_a_fee_stays_when_the_matter_is_charged_anew_and_falls_with_its_claim(claim):
    swept(date(2026, 12, 28))
    swept(date(2027, 1, 15))
    row = Claim.objects.get(pk=claim)

    def charged(cents):
        with on(date(2027, 1, 16)):
            charge(
                by=SYSTEM,
                debtor=row.debtor_id,
                reference=row.reference,
                owed=[Owed("fee", row.purpose, row.amount * cents, DUE)] if cents else [],
                why="Irrtum",
                among=["fee"],
            )
        return Claim.objects.get(fee_for=claim).state.value

    assert charged(1) == "open"
    assert charged(0) == "cancelled"
    assert balances() == {}


def test_the_letter_says_what_to_pay_and_the_mail_says_nothing_of_it(claim):
    swept(date(2026, 12, 28))
    swept(date(2027, 1, 15))

    reminder = Reminder.objects.get(level=2)
    content = read_file(reminder.document)
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    for word in ("Mahnung", "Hundeabgabe", "€ 800,00", "€ 4,00", "€ 804,00", "01.02.2027", "RF"):
        assert word in " ".join(text.split()).replace("\xa0", " ")
    with pikepdf.open(io.BytesIO(content)) as document:
        assert document.Root.MarkInfo.Marked
    mail = OutgoingMail.objects.latest("created_at")
    assert (reminder.by_mail, "800" in mail.text) == (True, False)


def test_who_has_no_mail_gets_a_letter_only(db):
    make_city()
    with on(date(2026, 12, 1)):
        owe(make_citizen(email=None), 80_000)

    assert swept(date(2026, 12, 28)) == 1
    assert (Reminder.objects.get().by_mail, OutgoingMail.objects.count()) == (False, 0)


def test_nobody_without_the_right_duns(claim):
    with on(date(2027, 1, 15)), pytest.raises(NotAllowed):
        sweep_dunning(by=actor_of(make_clerk(None, "payments.read")))

    assert Reminder.objects.count() == 0
    with on(DUE):
        assert sweep_dunning(by=SYSTEM) == Dunned(0, 0)

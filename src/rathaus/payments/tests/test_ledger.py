"""The ledger: the database refuses what is not right, whoever asks, and balances are what was
booked.
"""

from datetime import date, timedelta
from threading import Event, Thread

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st
from tests.all_at_once import all_at_once
from tests.factories import make_citizen, make_clerk, make_department

from rathaus.accounts.queries import actor_of
from rathaus.core.actor import ANONYMOUS, SYSTEM
from rathaus.core.clock import today
from rathaus.core.errors import NotAllowed, NotFound
from rathaus.core.money import Money
from rathaus.core.transaction import unit_of_work
from rathaus.payments.actions.booking import (
    AnotherContent,
    Booking,
    PeriodClosed,
    Side,
    account_for,
    book,
    constraint_of,
    open_day,
    reverse,
)
from rathaus.payments.actions.closing import PeriodNotOver, close_period, keep_checkpoint
from rathaus.payments.models import (
    Account,
    BookingKind,
    Checkpoint,
    CheckpointBalance,
    Leg,
    Transaction,
    Use,
)
from rathaus.payments.queries.ledger import (
    account_lines,
    accounts,
    balances,
    closed_until,
    journal,
    replayed_balances,
    trial_balance,
    trial_totals,
)
from rathaus.payments.tests.money import owe

pytestmark = pytest.mark.django_db


def post(key: str, *sides: tuple[int, int], **changes: object) -> int:
    values = {
        "key": key,
        "kind": BookingKind.RECEIPT,
        "text": "Probe",
        "reference": "P-1",
        "sides": [Side(account, cents) for account, cents in sides],
        **changes,
    }
    return book(Booking(**values))


@pytest.fixture
def bank() -> int:
    return account_for(Use.BANK)


@pytest.fixture
def income() -> int:
    return account_for(Use.INCOME)


def everything() -> list[tuple[object, ...]]:
    return [*Transaction.objects.values_list(), *Leg.objects.values_list()]


def refusal_of(statement: str) -> str:
    """The constraint that the database names when the statement's transaction ends."""
    with (
        pytest.raises(DatabaseError) as refused,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"{statement}; SET CONSTRAINTS ALL IMMEDIATE")
    return constraint_of(refused.value)


def test_a_booking_has_a_number_and_two_sides(bank, income):
    first = post("a", (bank, 500), (income, -500))
    second = post("b", (bank, 100), (income, -60), (bank, 20), (income, -60))

    assert second > first
    legs = Leg.objects.order_by("transaction", "position")
    assert list(legs.values_list("transaction", "position", "account", "cents")) == [
        (first, 1, bank, 500),
        (first, 2, income, -500),
        (second, 1, bank, 120),
        (second, 2, income, -120),
    ]
    assert balances() == {bank: 620, income: -620} == replayed_balances()


def test_one_key_is_one_booking_and_other_content_is_refused(bank, income):
    first = post("a", (bank, 500), (income, -500), on=date(2026, 1, 1))
    before = everything()

    assert post("a", (bank, 500), (income, -500), text="anders gesagt") == first
    for sides in [((bank, 501), (income, -501)), ((income, 500), (bank, -500))]:
        with pytest.raises(AnotherContent), transaction.atomic():
            post("a", *sides)
    with pytest.raises(AnotherContent), transaction.atomic():
        post("a", (bank, 500), (income, -500), reference="P-2")
    assert everything() == before


HEADER = (
    "INSERT INTO payments_transaction (key, kind, booked_on, text, reference, currency, legs) "
    "VALUES ('x', 'claim', '2026-12-01', '', '', 'EUR', {legs})"
)
LEG = (
    "INSERT INTO payments_leg (transaction_id, position, account_id, cents) "
    "SELECT max(number), {position}, {account}, {cents} FROM payments_transaction"
)


@pytest.mark.parametrize(
    ("legs", "cents", "named"),
    [
        (2, [5, -4], "transaction_balances"),
        (2, [5], "transaction_balances"),
        (2, [], "transaction_balances"),
        (3, [5, -5], "transaction_balances"),
        (1, [5], "at_least_two_legs"),
        (2, [0, 0], "leg_of_something"),
        (2, [5, -3, -2], "legs_come_with_their_header"),
    ],
)
def test_what_does_not_balance_is_never_booked(bank, legs, cents, named):
    post("a", (bank, 5), (account_for(Use.INCOME), -5))
    before = everything()
    sides = [LEG.format(position=at, account=bank, cents=one) for at, one in enumerate(cents, 1)]

    assert refusal_of("; ".join([HEADER.format(legs=legs), *sides])) == named

    assert everything() == before


def test_legs_never_come_later(bank, income):
    post("a", (bank, 5), (income, -5))
    before = everything()

    for position, named in [
        (0, "legs_come_with_their_header"),
        (3, "legs_come_with_their_header"),
        (2, "payments_leg_pkey"),
    ]:
        assert refusal_of(LEG.format(position=position, account=bank, cents=7)) == named

    assert everything() == before


def test_one_booking_is_in_one_currency(bank):
    francs = account_for(Use.BANK, currency="CHF")
    assert francs != bank

    with pytest.raises(DatabaseError) as refused, transaction.atomic():
        post("a", (bank, 5), (francs, -5))

    assert constraint_of(refused.value) == "one_currency_per_transaction"
    assert everything() == []


def test_accounts_stay_what_they_are(bank, income):
    post("a", (bank, 5), (income, -5))
    before = list(Account.objects.order_by("pk").values_list())

    for change, named in [
        ("UPDATE payments_account SET currency = 'CHF'", "account_stays"),
        ("UPDATE payments_account SET use = 'cash'", "account_stays"),
        ("DELETE FROM payments_account", "account_stays"),
        ("UPDATE payments_account SET number = number || '1'", "booked_account_keeps_its_number"),
    ]:
        assert refusal_of(change) == named

    assert list(Account.objects.order_by("pk").values_list()) == before


def test_a_department_s_own_account_comes_before_the_city_s(income):
    garden = make_department("gartenamt")
    own = Account.objects.create(
        number="8510",
        name={"de": "Gartengebühren"},
        kind="income",
        use=Use.INCOME,
        department=garden,
        currency="EUR",
    )

    assert account_for(Use.INCOME, department=garden.pk) == own.pk
    assert account_for(Use.INCOME, department=make_department("bauamt").pk) == income
    owe(make_citizen(), 700, department=garden.pk)
    assert balances()[own.pk] == -700


def test_a_wrong_booking_is_reversed_once(bank, income):
    wrong = Transaction.objects.get(pk=post("a", (bank, 500), (income, -500)))

    first = reverse(wrong, key="a:reversed")
    assert reverse(wrong, key="a:reversed") == first
    with pytest.raises(DatabaseError), transaction.atomic():
        reverse(wrong, key="a:again")

    assert balances() == {bank: 0, income: 0}
    assert Transaction.objects.get(pk=first).reverses == wrong


def test_nothing_is_booked_into_a_closed_period(bank, income):
    yesterday = today() - timedelta(1)
    post("a", (bank, 5), (income, -5), on=yesterday)
    close_period(by=SYSTEM, until=yesterday)
    before = everything()

    with pytest.raises(PeriodClosed), transaction.atomic():
        post("b", (bank, 5), (income, -5), on=yesterday)
    with pytest.raises(PeriodClosed), transaction.atomic():
        close_period(by=SYSTEM, until=yesterday - timedelta(30))

    assert everything() == before
    assert (open_day(yesterday), open_day(today())) == (today(), today())
    assert closed_until() == yesterday
    post("b", (bank, 5), (income, -5))


def test_closing_waits_for_the_day_to_be_over_and_takes_the_right():
    with pytest.raises(PeriodNotOver):
        close_period(by=SYSTEM, until=today())
    reader = actor_of(make_clerk(None, "payments.ledger"))
    for stranger in (reader, actor_of(make_citizen()), ANONYMOUS):
        with pytest.raises(NotAllowed):
            close_period(by=stranger, until=date(2026, 1, 31))
        with pytest.raises(NotAllowed):
            keep_checkpoint(by=stranger)
    assert (closed_until(), Checkpoint.objects.count()) == (None, 0)


@given(
    st.lists(
        st.one_of(st.none(), st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(1, 999))),
        max_size=12,
    )
)
def test_checkpoint_and_rest_are_the_whole(happenings):
    """`None` keeps a checkpoint, everything else books from one account to another."""
    with transaction.atomic():
        uses = [account_for(use) for use in (Use.BANK, Use.CARD, Use.CASH, Use.CREDIT)]
        for number, happening in enumerate(happenings):
            if happening is None:
                keep_checkpoint(by=SYSTEM)
            elif happening[0] != happening[1]:
                debit, credit, cents = happening
                post(f"{number}", (uses[debit], cents), (uses[credit], -cents))
            booked = {account: cents for account, cents in balances().items() if cents}
            assert booked == {one: cents for one, cents in replayed_balances().items() if cents}
            assert sum(booked.values()) == 0
        transaction.set_rollback(True)


def test_a_checkpoint_without_news_is_not_kept_again(bank, income):
    last = post("a", (bank, 5), (income, -5))

    assert [keep_checkpoint(by=SYSTEM) for _ in range(3)] == [last] * 3
    kept = CheckpointBalance.objects.order_by("account")
    assert list(kept.values_list("checkpoint", "account", "cents")) == [
        (last, bank, 5),
        (last, income, -5),
    ]


def test_journal_and_account_are_read_page_by_page(bank, income):
    numbers = [post(f"{cents}", (bank, cents), (income, -cents)) for cents in range(1, 8)]
    keep_checkpoint(by=SYSTEM)
    reader = actor_of(make_clerk(None, "payments.ledger"))

    newest = journal(by=reader, limit=3)
    older = journal(by=reader, before=newest[-1].number, limit=10)
    assert [row.number for row in [*newest, *older]] == numbers[::-1]
    first = older[-1]
    assert [(side.debit, side.credit) for side in first.sides] == [
        (Money(1), None),
        (None, Money(1)),
    ]
    assert journal(by=reader, words="P-2") == []

    _account, page = account_lines(by=reader, account=bank, limit=4)
    _account, rest = account_lines(by=reader, account=bank, before=page[-1].number)
    assert [line.balance.cents for line in [*page, *rest]] == [28, 21, 15, 10, 6, 3, 1]
    assert [row.balance.cents for row in accounts(by=reader)] == [28, -28]
    with pytest.raises(NotFound):
        account_lines(by=reader, account=0)


def test_the_trial_balance_of_a_period(bank, income):
    january, february = date(2026, 1, 31), date(2026, 2, 1)
    post("a", (bank, 100), (income, -100), on=january)
    post("b", (bank, 30), (income, -30), on=february)
    post("c", (bank, -20), (income, 20), on=february)
    post("d", (bank, 7), (income, -7), on=date(2026, 3, 1))

    rows = trial_balance(by=SYSTEM, first=february, last=date(2026, 2, 28))

    assert [
        (row.account.pk, row.opening.cents, row.debit.cents, row.credit.cents, row.closing.cents)
        for row in rows
    ] == [(bank, 100, 30, 20, 110), (income, -100, 20, 30, -110)]
    assert [(total.debit.cents, total.credit.cents) for total in trial_totals(rows)] == [(50, 50)]


def test_only_accounting_reads_the_ledger(bank):
    for stranger in (actor_of(make_clerk(None, "payments.read")), actor_of(make_citizen())):
        for ask in (
            lambda by: accounts(by=by),
            lambda by: journal(by=by),
            lambda by: account_lines(by=by, account=bank),
            lambda by: trial_balance(by=by, first=today(), last=today()),
        ):
            with pytest.raises(NotAllowed):
                ask(stranger)


@pytest.mark.django_db(transaction=True)
def test_the_same_booking_from_eight_at_once_is_one():
    bank, income = account_for(Use.BANK), account_for(Use.INCOME)

    numbers = all_at_once(*[lambda: post("a", (bank, 5), (income, -5))] * 8)

    assert len(set(numbers)) == 1
    assert balances() == {bank: 5, income: -5}


@pytest.mark.django_db(transaction=True)
def test_closing_a_period_waits_for_bookings_under_way():
    bank, income = account_for(Use.BANK), account_for(Use.INCOME)
    yesterday = today() - timedelta(1)
    closed = Event()

    def close() -> None:
        close_period(by=SYSTEM, until=yesterday)
        closed.set()
        connection.close()

    closer = Thread(target=close)
    with unit_of_work():
        post("a", (bank, 5), (income, -5), on=yesterday)
        closer.start()
        assert not closed.wait(0.3)
    closer.join(10)

    assert closed.is_set()
    assert balances() == {bank: 5, income: -5}
    with pytest.raises(PeriodClosed):
        post("b", (bank, 5), (income, -5), on=yesterday)

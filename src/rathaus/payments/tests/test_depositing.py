"""Deposits: held as what the city keeps for others, given back once, retained with a reason."""

from datetime import date
from uuid import uuid4

import pytest
from tests.all_at_once import all_at_once
from tests.factories import make_citizen, make_clerk

from rathaus.accounts.queries import actor_of
from rathaus.audit.models import Entry
from rathaus.core import events
from rathaus.core.actor import SYSTEM
from rathaus.core.errors import NotAllowed, NotFound
from rathaus.core.money import ZERO, Money
from rathaus.payments.actions import (
    ClaimKind,
    MoreThanIsLeft,
    NoAccountToPayTo,
    PayTo,
    cancel_claim,
    give_back,
    refund_done,
    return_deposit,
    set_return_day,
)
from rathaus.payments.actions.depositing import (
    AnotherReturn,
    DepositReasonMissing,
    MoreThanIsHeld,
    NothingDecided,
    NothingHeld,
)
from rathaus.payments.events import RefundRequested
from rathaus.payments.incoming import Means
from rathaus.payments.models import Claim, Deposit, DepositStep, Refund
from rathaus.payments.queries import account_of
from rathaus.payments.tests.money import balances, owe, pay

pytestmark = pytest.mark.django_db

ACCOUNT = PayTo("AT61 1904 3002 3457 3201", "Clara Citizen")


@pytest.fixture(autouse=True)
def no_service(monkeypatch):
    """Refunds by card wait for a test to say that they are done."""
    kept = {k: v for k, v in events._listeners.items() if k is not RefundRequested}
    monkeypatch.setattr(events, "_listeners", events.defaultdict(list, kept))


@pytest.fixture
def debtor():
    return make_citizen()


@pytest.fixture
def clerk():
    return actor_of(make_clerk("finanzen", "payments.give_back"))


def demand(debtor, cents=50_000):
    return owe(
        debtor,
        cents,
        kind=ClaimKind.DEPOSIT,
        purpose={"de": "Kaution für das Zelt", "en": "Deposit for the tent"},
    )


def held(debtor, cents=50_000, means=Means.CARD):
    claim = demand(debtor, cents)
    pay(cents, (claim, cents), means=means)
    return claim


def decide(claim, returned=0, retained=0, **changes):
    values = {
        "by": SYSTEM,
        "claim": claim,
        "returned": Money(returned),
        "retained": Money(retained),
        "why": "alles in Ordnung",
        "key": f"clerk:{uuid4()}",
        **changes,
    }
    return return_deposit(**values)


def test_it_is_booked_as_what_the_city_keeps_for_others(debtor):
    claim = demand(debtor)
    assert balances() == {"receivables": 50_000, "deposits": -50_000}

    pay(50_000, (claim, 50_000), means=Means.CARD)

    assert balances() == {"card": 50_000, "deposits": -50_000}
    account = account_of(actor_of(debtor))
    assert (account.held.total, account.paid.total) == (Money(50_000), ZERO)


def test_all_of_it_goes_back(debtor, clerk):
    claim = held(debtor)
    decide(claim, 50_000, by=clerk, why="Zelt unversehrt zurück")

    refund = Refund.objects.get()
    assert (refund.cents, refund.means, refund.why) == (50_000, "card", "Zelt unversehrt zurück")
    assert balances() == {"card": 50_000, "refunds": -50_000}
    account = account_of(actor_of(debtor))
    assert account.going_back == {claim}
    assert (account.held.total, account.returned.total) == (ZERO, Money(50_000))

    refund_done(by=SYSTEM, refund=refund.pk)

    assert balances() == {}
    assert account_of(actor_of(debtor)).going_back == frozenset()
    entry = Entry.objects.get(did="payments.deposit_returned")
    assert (entry.about, entry.why, entry.actor) == (
        [debtor.pk],
        "Zelt unversehrt zurück",
        clerk.person,
    )


def test_a_part_is_retained_and_becomes_income(debtor):
    claim = held(debtor)
    decide(claim, 42_000, 8_000, why="Plane gerissen")

    assert balances() == {"card": 50_000, "refunds": -42_000, "income": -8_000}
    assert Deposit.objects.get().retained_cents == 8_000
    account = account_of(actor_of(debtor))
    assert account.returned.total == Money(42_000)
    [row] = account.returned.claims
    assert (row.returned, row.retained) == (Money(42_000), Money(8_000))
    with pytest.raises(NothingHeld):
        decide(claim, 1)


def test_all_of_it_is_retained(debtor):
    claim = held(debtor)
    decide(claim, 0, 50_000, why="Zelt verbrannt")

    assert balances() == {"card": 50_000, "income": -50_000}
    assert not Refund.objects.exists()
    account = account_of(actor_of(debtor))
    assert (account.held.total, account.returned.total, account.paid.total) == (
        ZERO,
        ZERO,
        Money(50_000),
    )
    assert Claim.objects.get(pk=claim).kept == ZERO


def test_in_steps_it_is_never_more_than_is_held(debtor):
    claim = held(debtor)
    decide(claim, 20_000)
    decide(claim, 0, 5_000)
    before = balances()
    for returned, retained in ((25_001, 0), (0, 25_001), (25_000, 1)):
        with pytest.raises(MoreThanIsHeld):
            decide(claim, returned, retained)
    receipt = Claim.objects.get(pk=claim).shares.get().receipt_id
    with pytest.raises(MoreThanIsLeft):
        give_back(by=SYSTEM, receipt=receipt, amount=Money(25_001), key="other", why="irrt")

    assert balances() == before
    assert DepositStep.objects.count() == 2
    decide(claim, 25_000)
    assert balances() == {"card": 50_000, "refunds": -45_000, "income": -5_000}


def test_only_the_money_of_the_deposit_goes_back(debtor):
    claim, fee = demand(debtor), owe(debtor, 3_000)
    pay(53_000, (claim, 50_000), (fee, 3_000), means=Means.CARD)

    decide(claim, 50_000)

    assert Claim.objects.get(pk=fee).kept == Money(3_000)
    assert balances() == {"card": 53_000, "income": -3_000, "refunds": -50_000}


def test_paid_in_parts_it_goes_back_from_each_receipt(debtor):
    claim = demand(debtor)
    pay(20_000, (claim, 20_000), means=Means.CASH)
    pay(30_000, (claim, 30_000), means=Means.CARD)

    decide(claim, 40_000)

    refunds = Refund.objects.order_by("pk").values_list("means", "cents")
    assert sorted(refunds) == [("card", 30_000), ("cash", 10_000)]


def test_what_came_by_transfer_goes_to_an_account(debtor):
    claim = held(debtor, means=Means.BANK)
    with pytest.raises(NoAccountToPayTo):
        decide(claim, 50_000)
    assert not DepositStep.objects.exists()

    decide(claim, 50_000, to=ACCOUNT)

    refund = Refund.objects.get()
    assert (refund.means, refund.iban) == ("bank", "AT611904300234573201")


@pytest.mark.parametrize(
    ("returned", "retained", "why", "refusal"),
    [
        (0, 0, "so", NothingDecided),
        (-1, 1, "so", NothingDecided),
        (1, 0, "  ", DepositReasonMissing),
    ],
)
def test_a_decision_says_something_and_why(debtor, returned, retained, why, refusal):
    claim = held(debtor)
    with pytest.raises(refusal):
        decide(claim, returned, retained, why=why)

    assert not DepositStep.objects.exists()


def test_said_twice_with_one_key_it_happens_once(debtor):
    claim = held(debtor)
    decide(claim, 10_000, 5_000, key="clerk:1")
    decide(claim, 10_000, 5_000, key="clerk:1")
    with pytest.raises(AnotherReturn):
        decide(claim, 10_000, 6_000, key="clerk:1")

    assert DepositStep.objects.count() == Refund.objects.count() == 1


def test_what_is_not_held_cannot_be_returned(debtor):
    unpaid, fee = demand(debtor), owe(debtor)
    with pytest.raises(NothingHeld):
        decide(unpaid, 1)
    with pytest.raises(NotFound):
        decide(fee, 1)
    with pytest.raises(NotAllowed):
        decide(unpaid, 1, by=actor_of(debtor))
    with pytest.raises(NotAllowed):
        set_return_day(by=actor_of(debtor), claim=unpaid, return_on=date(2027, 1, 4))

    cancel_claim(by=SYSTEM, claim=unpaid, why="doch kein Zelt")
    assert balances() == {"receivables": 10_000, "income": -10_000}


@pytest.mark.django_db(transaction=True)
def test_clerks_at_once_never_give_back_more_than_is_held():
    claim = held(make_citizen())

    answers = all_at_once(
        *[lambda: decide(claim, 50_000)] * 3,
        *[lambda: decide(claim, 0, 50_000)] * 3,
        refusals=(NothingHeld, MoreThanIsHeld),
    )

    assert answers.count(claim) == 1
    assert DepositStep.objects.count() == 1
    assert sum(-cents for use, cents in balances().items() if use != "card") == 50_000

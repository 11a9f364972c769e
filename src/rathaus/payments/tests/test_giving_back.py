"""Money that goes back: from where it is, never more than is left, and as the ledger says."""

from uuid import uuid4

import pytest
from tests.all_at_once import all_at_once
from tests.factories import make_citizen, make_clerk

from rathaus.accounts.queries import actor_of
from rathaus.audit.models import Entry
from rathaus.core import events
from rathaus.core.actor import ANONYMOUS, SYSTEM
from rathaus.core.errors import NotAllowed, NotFound
from rathaus.core.money import Money
from rathaus.payments.actions import (
    AlreadyEnded,
    AnotherRefund,
    MoreThanIsLeft,
    NoAccountToPayTo,
    NothingToGiveBack,
    Owed,
    PayTo,
    cancel_claim,
    charge,
    give_back,
    refund_done,
    refund_failed,
    refund_sent,
)
from rathaus.payments.events import RefundEnded, RefundRequested
from rathaus.payments.incoming import Means
from rathaus.payments.models import Claim, Credit, Refund, Share
from rathaus.payments.tests.money import DUE, balances, owe, pay, standing

pytestmark = pytest.mark.django_db

ACCOUNT = PayTo("AT61 1904 3002 3457 3201", "Clara Citizen")


@pytest.fixture
def debtor():
    return make_citizen()


@pytest.fixture
def heard(monkeypatch):
    told: list[object] = []
    monkeypatch.setattr(events, "_listeners", events.defaultdict(list))
    for event in (RefundRequested, RefundEnded):
        events.connect(event, told.append)
    return told


def back(received, cents, **changes):
    values = {
        "by": SYSTEM,
        "receipt": received.receipt,
        "amount": Money(cents),
        "key": f"refund:{uuid4()}",
        "why": "Kulanz",
        **changes,
    }
    return give_back(**values)


def by_card(debtor, cents=10_000, **changes):
    claim = owe(debtor)
    received = pay(cents, (claim, cents), means=Means.CARD, payer=debtor.pk, **changes)
    return claim, received


def test_a_card_payment_goes_back_as_it_came(debtor, heard):
    claim, received = by_card(debtor, key="card:pi_1")

    refund = back(received, 4_000)
    assert standing(claim) == ("settled", 0)
    assert balances() == {"card": 10_000, "income": -6_000, "refunds": -4_000}
    refund_sent(by=SYSTEM, refund=refund)
    refund_done(by=SYSTEM, refund=refund)
    refund_done(by=SYSTEM, refund=refund)

    assert balances() == {"card": 6_000, "income": -6_000}
    row = Refund.objects.get()
    assert (row.state, row.payee_id, row.means) == ("done", debtor.pk, "card")
    assert heard == [
        RefundRequested(refund, received.receipt, "card:pi_1", "card", Money(4_000)),
        RefundEnded(refund, received.receipt, Money(4_000), is_done=True),
    ]
    assert Entry.objects.filter(did="payments.refund_done").count() == 1


def test_what_is_over_goes_back_before_what_paid(debtor):
    claim, received = by_card(debtor, cents=12_500)

    back(received, 3_000)

    assert Credit.objects.get().left_cents == 0
    assert Share.objects.get().left_cents == 9_500
    assert Claim.objects.get(pk=claim).kept == Money(9_500)
    assert balances() == {"card": 12_500, "income": -9_500, "refunds": -3_000}


def test_only_the_credit_where_it_is_named(debtor):
    _claim, received = by_card(debtor, cents=12_500)
    credit = Credit.objects.get().pk

    with pytest.raises(MoreThanIsLeft):
        back(received, 2_501, credit=credit)
    assert Credit.objects.get().left_cents == 2_500
    back(received, 2_500, credit=credit)

    assert Credit.objects.get().left_cents == 0
    assert Share.objects.get().left_cents == 10_000


def test_an_open_claim_is_owed_again_and_can_be_paid(debtor):
    claim = owe(debtor)
    received = pay(4_000, (claim, 4_000))

    back(received, 1_500, to=ACCOUNT)

    assert standing(claim) == ("open", 7_500)
    assert balances() == {
        "bank": 4_000,
        "receivables": 7_500,
        "income": -10_000,
        "refunds": -1_500,
    }
    pay(7_500, (claim, 7_500))
    assert standing(claim) == ("settled", 0)


def test_what_failed_is_a_credit_and_goes_back_another_way(debtor):
    claim, received = by_card(debtor, cents=12_500)
    refund = back(received, 6_000)

    refund_failed(by=SYSTEM, refund=refund, problem="Karte gesperrt")
    refund_failed(by=SYSTEM, refund=refund, problem="noch einmal")

    assert balances() == {"card": 12_500, "income": -6_500, "credit": -6_000}
    assert sum(Credit.objects.values_list("left_cents", flat=True)) == 6_000
    assert Claim.objects.get(pk=claim).kept == Money(6_500)
    with pytest.raises(AlreadyEnded):
        refund_done(by=SYSTEM, refund=refund)
    refund_done(by=SYSTEM, refund=back(received, 12_500, to=ACCOUNT))
    assert balances() == {"card": 12_500, "bank": -12_500}


def test_what_was_given_back_can_be_charged_again(debtor):
    def charged(cents):
        charge(
            by=SYSTEM,
            debtor=debtor.pk,
            reference="HU-1",
            owed=[Owed("tax", {"de": "Abgabe"}, Money(cents), DUE)],
            why="geändert",
            among=["tax"],
        )

    charged(4_000)
    received = pay(4_000, (Claim.objects.get().pk, 4_000), means=Means.CASH)
    charged(3_000)
    refund_done(by=SYSTEM, refund=back(received, 1_000))
    charged(3_500)

    assert dict(Claim.objects.values_list("key", "cents")) == {"tax": 4_000, "tax:2": 500}
    assert balances() == {"cash": 3_000, "receivables": 500, "income": -3_500}


def test_a_cancelled_claim_s_money_can_go_back(debtor):
    claim = owe(debtor)
    received = pay(4_000, (claim, 4_000), means=Means.CASH)
    cancel_claim(by=SYSTEM, claim=claim, why="Irrtum")

    refund_done(by=SYSTEM, refund=back(received, 4_000))

    assert balances() == {}


def test_said_twice_it_is_one_refund(debtor):
    _claim, received = by_card(debtor)
    first = back(received, 4_000, key="k")
    before = balances()

    assert back(received, 4_000, key="k") == first
    with pytest.raises(AnotherRefund):
        back(received, 4_001, key="k")

    assert (balances(), Refund.objects.count()) == (before, 1)


def test_refusals_change_nothing(debtor):
    claim = owe(debtor)
    received = pay(10_000, (claim, 10_000))
    before = balances()
    for cents in (0, -1):
        with pytest.raises(NothingToGiveBack):
            back(received, cents, to=ACCOUNT)
    with pytest.raises(MoreThanIsLeft):
        back(received, 10_001, to=ACCOUNT)
    for to in (None, PayTo("AT61 1904 3002 3457 3202", "Clara"), PayTo(ACCOUNT.iban, " ")):
        with pytest.raises(NoAccountToPayTo):
            back(received, 10, to=to)
    with pytest.raises(NotFound):
        back(received, 10, receipt=uuid4(), to=ACCOUNT)
    cashier = actor_of(make_clerk(None, "payments.read", "payments.receive"))
    for stranger in (cashier, actor_of(debtor), ANONYMOUS):
        with pytest.raises(NotAllowed):
            back(received, 10, by=stranger, to=ACCOUNT)
        with pytest.raises(NotAllowed):
            refund_done(by=stranger, refund=uuid4())
    with pytest.raises(NotFound):
        refund_done(by=SYSTEM, refund=uuid4())

    assert (balances(), Refund.objects.count()) == (before, 0)
    assert Share.objects.get().left_cents == 10_000


@pytest.mark.django_db(transaction=True)
def test_two_requests_at_once_never_give_back_more_than_there_is():
    debtor = make_citizen()
    _claim, received = by_card(debtor, cents=12_500)

    answers = all_at_once(*[lambda: back(received, 5_000)] * 6, refusals=(MoreThanIsLeft,))

    assert answers.count(MoreThanIsLeft) == 4
    assert Refund.objects.count() == 2
    assert balances() == {"card": 12_500, "income": -2_500, "refunds": -10_000}

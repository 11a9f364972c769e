"""Money that comes: every outcome, one receipt per key, and the same in the ledger."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st
from tests.all_at_once import all_at_once
from tests.factories import make_citizen, make_clerk

from rathaus.accounts.queries import actor_of
from rathaus.audit.models import Entry
from rathaus.core import events
from rathaus.core.actor import ANONYMOUS, SYSTEM
from rathaus.core.errors import NotAllowed, NotFound
from rathaus.core.money import Money
from rathaus.payments.actions import AnotherReceipt, NoSuchMoney, cancel_claim
from rathaus.payments.allotting import Standing, allot
from rathaus.payments.events import ClaimOverpaid, ClaimPartlyPaid, ClaimSettled, ReceiptsMade
from rathaus.payments.incoming import Allotted, Means, Outcome, Received
from rathaus.payments.models import Claim, Credit, Receipt, Share, Transaction
from rathaus.payments.tests.money import DAY, DUE, balances, owe, pay, standing

pytestmark = pytest.mark.django_db


@pytest.fixture
def debtor():
    return make_citizen()


@pytest.fixture
def heard(monkeypatch):
    told: list[object] = []
    monkeypatch.setattr(events, "_listeners", events.defaultdict(list))
    for event in (ClaimSettled, ClaimPartlyPaid, ClaimOverpaid, ReceiptsMade):
        events.connect(event, told.append)
    return told


def test_what_is_paid_in_full_is_settled(debtor, heard):
    claim = owe(debtor)
    assert balances() == {"receivables": 10_000, "income": -10_000}

    received = pay(10_000, (claim, 10_000), key="card:pi_1", means=Means.CARD, payer=debtor.pk)

    row = Claim.objects.get(pk=claim)
    receipt = Receipt.objects.get()
    assert received == Received(
        receipt=receipt.pk,
        number=f"ZB-{receipt.year}-000001",
        allotted=(Allotted(claim, Money(10_000), Outcome.SETTLED),),
        credit=Money(0),
    )
    assert standing(claim) == ("settled", 0)
    assert balances() == {"card": 10_000, "income": -10_000}
    assert heard == [
        ClaimSettled(claim, row.reference, "fee", Money(10_000), receipt.pk),
        ReceiptsMade((receipt.pk,)),
    ]
    entry = Entry.objects.get(did="payments.received")
    assert (entry.about, entry.case) == ([debtor.pk], row.reference)


def test_money_in_parts_adds_up(debtor, heard):
    claim = owe(debtor)
    reference = Claim.objects.get(pk=claim).reference

    first = pay(4_000, (claim, 4_000))
    assert first.allotted == (Allotted(claim, Money(4_000), Outcome.PARTIAL),)
    assert standing(claim) == ("open", 6_000)
    second = pay(6_000, (claim, 6_000))

    assert second.allotted == (Allotted(claim, Money(6_000), Outcome.SETTLED),)
    assert standing(claim) == ("settled", 0)
    assert balances() == {"bank": 10_000, "income": -10_000}
    assert [type(event) for event in heard] == [
        ClaimPartlyPaid,
        ReceiptsMade,
        ClaimSettled,
        ReceiptsMade,
    ]
    assert heard[0] == ClaimPartlyPaid(
        claim, reference, "fee", Money(4_000), Money(6_000), first.receipt
    )


def test_what_is_too_much_becomes_a_credit(debtor, heard):
    claim = owe(debtor)

    received = pay(12_000, (claim, 12_000))

    assert received.allotted == (Allotted(claim, Money(10_000), Outcome.OVER),)
    assert received.credit == Money(2_000)
    credit = Credit.objects.get()
    assert (credit.owner_id, credit.cents, credit.left_cents) == (debtor.pk, 2_000, 2_000)
    assert balances() == {"bank": 12_000, "income": -10_000, "credit": -2_000}
    reference = Claim.objects.get().reference
    assert ClaimOverpaid(reference, "fee", debtor.pk, Money(2_000)) in heard


def test_what_was_paid_before_or_fell_away_takes_nothing(debtor):
    paid, fallen = owe(debtor), owe(debtor)
    pay(10_000, (paid, 10_000))
    cancel_claim(by=SYSTEM, claim=fallen, why="Irrtum")

    double = pay(10_000, (paid, 10_000))
    late = pay(10_000, (fallen, 10_000))

    assert double.allotted == (Allotted(paid, Money(0), Outcome.DOUBLE),)
    assert late.allotted == (Allotted(fallen, Money(0), Outcome.LATE),)
    assert (double.credit, late.credit) == (Money(10_000), Money(10_000))
    assert standing(fallen) == ("cancelled", 0)
    assert balances() == {"bank": 30_000, "income": -10_000, "credit": -20_000}


@pytest.mark.parametrize(("day", "outcome"), [(DUE, "settled"), (DUE + timedelta(1), "late")])
def test_money_after_the_due_date_is_late_and_settles(debtor, day, outcome):
    claim = owe(debtor)

    [share] = pay(10_000, (claim, 10_000), received_on=day).allotted

    assert (share.outcome.value, share.amount) == (outcome, Money(10_000))
    assert standing(claim) == ("settled", 0)


def test_one_payment_for_several_claims_with_something_left(debtor):
    small, large, open_one = owe(debtor, 1_000), owe(debtor, 50_000), owe(debtor, 700)

    received = pay(52_000, (large, 50_000), (small, 1_000), (open_one, 500), payer=debtor.pk)

    assert [share.outcome.value for share in received.allotted] == [
        "settled",
        "settled",
        "partial",
    ]
    assert received.credit == Money(500)
    assert [standing(claim) for claim in (small, large, open_one)] == [
        ("settled", 0),
        ("settled", 0),
        ("open", 200),
    ]
    assert balances() == {
        "bank": 52_000,
        "receivables": 200,
        "income": -51_700,
        "credit": -500,
    }


def test_money_of_nobody_known_waits_for_a_clerk():
    received = pay(3_000)

    assert (received.allotted, received.credit) == ((), Money(3_000))
    assert Credit.objects.get().owner_id is None
    assert balances() == {"bank": 3_000, "unknown": -3_000}


def test_what_waits_for_a_decision_can_be_paid_and_is_booked_then(debtor):
    claim = owe(debtor, due_on=None)
    assert balances() == {}

    pay(10_000, (claim, 10_000))

    assert standing(claim) == ("settled", 0)
    assert balances() == {"bank": 10_000, "income": -10_000}


def test_the_same_key_answers_the_same_and_other_money_is_refused(debtor):
    claim, other = owe(debtor), owe(debtor)
    first = pay(10_000, (claim, 10_000), key="bank:1")
    before = (balances(), Receipt.objects.count(), Entry.objects.count())

    assert pay(10_000, (claim, 10_000), key="bank:1", received_on=DUE) == first
    for changed in [(9_000, (claim, 9_000)), (10_000, (other, 10_000)), (10_000,)]:
        with pytest.raises(AnotherReceipt):
            pay(*changed, key="bank:1")

    assert (balances(), Receipt.objects.count(), Entry.objects.count()) == before
    assert standing(other) == ("open", 10_000)


def test_nonsense_and_strangers_are_refused_and_nothing_changes(debtor):
    claim = owe(debtor)
    before = balances()
    for cents, parts in [
        (0, []),
        (-5, []),
        (10, [(claim, 11)]),
        (10, [(claim, 0)]),
        (10, [(claim, 5), (claim, 5)]),
    ]:
        with pytest.raises(NoSuchMoney):
            pay(cents, *parts)
    with pytest.raises(NoSuchMoney):
        pay(10, (claim, 10), amount=Money(10, "CHF"))
    with pytest.raises(NotFound):
        pay(10, (uuid4(), 10))
    for stranger in (actor_of(debtor), actor_of(make_clerk(None, "payments.read")), ANONYMOUS):
        with pytest.raises(NotAllowed):
            pay(10_000, (claim, 10_000), by=stranger)

    assert (balances(), Receipt.objects.count()) == (before, 0)
    assert standing(claim) == ("open", 10_000)


def test_a_partly_paid_claim_that_falls_away_leaves_a_credit(debtor):
    claim = owe(debtor)
    pay(4_000, (claim, 4_000))

    cancel_claim(by=SYSTEM, claim=claim, why="Irrtum")

    credit = Credit.objects.get()
    assert (credit.owner_id, credit.left_cents) == (debtor.pk, 4_000)
    assert Share.objects.get().left_cents == 0
    assert balances() == {"bank": 4_000, "credit": -4_000}


def test_cancelling_reverses_once(debtor):
    claim = owe(debtor)
    cancel_claim(by=SYSTEM, claim=claim, why="Irrtum")
    cancel_claim(by=SYSTEM, claim=claim, why="noch einmal")

    original, reversal = Transaction.objects.order_by("number")
    assert (reversal.reverses, reversal.kind) == (original, "reversal")
    assert balances() == {}


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE payments_receipt SET cents = cents + 1",
        "UPDATE payments_share SET cents = cents - 1",
        "DELETE FROM payments_share",
        "DELETE FROM payments_receipt",
        "UPDATE payments_claim SET paid_cents = 5; UPDATE payments_share SET left_cents = 3",
        "INSERT INTO payments_credit (id, receipt_id, account_id, cents, left_cents, currency,"
        " made_at) SELECT gen_random_uuid(), payments_receipt.id, payments_account.id, 1, 1, 'EUR',"
        " now() FROM payments_receipt, payments_account WHERE use = 'credit'",
    ],
)
def test_the_database_itself_keeps_receipts_right(debtor, change):
    claim = owe(debtor)
    pay(10_000, (claim, 10_000))
    pay(1, payer=debtor.pk)  # so that there is an account of credits
    before = list(Receipt.objects.values_list()) + list(Share.objects.values_list())

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"{change}; SET CONSTRAINTS ALL IMMEDIATE")

    assert list(Receipt.objects.values_list()) + list(Share.objects.values_list()) == before


@given(st.integers(1, 10**9), st.integers(1, 10**9), st.dates(date(2026, 1, 1), date(2027, 1, 1)))
def test_a_claim_never_takes_more_than_its_rest(cents, rest, day):
    taken, outcome = allot(cents, Standing(rest, DUE), received_on=day)

    assert taken == min(cents, rest)
    assert (outcome is Outcome.OVER) == (cents > rest)
    assert (outcome is Outcome.PARTIAL) == (cents < rest)
    assert (outcome is Outcome.LATE) == (cents == rest and day > DUE)
    for gone in (Standing(0, DUE, is_settled=True), Standing(0, DUE, is_cancelled=True)):
        assert allot(cents, gone, received_on=day)[0] == 0


@pytest.mark.django_db(transaction=True)
def test_eight_tellers_of_one_payment_make_one_receipt():
    claim = owe(make_citizen())

    answers = all_at_once(*[lambda: pay(10_000, (claim, 10_000), key="card:pi_1")] * 8)

    assert len(set(answers)) == 1
    assert (Receipt.objects.count(), standing(claim)) == (1, ("settled", 0))
    assert balances() == {"bank": 10_000, "income": -10_000}


@pytest.mark.django_db(transaction=True)
def test_many_payments_at_once_lose_nothing_and_number_without_gaps():
    debtor = make_citizen()
    one, two = owe(debtor), owe(debtor)
    crossed = [((one, 3_000), (two, 2_000)), ((two, 3_000), (one, 2_000))]

    received = all_at_once(*[lambda parts=parts: pay(5_000, *parts) for parts in crossed * 4])

    places = sorted(Receipt.objects.values_list("place", flat=True))
    assert places == [1, 2, 3, 4, 5, 6, 7, 8]
    credit = sum(answer.credit.cents for answer in received)
    assert credit == 20_000
    assert (standing(one), standing(two)) == (("settled", 0), ("settled", 0))
    assert balances() == {"bank": 40_000, "income": -20_000, "credit": -20_000}
    assert Receipt.objects.values_list("received_on", flat=True).distinct().get() == DAY

"""Cash at the counter: taken once for a reference, counted once a day, a difference booked."""

from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from tests.all_at_once import all_at_once
from tests.factories import make_citizen, make_city, make_clerk

from rathaus.accounts.queries import actor_of
from rathaus.audit.models import Entry
from rathaus.core.clock import now
from rathaus.core.errors import NotAllowed, NotFound
from rathaus.core.money import Money
from rathaus.payments.actions import (
    DayNotOpen,
    DayOpened,
    DeskExists,
    NotAnAmount,
    NothingToPay,
    PaidOtherwise,
    TooLittleGiven,
    Wish,
    add_desk,
    cancel_payment,
    close_desk,
    open_desk,
    open_payment,
    start_payment,
    take_cash,
)
from rathaus.payments.actions.referencing import reference_for
from rathaus.payments.incoming import Means
from rathaus.payments.models import CashClosing, CashTaking, Credit, Payment, Receipt
from rathaus.payments.queries import desk_view, to_take
from rathaus.payments.references import printed_reference, reference_of
from rathaus.payments.tests.bank import open_bank_account
from rathaus.payments.tests.money import balances, owe, pay, standing

pytestmark = pytest.mark.django_db


@pytest.fixture
def cashier():
    make_city()
    open_bank_account()
    return actor_of(make_clerk(None, "payments.take_cash", "payments.manage_desks"))


@pytest.fixture
def desk(cashier):
    desk = add_desk(by=cashier, name="Schalter 1")
    open_desk(by=cashier, desk=desk, float_=Money(20_000))
    return desk


def to_bring(payer, *claims, means=Means.CASH) -> tuple[Payment, str]:
    wish = Wish(frozenset(claims), means)
    payment = start_payment(by=actor_of(payer), key=str(uuid4()), wish=wish)
    open_payment(by=actor_of(payer), payment=payment)
    return Payment.objects.get(pk=payment), reference_for(payment=payment)


def take(cashier, desk, reference, given=20_000, key="t-1"):
    return take_cash(by=cashier, desk=desk, reference=reference, given=Money(given), key=key)


def test_a_citizens_code_is_paid_at_the_counter(cashier, desk):
    payer = make_citizen()
    a, b = owe(payer, 4_450), owe(payer, 6_000)
    payment, reference = to_bring(payer, a, b)

    shown = to_take(cashier, printed_reference(reference).lower())
    taken = take(cashier, desk, printed_reference(reference))

    assert (shown.amount, len(shown.lines)) == (Money(10_450), 2)
    assert (taken.amount, taken.change) == (Money(10_450), Money(9_550))
    payment.refresh_from_db()
    receipt = Receipt.objects.get()
    assert (payment.state, payment.receipt, receipt.means) == ("succeeded", receipt, "cash")
    assert [standing(claim) for claim in (a, b)] == [("settled", 0)] * 2
    assert balances()["cash"] == 10_450
    assert desk_view(cashier, desk).expected == Money(30_450)
    assert to_take(cashier, reference) is None


def test_what_a_transfer_paid_meanwhile_is_not_taken_again(cashier, desk):
    payer = make_citizen()
    a, b, c = owe(payer, 4_450), owe(payer, 6_000), owe(payer, 1_000)
    payment, reference = to_bring(payer, a, b, c)
    pay(6_950, (a, 4_450), (b, 2_500))

    shown = to_take(cashier, reference)
    assert ([line[-1] for line in shown.lines], shown.amount) == (
        [Money(3_500), Money(1_000)],
        Money(4_500),
    )
    with pytest.raises(TooLittleGiven):
        take(cashier, desk, reference, given=4_499)
    taken = take(cashier, desk, reference, given=5_000)

    assert (taken.amount, taken.change) == (Money(4_500), Money(500))
    assert {standing(claim) for claim in (a, b, c)} == {("settled", 0)}
    payment.refresh_from_db()
    assert (payment.state, payment.receipt_id) == ("succeeded", taken.receipt)
    assert not Credit.objects.exists()


def test_one_claim_is_paid_by_its_own_reference(cashier, desk):
    claim = owe(make_citizen(), 2_100)

    taken = take(cashier, desk, reference_for(claim=claim), given=2_100)

    assert (taken.change, standing(claim)) == (Money(0), ("settled", 0))


def test_the_same_press_takes_money_once(cashier, desk):
    claim = owe(make_citizen())
    reference = reference_for(claim=claim)

    assert take(cashier, desk, reference) == take(cashier, desk, reference)
    assert CashTaking.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_desks_at_the_same_moment_take_it_once(cashier, desk):
    other = add_desk(by=cashier, name="Schalter 2")
    open_desk(by=cashier, desk=other, float_=Money(0))
    _payment, reference = to_bring(payer := make_citizen(), owe(payer))

    found = all_at_once(
        lambda: take(cashier, desk, reference, key="one"),
        lambda: take(cashier, other, reference, key="two"),
        refusals=(NothingToPay,),
    )

    assert found.count(NothingToPay) == 1
    assert (Receipt.objects.count(), CashTaking.objects.count()) == (1, 1)


def test_what_cannot_be_taken_is_refused_and_nothing_changes(cashier, desk):
    payer = make_citizen()
    _card, by_bank = to_bring(payer, owe(payer), means=Means.BANK)
    given_up, gone = to_bring(payer, owe(payer))
    cancel_payment(by=actor_of(payer), payment=given_up.pk)
    open_one = reference_for(claim=owe(payer))
    waiting = reference_for(claim=owe(payer, due_on=None))
    before = Payment.objects.count(), CashTaking.objects.count(), Receipt.objects.count()

    for refusal, reference, given in (
        (PaidOtherwise, by_bank, 20_000),
        (NothingToPay, gone, 20_000),
        (NothingToPay, waiting, 20_000),
        (TooLittleGiven, open_one, 9_999),
        (NotFound, reference_of(999_999), 20_000),
        (NotFound, "Hund", 20_000),
    ):
        with pytest.raises(refusal):
            take(cashier, desk, reference, given=given)
    after = Payment.objects.count(), CashTaking.objects.count(), Receipt.objects.count()
    assert after == before


@pytest.mark.parametrize(
    ("counted", "difference", "books"), [(30_000, 0, {}), (29_990, -10, {"differences": 10}),
                                         (30_025, 25, {"differences": -25})],
)  # fmt: skip
def test_a_day_is_counted_once_and_the_difference_booked(cashier, desk, counted, difference, books):
    take(cashier, desk, reference_for(claim=owe(make_citizen())))

    day = close_desk(by=cashier, desk=desk, counted=Money(counted), remark="gezählt zu zweit")

    assert (day.takings_cents, day.difference) == (10_000, Money(difference))
    found = balances()
    assert found["cash"] == 10_000 + difference
    assert {use: cents for use, cents in found.items() if use == "differences"} == books
    entry = Entry.objects.get(did="payments.desk_closed")
    assert entry.details["difference"] == difference
    for again in (
        lambda: close_desk(by=cashier, desk=desk, counted=Money(1)),
        lambda: take(cashier, desk, reference_for(claim=owe(make_citizen())), key="t-2"),
    ):
        with pytest.raises(DayNotOpen):
            again()
    with pytest.raises(DayOpened):
        open_desk(by=cashier, desk=desk, float_=Money(0))


@pytest.mark.django_db(transaction=True)
def test_taking_and_closing_at_once_never_lose_a_cent(cashier, desk):
    references = [reference_for(claim=owe(make_citizen())) for _ in range(4)]

    all_at_once(
        *[
            lambda one=reference, key=f"k-{number}": take(cashier, desk, one, key=key)
            for number, reference in enumerate(references)
        ],
        lambda: close_desk(by=cashier, desk=desk, counted=Money(20_000)),
        refusals=(DayNotOpen,),
    )

    day = CashClosing.objects.get()
    assert day.takings_cents == 10_000 * CashTaking.objects.count()
    assert Receipt.objects.count() == CashTaking.objects.count()


def test_strange_amounts_and_names(cashier, desk):
    with pytest.raises(DeskExists):
        add_desk(by=cashier, name=" Schalter 1 ")
    with pytest.raises(NotAnAmount):
        close_desk(by=cashier, desk=desk, counted=Money(-1))
    with pytest.raises(NotFound):
        open_desk(by=cashier, desk=999, float_=Money(0))
    other = add_desk(by=cashier, name="Schalter 2")
    with pytest.raises(NotAnAmount):
        open_desk(by=cashier, desk=other, float_=Money(-1))
    with pytest.raises(DayNotOpen):
        take(cashier, other, reference_for(claim=owe(make_citizen())))


def test_without_the_right_nobody_touches_a_drawer(cashier, desk):
    reference = reference_for(claim=owe(make_citizen()))
    for stranger in (actor_of(make_citizen()), actor_of(make_clerk(None, "payments.read"))):
        for deed in (
            lambda by=stranger: take(by, desk, reference),
            lambda by=stranger: close_desk(by=by, desk=desk, counted=Money(0)),
            lambda by=stranger: open_desk(by=by, desk=desk, float_=Money(0)),
            lambda by=stranger: add_desk(by=by, name="Meine"),
            lambda by=stranger: to_take(by, reference),
        ):
            with pytest.raises(NotAllowed):
                deed()
    assert Receipt.objects.count() == 0


def test_the_database_knows_one_day_for_each_desk(cashier, desk):
    day = CashClosing.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        CashClosing.objects.create(desk_id=desk, day=day.day, float_cents=0, opened_at=now())

"""Paying in the demo city: a desk that was counted yesterday, and payments in every state that
needs no payment service.
"""

from datetime import timedelta

from rathaus.core.clock import as_of, now
from rathaus.core.money import ZERO, Money
from rathaus.demo.lindenfurt.colleagues import Colleagues
from rathaus.payments.actions import (
    Wish,
    add_desk,
    close_desk,
    open_desk,
    open_payment,
    start_payment,
    take_cash,
)
from rathaus.payments.incoming import Means
from rathaus.payments.queries import account_of, payment_of

CASHIER = "sabine-wolf"
DESK = "Bürgerservice, Schalter 1"
FLOAT = Money(20_000)
# Who means to pay what they owe, and how.
PAYERS = (
    ("anna-huber", Means.BANK),
    ("mehmet-yildiz", Means.CASH),
)


def load(colleagues: Colleagues) -> None:
    """Somebody paid yesterday at the desk; others are about to."""
    cashier = colleagues.person(CASHIER)
    with as_of(now() - timedelta(days=1)):
        desk = add_desk(by=cashier, name=DESK)
        open_desk(by=cashier, desk=desk, float_=FLOAT)
        taken = _paid_in_cash(colleagues, desk)
        close_desk(by=cashier, desk=desk, counted=FLOAT + taken - Money(10))
    open_desk(by=cashier, desk=desk, float_=FLOAT)
    for slug, means in PAYERS:
        _begin(colleagues, slug, means)


def _begin(colleagues: Colleagues, slug: str, means: Means) -> str:
    """A running payment of one claim of that person; its reference, or nothing to pay."""
    person = colleagues.person(slug)
    payable = account_of(person).payable
    if not payable:
        return ""
    wish = Wish(frozenset([payable[0].claim]), means)
    payment = start_payment(by=person, key=f"demo:{slug}:{means}", wish=wish)
    open_payment(by=person, payment=payment)
    return payment_of(person, payment).reference


def _paid_in_cash(colleagues: Colleagues, desk: int) -> Money:
    person = "sophie-wagner"
    reference = _begin(colleagues, person, Means.CASH)
    if not reference:
        return ZERO
    cashier = colleagues.person(CASHIER)
    given = Money(50_000)
    return take_cash(
        by=cashier, desk=desk, reference=reference, given=given, key="demo:desk"
    ).amount

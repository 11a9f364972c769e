"""Paying in the demo city: an open desk, and payments that need no payment service."""

from rathaus.core.money import Money
from rathaus.demo.lindenfurt.colleagues import Colleagues
from rathaus.payments.actions import (
    Wish,
    add_desk,
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
    """The desk is open, somebody has paid there, others are about to pay."""
    cashier = colleagues.person(CASHIER)
    desk = add_desk(by=cashier, name=DESK)
    open_desk(by=cashier, desk=desk, float_=FLOAT)
    _pay_in_cash(colleagues, desk)
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


def _pay_in_cash(colleagues: Colleagues, desk: int) -> None:
    reference = _begin(colleagues, "sophie-wagner", Means.CASH)
    if reference:
        cashier = colleagues.person(CASHIER)
        given = Money(50_000)
        take_cash(by=cashier, desk=desk, reference=reference, given=given, key="demo:desk")

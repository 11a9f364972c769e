"""What each of the treasury sees first: only what they may look after."""

import pytest
from tests.factories import make_citizen, make_city, make_clerk

from rathaus.accounts.queries import actor_of
from rathaus.core.money import Money
from rathaus.payments.actions import add_desk, open_desk, take_cash
from rathaus.payments.actions.referencing import reference_for
from rathaus.payments.queries.dashboard import cards
from rathaus.payments.tests.bank import come, open_bank_account
from rathaus.payments.tests.money import owe

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def books(db: None) -> None:
    make_city()
    open_bank_account()


def seen(*rights: str) -> dict[str, tuple[str, str]]:
    clerk = actor_of(make_clerk(None, *rights))
    return {str(card.label): (card.value, card.tone) for card in cards(clerk)}


def test_money_from_the_bank_waits_for_whoever_clears_it() -> None:
    assert seen("payments.bank") == {"Kontobewegungen zu klären": ("0", "neutral")}

    come("12.00", text="für irgendetwas")

    assert seen("payments.bank") == {"Kontobewegungen zu klären": ("1", "warning")}


def test_somebody_at_a_drawer_sees_what_came_in_today() -> None:
    assert seen("payments.take_cash") == {"Heute bar eingenommen": ("€ 0,00", "neutral")}
    cashier = actor_of(make_clerk(None, "payments.take_cash", "payments.manage_desks"))
    desk = add_desk(by=cashier, name="Schalter 1")
    open_desk(by=cashier, desk=desk, float_=Money(20_000))

    for number, cents in enumerate((2_100, 950)):
        reference = reference_for(claim=owe(make_citizen(), cents))
        given = Money(5_000)
        take_cash(by=cashier, desk=desk, reference=reference, given=given, key=str(number))

    assert seen("payments.take_cash") == {"Heute bar eingenommen": ("€ 30,50", "neutral")}


def test_without_a_right_there_is_nothing() -> None:
    assert seen("cases.handle") == {}

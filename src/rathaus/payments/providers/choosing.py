"""Which provider takes which means in this city, and which of them are on offer."""

from django.conf import settings

from rathaus.payments.incoming import Means
from rathaus.payments.providers.bank_transfer import BankTransfer
from rathaus.payments.providers.base import OnlineProvider, Provider
from rathaus.payments.providers.cash_desk import CashCounter
from rathaus.payments.providers.eps import EpsByStripe
from rathaus.payments.providers.stripe import StripeCheckout
from rathaus.payments.queries.accounts import bank_account

_ONLINE: dict[Means, OnlineProvider] = {
    Means.CARD: StripeCheckout(Means.CARD),
    Means.EPS: EpsByStripe(),
}
_PROVIDERS: dict[Means, Provider] = {
    **_ONLINE,
    Means.BANK: BankTransfer(),
    Means.CASH: CashCounter(),
}


def provider_of(means: Means) -> Provider:
    """Who takes these means. Raises `LookupError` where nobody does."""
    return _PROVIDERS[means]


def online_provider_of(means: Means) -> OnlineProvider:
    """The same for means with a page and messages of their own. Raises `LookupError`."""
    return _ONLINE[means]


def is_set_up(means: Means) -> bool:
    """Whether the city has what it takes: a key, a bank account. Desks are asked elsewhere."""
    if means in _ONLINE:
        return bool(settings.STRIPE_KEY)
    if means is Means.BANK:
        return bank_account() is not None
    return means is Means.CASH

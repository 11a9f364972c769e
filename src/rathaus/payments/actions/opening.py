"""Making a payment known to its provider, as often as it takes until it is."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from rathaus.core.errors import DomainError
from rathaus.core.localized import localize
from rathaus.core.money import Money
from rathaus.payments.actions.moving import end, move
from rathaus.payments.incoming import Means
from rathaus.payments.models import Payment
from rathaus.payments.payment_states import PaymentState
from rathaus.payments.providers.base import Line, Order, Refused, Unreachable
from rathaus.payments.providers.choosing import provider_of


class ServiceSilent(DomainError):
    """The payment service does not answer; nothing has changed."""

    status = 503
    message = _("Der Zahlungsdienst antwortet gerade nicht. Bitte versuchen Sie es noch einmal.")


def make_known(row: Payment) -> None:
    """Open a locked payment that its provider does not know yet. Raises `ServiceSilent`."""
    try:
        opened = provider_of(Means(row.means)).open(_order(row))
    except Unreachable as error:
        raise ServiceSilent from error
    except Refused:  # its time was over before the service came back
        end(row, PaymentState.EXPIRED)
        return
    row.number, row.page = opened.number, opened.page
    move(row, PaymentState.PENDING, "number", "page")


def _order(row: Payment) -> Order:
    parts = row.parts.select_related("claim").order_by("position")
    return Order(
        payment=row.pk,
        means=Means(row.means),
        lines=[
            Line(
                f"{localize(part.claim.purpose, row.language)} ({part.claim.reference})",
                Money(part.cents, row.currency),
            )
            for part in parts
        ],
        language=row.language,
        back=settings.PORTAL_ADDRESS + reverse("payments:back", args=[row.pk]),
        until=row.until,
    )

"""Where payment services send their messages: proved, kept, answered at once."""

from http import HTTPStatus

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from rathaus.core.access import Request, public_page
from rathaus.core.errors import DomainError
from rathaus.payments.actions import hear
from rathaus.payments.incoming import Means
from rathaus.payments.providers.base import BadSignature
from rathaus.payments.providers.choosing import online_provider_of

LONGEST_BODY = 512 * 1024


class NotProved(DomainError):
    """Whoever wrote this is not the payment service, or wrote it too long ago."""

    message = _("Diese Meldung trägt keine gültige Unterschrift.")


@csrf_exempt  # it is signed instead
@require_POST
@public_page
def stripe_message(request: Request) -> HttpResponse:
    """A message of Stripe; 400 for whatever Stripe has not written."""
    if len(request.body) > LONGEST_BODY:
        raise NotProved
    provider = online_provider_of(Means.CARD)
    try:
        notice = provider.heard(request.body, request.headers.get("Stripe-Signature", ""))
    except BadSignature as error:
        raise NotProved from error
    hear(provider="stripe", notice=notice)
    return HttpResponse(status=HTTPStatus.NO_CONTENT)

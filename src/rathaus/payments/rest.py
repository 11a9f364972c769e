"""Paying by program: two addresses, for the session of a citizen, in the shapes of GOV.UK Pay.

`POST /api/payments` takes `{"claims": [ids], "means": "card"}` and a header `Idempotency-Key`: said
again it answers the same bytes. Like every form of the house it needs the CSRF token.
"""

import json
from collections.abc import Mapping
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from rathaus.core.access import Request, citizen_page
from rathaus.core.errors import DomainError
from rathaus.payments import actions, queries
from rathaus.payments.actions.requests import Reply
from rathaus.payments.incoming import Means
from rathaus.payments.payment_states import RUNNING, PaymentState

JSON = "application/json"
LONGEST_BODY = 16 * 1024
# Our states in the words of GOV.UK Pay, and its code where a payment came to nothing.
STATUSES = {
    PaymentState.CREATED: ("created", ""),
    PaymentState.PENDING: ("started", ""),
    PaymentState.HELD: ("submitted", ""),
    PaymentState.SUCCEEDED: ("success", ""),
    PaymentState.FAILED: ("failed", "P0010"),
    PaymentState.EXPIRED: ("failed", "P0020"),
    PaymentState.CANCELLED: ("failed", "P0030"),
}


class NotJson(DomainError):
    """Whoever speaks no JSON gets a page."""

    status = 415
    message = _("Hier wird JSON erwartet, höchstens 16 KB.")


class NewPayment(BaseModel):
    """What a program asks for."""

    model_config = ConfigDict(extra="forbid")

    claims: list[UUID] = Field(min_length=1, max_length=actions.MOST_CLAIMS)
    means: Means


@require_POST
@citizen_page
def payments(request: Request) -> HttpResponse:
    """Begin a payment; 201 with where to go on, the same for each key."""
    if request.content_type != JSON or len(request.body) > LONGEST_BODY:
        raise NotJson
    try:
        reply = actions.answered_once(
            by=request.actor,
            key=request.headers.get("Idempotency-Key", ""),
            asked=request.body,
            answer=lambda: _begun(request),
        )
    except DomainError as refusal:
        return _refused(refusal.status, "P0198", str(refusal.message))
    return HttpResponse(reply.body, status=reply.status, content_type=JSON)


@never_cache
@require_safe
@citizen_page
def payment(request: Request, payment: UUID) -> HttpResponse:
    """How a payment stands."""
    return HttpResponse(json.dumps(_shown(request, payment)), content_type=JSON)


def _begun(request: Request) -> Reply:
    try:
        asked = NewPayment.model_validate_json(request.body)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        return Reply(422, _said({"field": field, "code": "P0102", "description": first["msg"]}))
    wish = actions.Wish(frozenset(asked.claims), asked.means, language=(get_language() or "de")[:2])
    key = f"api:{request.headers['Idempotency-Key']}"
    begun = actions.start_payment(by=request.actor, key=key, wish=wish)
    actions.open_payment(by=request.actor, payment=begun)
    return Reply(201, _said(_shown(request, begun)))


def _shown(request: Request, payment: UUID) -> Mapping[str, object]:
    row = queries.payment_of(request.actor, payment)
    status, code = STATUSES[row.state]
    here = _link("payments:api_payment", payment)
    page = row.page or _link("payments:payment", payment)
    links = {"self": {"href": here, "method": "GET"}}
    if row.can_go_on:
        links["next_url"] = {"href": page, "method": "GET"}
        links["cancel"] = {"href": _link("payments:cancel", payment), "method": "POST"}
    state = {"status": status, "finished": row.state not in RUNNING}
    return {
        "payment_id": str(row.payment),
        "amount": row.amount.cents,
        "currency": row.amount.currency,
        "means": row.means.value,
        "reference": row.reference,
        "created_date": row.made_at.isoformat(timespec="milliseconds"),
        "state": {**state, **({"code": code} if code else {})},
        "claims": [{"claim": str(part.claim), "amount": part.amount.cents} for part in row.parts],
        "_links": links,
    }


def _link(name: str, payment: UUID) -> str:
    return settings.PORTAL_ADDRESS + reverse(name, args=[payment])


def _said(content: Mapping[str, object]) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode()


def _refused(status: int, code: str, description: str) -> HttpResponse:
    body = _said({"code": code, "description": description})
    return HttpResponse(body, status=status, content_type=JSON)

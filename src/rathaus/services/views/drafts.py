"""What all pages of an application share: who knocks, the cookie, what the account knows."""

from __future__ import annotations

from collections.abc import Mapping
from functools import wraps
from typing import ParamSpec, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from pydantic import JsonValue

from rathaus.cases.queries import awaits_correction
from rathaus.core.access import CITIZEN_SIGN_IN, Page, Request, View, public_page
from rathaus.core.views import sign_in_first
from rathaus.services.actions.drafts import claim_draft, prove_device
from rathaus.services.draft_access import Knock, is_fresh
from rathaus.services.draft_tokens import new_token
from rathaus.services.form_errors import SignedOut
from rathaus.services.models import Draft

P = ParamSpec("P")

COOKIE_LASTS = 90 * 24 * 60 * 60
LONGEST_TOKEN = 100


def draft_page(page: Page[P]) -> View[P]:
    """Anybody may open it who may open the draft; its person signs in again where they are not."""

    @wraps(page)
    def shown(request: Request, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        try:
            return page(request, *args, **kwargs)
        except SignedOut:
            return sign_in_first(request, str(CITIZEN_SIGN_IN))

    return public_page(shown)


def cookie_name() -> str:
    """Bound to this host wherever the connection is encrypted."""
    return "__Host-entwurf" if settings.SESSION_COOKIE_SECURE else "entwurf"


def knock_of(request: HttpRequest) -> Knock:
    """Who is at the door, with the device's secret if it has one."""
    known = cast(Request, request)
    return Knock(known.actor, request.COOKIES.get(cookie_name(), "")[:LONGEST_TOKEN])


def knock_with_device(request: HttpRequest) -> Knock:
    """The same, with a fresh secret for a device that has none; `remember` sends it along."""
    knock = knock_of(request)
    return knock if knock.device else Knock(knock.by, new_token())


def remember(response: HttpResponse, knock: Knock) -> HttpResponse:
    """Let the device keep its secret."""
    response.set_cookie(
        cookie_name(),
        knock.device,
        max_age=COOKIE_LASTS,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
    return response


def settle(request: HttpRequest, draft: Draft) -> Knock:
    """An opened draft becomes theirs if they are signed in, and their device can prove it."""
    knock = knock_with_device(request)
    if not knock.by.is_citizen:
        return knock
    if draft.person_id is None:
        claim_draft(knock=knock, draft=draft.pk)
    elif not is_fresh(draft):
        prove_device(knock=knock, draft=draft.pk)
    return knock


def closed_amendment(request: HttpRequest, draft: Draft) -> HttpResponse | None:
    """Where to send whoever goes on with a correction that nobody waits for any more."""
    if draft.amends is None or draft.submitted_at is not None:
        return None
    case = draft.amends.case_id
    if awaits_correction(by=cast(Request, request).actor, case=case):
        return None
    return redirect("services:amend", case)


def account_of(request: HttpRequest) -> Mapping[str, JsonValue]:
    """What the account knows, under the names that forms use for prefilling."""
    known = cast(Request, request)
    if not known.actor.is_citizen:
        return {}
    person = request.user
    names = {
        "account.given_name": getattr(person, "given_name", ""),
        "account.family_name": getattr(person, "family_name", ""),
        "account.email": getattr(person, "email", None),
        "account.phone": getattr(person, "phone", ""),
    }
    birth_date = getattr(person, "birth_date", None)
    full_name = f"{names['account.given_name']} {names['account.family_name']}".strip()
    return {
        **names,
        "account.full_name": full_name,
        "account.birth_date": birth_date.isoformat() if birth_date else None,
        "account.address": _address(getattr(person, "address", {})),
    }


def _address(stored: Mapping[str, str]) -> JsonValue:
    """The account's address in the parts that forms know."""
    door = "/".join(filter(None, (stored.get("staircase"), stored.get("door"))))
    parts: dict[str, JsonValue] = {
        "street": stored.get("street", ""),
        "number": stored.get("house_number", ""),
        "door": door,
        "postcode": stored.get("postcode", ""),
        "place": stored.get("place", ""),
    }
    return {**parts, "listed": False} if any(parts.values()) else None

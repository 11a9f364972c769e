"""Levies in the workspace: the list, one of them with its years, and beginning a new one."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django import forms as django_forms
from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rathaus.core.access import Request, citizen_page, staff_page
from rathaus.core.clock import today
from rathaus.core.domain import case_address
from rathaus.core.errors import Conflict, Invalid
from rathaus.payments import actions
from rathaus.payments.levy_forms import (
    ALL,
    BeginLevyForm,
    ChangeLevyForm,
    EndLevyForm,
    LevyFilterForm,
)
from rathaus.payments.queries import levies as found
from rathaus.payments.queries.claim_page import claim_page
from rathaus.payments.views.files import paper
from rathaus.payments.views.posting import done

RIGHT = "payments.levies"


@require_safe
@staff_page(RIGHT)
def levies(request: Request) -> HttpResponse:
    """All levies that fit, and the letters that must go by post."""
    form = LevyFilterForm(request.GET)
    wanted = form.wanted()
    page = found.levies(by=request.actor, wanted=wanted, after=form.cleaned_data.get("after") or "")
    context = {
        "page": page,
        "wanted": wanted,
        "states": [*found.STATES.items(), (ALL, _("alle"))],
        "kinds": found.levy_kinds(),
        "letters": found.notices_to_print(by=request.actor),
        "next": _next(request, page.next),
    }
    return render(request, "payments/levies.html", context)


@require_safe
@staff_page(RIGHT)
def levy(request: Request, levy: UUID) -> HttpResponse:
    """One levy with its years, its claims and its history."""
    return _page(request, levy)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(RIGHT)
def begin_levy(request: Request, claim: UUID) -> HttpResponse:
    """A new levy for the person who owes this claim, in the same matter."""
    owed = claim_page(claim, by=request.actor)
    form = BeginLevyForm(
        request.POST or None,
        rates=found.rates(),
        initial={"key": uuid4(), "begins_on": today()},
    )
    if request.method == "POST" and form.is_valid():
        try:
            begun = actions.begin_levy(
                by=request.actor,
                debtor=owed.debtor,
                matter=owed.claim.reference,
                **form.wanted(),
            )
        except (Conflict, Invalid) as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(request, _("Die Abgabe ist angelegt."))
            return redirect("payments:levy", begun)
    context = {"form": form, "claim": owed.claim, "debtor_name": owed.debtor_name}
    status = 422 if form.errors else 200
    return render(request, "payments/begin_levy.html", context, status=status)


@require_POST
@staff_page(RIGHT)
def change_levy(request: Request, levy: UUID) -> HttpResponse:
    """Another tariff, other words, or an exemption."""
    form = ChangeLevyForm(request.POST)

    def act() -> None:
        said = form.cleaned_data
        actions.change_levy(
            by=request.actor,
            levy=levy,
            rate=said["rate"],
            about=said["about"],
            exempt=form.exempt(),
            why=said["why"],
        )

    return _posted(request, levy, form, act, _("Die Abgabe ist geändert."))


@require_POST
@staff_page(RIGHT)
def end_levy(request: Request, levy: UUID) -> HttpResponse:
    """The last day."""
    form = EndLevyForm(request.POST)

    def act() -> None:
        actions.end_levy(by=request.actor, levy=levy, **form.cleaned_data)

    return _posted(request, levy, form, act, _("Die Abgabe ist beendet."))


@require_safe
@staff_page(RIGHT)
def notice(request: Request, levy_year: int) -> FileResponse:
    """The letter of one year, for staff."""
    return paper(found.notice(by=request.actor, number=levy_year))


@require_safe
@citizen_page
def own_notice(request: Request, levy_year: int) -> FileResponse:
    """The letter of one year, for the person who looks."""
    return paper(found.notice(by=request.actor, number=levy_year))


def _posted(
    request: Request,
    levy: UUID,
    form: django_forms.Form,
    act: Callable[[], None],
    said: str,
) -> HttpResponse:
    """Do it and come back, or show the page again with what is wrong."""
    if not done(form, act):
        return _page(request, levy, failed=form)
    messages.success(request, said)
    return redirect("payments:levy", levy)


def _page(request: Request, levy: UUID, *, failed: django_forms.Form | None = None) -> HttpResponse:
    view = found.levy(by=request.actor, levy=levy)
    change = failed if isinstance(failed, ChangeLevyForm) else ChangeLevyForm(initial=_said(view))
    context = {
        "view": view,
        "case_address": case_address(request.actor, view.matter) if view.matter else "",
        "failed": failed,
        "change_form": change,
        "end_form": failed if isinstance(failed, EndLevyForm) else EndLevyForm(),
        "may_see_claims": request.actor.may("payments.read"),
    }
    return render(request, "payments/levy.html", context, status=422 if failed else 200)


def _said(view: found.LevyView) -> dict[str, Any]:
    return {
        "rate": view.rate_slug,
        "about": view.row.about,
        "exempt_from": view.exempt_from,
        "exempt_until": view.exempt_until,
        "exempt_why": view.exempt_why,
    }


def _next(request: Request, after: str) -> str:
    """The address of the next page, or empty."""
    if not after:
        return ""
    kept = {name: request.GET[name] for name in ("words", "kind", "state") if name in request.GET}
    return "?" + urlencode({**kept, "after": after})

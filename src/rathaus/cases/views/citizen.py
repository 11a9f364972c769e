"""The portal: a citizen's cases, and what they do there."""

from uuid import UUID

from django import forms as django_forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rathaus.cases import actions, queries
from rathaus.cases.errors import NotPossibleNow
from rathaus.cases.forms import AnswerForm, MessageForm, WithdrawForm
from rathaus.cases.phases import Phase
from rathaus.cases.views.posting import done, refusal, uploads
from rathaus.core.access import Request, citizen_page
from rathaus.core.actor import ActorKind
from rathaus.core.domain import begun_matters

PAGE = "cases:own_case"
WITHDRAWN = _("Ihr Anliegen ist zurückgezogen.")


@require_safe
@citizen_page
def mine(request: Request) -> HttpResponse:
    """What runs, and what ran."""
    cases = queries.my_cases(by=request.actor)
    context = {
        "open": [case for case in cases if case.is_open],
        "done": [case for case in cases if not case.is_open],
        "begun": begun_matters(request.actor),
        "has_eid": request.actor.kind is ActorKind.CITIZEN,
    }
    return render(request, "cases/mine.html", context)


@require_safe
@citizen_page
def own_case(request: Request, case: UUID) -> HttpResponse:
    """One case: where it stands, what is to do, messages, documents."""
    return _page(request, case)


@require_POST
@citizen_page
def write(request: Request, case: UUID) -> HttpResponse:
    """Write to the office."""
    form = MessageForm(request.POST)

    def act() -> None:
        actions.send_message(
            by=request.actor, case=case, uploads=uploads(request), **form.cleaned_data
        )

    status = refusal(form, act)
    if status:
        return _page(request, case, status=status, message=form, refused=form)
    return done(request, _("Ihre Nachricht ist gesendet."), PAGE, case)


@require_POST
@citizen_page
def answer(request: Request, case: UUID) -> HttpResponse:
    """Answer the correction request."""
    form = AnswerForm(request.POST)

    def act() -> None:
        actions.answer_correction(
            by=request.actor, case=case, uploads=uploads(request), **form.cleaned_data
        )

    status = refusal(form, act)
    if status:
        return _page(request, case, status=status, answer=form, refused=form)
    return done(request, _("Danke! Ihre Ergänzung ist bei uns."), PAGE, case)


@require_http_methods(["GET", "HEAD", "POST"])
@citizen_page
def withdraw(request: Request, case: UUID) -> HttpResponse:
    """Take the matter back, after a second thought."""
    form = WithdrawForm(request.POST or None)

    def act() -> None:
        actions.withdraw(by=request.actor, case=case, why=form.cleaned_data["why"])

    status = refusal(form, act) if request.method == "POST" else 200
    if not status:
        return done(request, WITHDRAWN, PAGE, case)
    view = queries.own_case(by=request.actor, case=case)
    if view.case.phase == Phase.WITHDRAWN:
        return done(request, WITHDRAWN, PAGE, case)
    if not view.is_open:
        raise NotPossibleNow
    context = {"view": view, "form": form}
    return render(request, "cases/withdraw.html", context, status=status)


def _page(
    request: Request, case: UUID, *, status: int = 200, **bound: django_forms.Form
) -> HttpResponse:
    view = queries.own_case(by=request.actor, case=case)
    if view.has_unread:
        actions.mark_read(by=request.actor, case=case)
    context = {
        "view": view,
        "amend_address": queries.amend_address(view.case),
        "message": MessageForm(),
        "answer": AnswerForm(),
        **bound,
    }
    return render(request, "cases/own_case.html", context, status=status)

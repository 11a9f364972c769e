"""The case page of the workspace, and what a clerk posts from it."""

from collections.abc import Callable
from uuid import UUID

from django import forms as django_forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rathaus.cases import actions, forms, queries
from rathaus.cases.phases import Phase
from rathaus.cases.views.about_case import staff_case_page
from rathaus.cases.views.posting import done, refusal, unseen_changes, uploads
from rathaus.core.access import Request

PAGE = "cases:case"


@require_safe
@staff_case_page("cases.read")
def case_page(request: Request, case: UUID) -> HttpResponse:
    """One case with everything at hand."""
    return _page(request, case)


@require_POST
@staff_case_page("cases.handle")
def take(request: Request, case: UUID) -> HttpResponse:
    """Take the case."""

    def act() -> None:
        actions.take(by=request.actor, case=case)

    form = django_forms.Form(request.POST)
    return _posted(request, case, "take", form, act, _("Das Anliegen ist jetzt bei Ihnen."))


@require_POST
@staff_case_page("cases.read")
def assign(request: Request, case: UUID) -> HttpResponse:
    """Hand the case to somebody."""
    form = forms.AssignForm(request.POST)

    def act() -> None:
        actions.assign(by=request.actor, case=case, **form.cleaned_data)

    return _posted(request, case, "assign", form, act, _("Die Zuteilung ist gespeichert."))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_case_page("cases.handle")
def forward(request: Request, case: UUID) -> HttpResponse:
    """Send the case to the department that is competent for it."""
    departments = queries.other_departments(by=request.actor, case=case)
    form = forms.ForwardForm(request.POST or None, departments=departments)

    def act() -> None:
        actions.forward_case(by=request.actor, case=case, **form.cleaned_data)

    sentence = _("Das Anliegen ist weitergeleitet.")
    return _own_page(request, case, "cases/forward.html", form, act, sentence, "cases:inbox")


@require_POST
@staff_case_page("cases.handle")
def set_state(request: Request, case: UUID) -> HttpResponse:
    """Begin the examination, or choose a finer state."""
    form = forms.StateForm(request.POST)

    def act() -> None:
        words = form.cleaned_data
        actions.set_state(
            by=request.actor,
            case=case,
            phase=Phase.EXAMINING if words["begin"] else None,
            state=words["state"],
            seen=words["seen"],
        )

    return _posted(request, case, "state", form, act, _("Der Status ist gespeichert."))


@require_POST
@staff_case_page("cases.handle")
def write_note(request: Request, case: UUID) -> HttpResponse:
    """Write an internal note."""
    form = forms.NoteForm(request.POST)

    def act() -> None:
        actions.write_note(by=request.actor, case=case, **form.cleaned_data)

    return _posted(request, case, "note", form, act, _("Die Notiz ist gespeichert."))


@require_POST
@staff_case_page("cases.handle")
def send_message(request: Request, case: UUID) -> HttpResponse:
    """Write to the applicant."""
    form = forms.MessageForm(request.POST)

    def act() -> None:
        actions.send_message(
            by=request.actor, case=case, uploads=uploads(request), **form.cleaned_data
        )

    return _posted(request, case, "message", form, act, _("Die Nachricht ist gesendet."))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_case_page("cases.handle")
def request_correction(request: Request, case: UUID) -> HttpResponse:
    """Ask for what is missing."""
    initial = {"due_on": queries.correction_time(by=request.actor, case=case).due_on}
    form = forms.CorrectionForm(request.POST or None, initial=initial)

    def act() -> None:
        actions.request_correction(
            by=request.actor,
            case=case,
            text=form.cleaned_data["text"],
            items=form.lines(),
            due_on=form.cleaned_data["due_on"],
            seen=form.cleaned_data["seen"],
        )

    sentence = _("Die Ergänzung ist verlangt.")
    return _own_page(request, case, "cases/request_correction.html", form, act, sentence)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_case_page("cases.handle")
def extend_correction(request: Request, case: UUID) -> HttpResponse:
    """Give more time for a correction."""
    form = forms.ExtendForm(request.POST or None)

    def act() -> None:
        actions.extend_correction(by=request.actor, case=case, **form.cleaned_data)

    sentence = _("Die Frist zur Ergänzung ist erstreckt.")
    return _own_page(request, case, "cases/extend_correction.html", form, act, sentence)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_case_page("cases.handle")
def close(request: Request, case: UUID) -> HttpResponse:
    """Put the case away."""
    form = forms.CloseForm(request.POST or None)

    def act() -> None:
        actions.close(by=request.actor, case=case, **form.cleaned_data)

    sentence = _("Das Anliegen ist abgeschlossen.")
    return _own_page(request, case, "cases/close.html", form, act, sentence)


def _posted(
    request: Request,
    case: UUID,
    name: str,
    form: django_forms.Form,
    act: Callable[[], None],
    sentence: str | Promise,
) -> HttpResponse:
    status = refusal(form, act)
    if not status:
        return done(request, sentence, PAGE, case)
    return _page(request, case, status=status, refused=form, **{name: form})


def _own_page(
    request: Request,
    case: UUID,
    template: str,
    form: django_forms.Form,
    act: Callable[[], None],
    sentence: str | Promise,
    onward: str = PAGE,
) -> HttpResponse:
    status = refusal(form, act) if request.method == "POST" else 200
    if not status:
        return done(request, sentence, onward, *([case] if onward == PAGE else []))
    view = queries.staff_case(by=request.actor, case=case)
    context = {"view": view, "form": form, "changes": unseen_changes(request, case)}
    return render(request, template, context, status=status)


def _page(
    request: Request, case: UUID, *, status: int = 200, **bound: django_forms.Form
) -> HttpResponse:
    view = queries.staff_case(by=request.actor, case=case)
    if view.has_unread and view.rights["handle"]:
        actions.mark_read(by=request.actor, case=case)
    context = {
        "view": view,
        "message": forms.MessageForm(),
        "note": forms.NoteForm(),
        "changes": unseen_changes(request, case),
        **bound,
    }
    return render(request, "cases/case.html", context, status=status)

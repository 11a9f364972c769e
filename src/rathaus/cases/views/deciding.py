"""The editor of decisions, and the page that shows the finished one before it goes out."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from rathaus.cases import actions, queries
from rathaus.cases.decision_faults import DecisionText
from rathaus.cases.forms import DecisionForm, ReturnForm, SeenForm
from rathaus.cases.views.about_case import staff_case_page
from rathaus.cases.views.posting import done, refusal, unseen_changes
from rathaus.cases.words import fault_in_words
from rathaus.core.access import Request
from rathaus.core.errors import NotFound

INSERT, REPLACE, SAVE = "insert", "replace", "save"


@require_http_methods(["GET", "HEAD", "POST"])
@staff_case_page("cases.read")
def decide(request: Request, case: UUID) -> HttpResponse:
    """Write the decision: keep it as a draft, or go on to look at it as it would be delivered."""
    draft = queries.decision_draft(by=request.actor, case=case)
    if request.method != "POST":
        return _editor(request, case, DecisionForm(initial=vars(draft.text) if draft else None))
    if INSERT in request.POST:
        return _with_template(request, case)
    form = DecisionForm(request.POST)

    def act() -> None:
        actions.save_draft(
            by=request.actor,
            case=case,
            text=form.text(),
            seen=form.cleaned_data["seen"],
            is_finished=SAVE not in request.POST,
        )

    status = refusal(form, act)
    if status:
        return _editor(request, case, form, status=status)
    if SAVE in request.POST:
        return done(request, _("Der Entwurf ist gespeichert."), "cases:decide", case)
    return redirect("cases:issue", case)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_case_page("cases.read")
def preview(request: Request, case: UUID) -> HttpResponse:
    """The document as PDF: of the draft, or of what was just typed."""
    if request.method != "POST":
        draft = queries.decision_draft(by=request.actor, case=case)
        if draft is None:
            raise NotFound
        return _pdf(actions.preview(by=request.actor, case=case, text=draft.text))
    form = DecisionForm(request.POST)
    pdf = b""

    def act() -> None:
        nonlocal pdf
        pdf = actions.preview(by=request.actor, case=case, text=form.text())

    status = refusal(form, act)
    return _editor(request, case, form, status=status) if status else _pdf(pdf)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_case_page("cases.read")
def issue(request: Request, case: UUID) -> HttpResponse:
    """Show the finished decision, to whom and how it goes out; deliver it."""
    finished = queries.finished_decision(by=request.actor, case=case)
    if request.method != "POST":
        return _finished(request, case)
    form = SeenForm(request.POST)

    def act() -> None:
        actions.decide(
            by=request.actor,
            case=case,
            text=finished.draft.text,
            seen=form.cleaned_data["seen"],
        )

    return _posted(request, case, form, act, _("Die Entscheidung ist zugestellt."))


@require_POST
@staff_case_page("cases.read")
def submit_draft(request: Request, case: UUID) -> HttpResponse:
    """Put the draft before the head."""
    form = SeenForm(request.POST)

    def act() -> None:
        actions.submit_draft(by=request.actor, case=case, **form.cleaned_data)

    return _posted(request, case, form, act, _("Der Entwurf liegt zur Genehmigung."))


@require_POST
@staff_case_page("cases.decide")
def return_draft(request: Request, case: UUID) -> HttpResponse:
    """Give the draft back with a note."""
    form = ReturnForm(request.POST)

    def act() -> None:
        actions.return_draft(by=request.actor, case=case, **form.cleaned_data)

    return _posted(request, case, form, act, _("Der Entwurf ist zurückgegeben."))


def _posted(
    request: Request, case: UUID, form: SeenForm, act: Callable[[], None], sentence: str | Promise
) -> HttpResponse:
    status = refusal(form, act)
    if not status:
        return done(request, sentence, "cases:case", case)
    return _finished(request, case, form, status=status)


def _with_template(request: Request, case: UUID) -> HttpResponse:
    """The editor with a template's words; somebody's own are replaced only when they say so."""
    typed = DecisionForm(initial=request.POST.dict())
    wanted = request.POST.get("vorlage", "")
    proposed = queries.proposed_decision(by=request.actor, case=case, template=wanted)
    if proposed is None:
        return _editor(request, case, typed)
    before = queries.proposed_decision(
        by=request.actor, case=case, template=request.POST.get("template", "")
    )
    if request.POST[INSERT] != REPLACE and not _is_untouched(request, before):
        return _editor(request, case, typed, asks=True)
    return _editor(request, case, DecisionForm(initial=vars(proposed)))


def _is_untouched(request: Request, before: DecisionText | None) -> bool:
    """Whether nothing was typed, or nothing but what the template before had proposed."""
    words = {
        name: request.POST.get(name, "").replace("\r\n", "\n").strip()
        for name in ("ruling", "reasons", "remedy")
    }
    return not any(words.values()) or (before is not None and replace(before, **words) == before)


def _editor(
    request: Request, case: UUID, form: DecisionForm, *, status: int = 200, asks: bool = False
) -> HttpResponse:
    context = {
        "view": queries.staff_case(by=request.actor, case=case),
        "templates": queries.decision_templates(by=request.actor, case=case),
        "chosen": request.POST.get("vorlage", ""),
        "form": form,
        "asks": asks,
        "changes": unseen_changes(request, case),
    }
    return render(request, "cases/decide.html", context, status=status)


def _finished(
    request: Request, case: UUID, form: SeenForm | None = None, *, status: int = 200
) -> HttpResponse:
    finished = queries.finished_decision(by=request.actor, case=case)
    editor = reverse("cases:decide", args=[case])
    context = {
        "view": queries.staff_case(by=request.actor, case=case),
        "finished": finished,
        "faults": [
            {"text": fault_in_words(found), "href": f"{editor}#id_{found.part}"}
            for found in finished.found
        ],
        "form": form,
        "changes": unseen_changes(request, case),
    }
    return render(request, "cases/issue.html", context, status=status)


def _pdf(content: bytes) -> HttpResponse:
    headers = {"Content-Disposition": 'inline; filename="Vorschau.pdf"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)

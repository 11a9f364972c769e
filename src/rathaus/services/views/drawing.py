"""Draws one page of a form: questions, progress, errors, and what another window saved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from secrets import token_hex

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language

from rathaus.core.clock import today
from rathaus.core.errors import NotFound
from rathaus.core.localized import localize
from rathaus.services.forms.compiled import CompiledForm
from rathaus.services.forms.evaluation import Answers, Evaluation
from rathaus.services.forms.paths import answer_at, with_least_rows
from rathaus.services.forms.sheet import Line, sheet
from rathaus.services.models import Draft
from rathaus.services.page_view import Shown, error_views, page_fields
from rathaus.services.queries.addresses import addresses_like
from rathaus.services.queries.forms import compiled


@dataclass(frozen=True)
class Screen:
    """What a page shows besides the stored answers: what somebody just tried."""

    check: bool = False
    problems: Mapping[str, str] = field(default_factory=dict)
    answers: Answers | None = None
    search: Mapping[str, str] = field(default_factory=dict)

    @property
    def elsewhere(self) -> bool:
        """Whether the inputs hold something that is not saved, since another window was faster."""
        return self.answers is not None


@dataclass(frozen=True)
class Step:
    """A page in the progress line."""

    label: str
    state: str
    href: str


def draw(
    request: HttpRequest, draft: Draft, page: str, screen: Screen, status: int = 200
) -> HttpResponse:
    """The page as it is now, with as many rows of a group open as there must be.

    Raises `NotFound` for a page that is not shown.
    """
    form = compiled(draft.version.sha256)
    asked = next((one for one in form.document.pages if one.id == page), None)
    if asked is None:
        raise NotFound
    given = screen.answers if screen.answers is not None else draft.answers
    answers = with_least_rows(asked.fields, given)
    evaluation = form.evaluate(answers, today=today())
    if page not in evaluation.pages:
        raise NotFound
    shown = Shown(
        form=form,
        answers=answers,
        visible=evaluation.visible,
        errors=_errors(evaluation, page, screen),
        matches={path: addresses_like(text) for path, text in screen.search.items()},
        searches=screen.search,
    )
    fields = page_fields(asked, shown)
    context = {
        "form": form.document,
        "draft": draft,
        "page": asked,
        "fields": fields,
        "errors": error_views(fields),
        "elsewhere": _elsewhere(form, draft, page, answers) if screen.elsewhere else None,
        "steps": steps(form, draft, evaluation, page),
        "current": evaluation.pages.index(page) + 1,
        "total": len(evaluation.pages) + 1,
        "back": _back(draft, evaluation, page),
        "window": token_hex(8),
    }
    return render(request, "services/application/page.html", context, status=status)


def steps(form: CompiledForm, draft: Draft, evaluation: Evaluation, current: str) -> list[Step]:
    """The pages of the form as far as they are shown; those before the current one are links."""
    found = []
    at = evaluation.pages.index(current) if current in evaluation.pages else len(evaluation.pages)
    titles = {page.id: localize(page.title) for page in form.document.pages}
    for number, page in enumerate(evaluation.pages):
        state = "done" if number < at else "current" if number == at else "coming"
        href = reverse("services:page", args=[draft.pk, page]) if number < at else ""
        found.append(Step(titles[page], state, href))
    return found


def _errors(evaluation: Evaluation, page: str, screen: Screen) -> dict[str, str]:
    found = dict(screen.problems)
    if screen.check:
        for problem in evaluation.problems_on(page):
            found.setdefault(problem.path, localize(problem.text))
    return found


def _back(draft: Draft, evaluation: Evaluation, page: str) -> str:
    before = evaluation.page_before(page)
    if before is not None:
        return reverse("services:page", args=[draft.pk, before])
    return reverse("services:start", args=[draft.version.form])


def _elsewhere(form: CompiledForm, draft: Draft, page: str, mine: Answers) -> list[Line]:
    """What the other window saved on this page, where it differs from what this one sent."""
    evaluation = form.evaluate(draft.answers, today=today())
    parts = sheet(form.outline, evaluation, get_language() or "de")
    return [
        line
        for part in parts
        if part.page == page
        for line in part.lines
        if answer_at(mine, line.path) != answer_at(draft.answers, line.path)
    ]

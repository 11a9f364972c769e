"""Filling in: the start of a form, and one page after the other."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from rathaus.core.access import CITIZEN_SIGN_IN, Request, public_page
from rathaus.core.clock import today
from rathaus.core.errors import DomainError, NotFound
from rathaus.core.localized import localize
from rathaus.services.actions.addresses import choose_address
from rathaus.services.actions.draft_files import attach_file, remove_file
from rathaus.services.actions.drafts import Rendering, save_page, start_draft
from rathaus.services.actions.forgetting import KEPT_FOR
from rathaus.services.draft_access import Knock
from rathaus.services.form_errors import AlreadySubmitted, SavedElsewhere
from rathaus.services.forms.evaluation import Evaluation
from rathaus.services.forms.posting import rows_of
from rathaus.services.models import Draft
from rathaus.services.queries.catalogue import service_with_form
from rathaus.services.queries.forms import compiled, draft_for, newest_version, open_drafts
from rathaus.services.views.buttons import Button, pressed, row_change
from rathaus.services.views.drafts import (
    account_of,
    closed_amendment,
    draft_page,
    knock_of,
    knock_with_device,
    remember,
    settle,
)
from rathaus.services.views.drawing import Screen, draw


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@public_page
def start(request: Request, form: str) -> HttpResponse:
    """What the form is about; goes on with the draft already begun, or begins one."""
    version = newest_version(form)
    if request.method == "POST":
        knock = knock_with_device(request)
        anew = "anew" in request.POST
        draft = start_draft(knock=knock, form=form, account=account_of(request), anew=anew)
        return remember(redirect("services:draft", draft), knock)
    begun = open_drafts(knock_of(request), form).first()
    ready = compiled(version.sha256)
    pages = [localize(page.title) for page in ready.document.pages]
    context = {
        "form": ready.document,
        "service": service_with_form(form),
        "begun": begun,
        "pages": pages,
        "days_kept": KEPT_FOR.days,
    }
    return render(request, "services/application/start.html", context)


@never_cache
@require_safe
@draft_page
def go_on(request: Request, draft: UUID) -> HttpResponse:
    """The page on which somebody stopped."""
    row = draft_for(knock_of(request), draft)
    if row.submitted_at is not None:
        return redirect("services:submitted", draft)
    closed = closed_amendment(request, row)
    if closed:
        return closed
    knock = settle(request, row)
    evaluation = compiled(row.version.sha256).evaluate(row.answers, today=today())
    page = row.page if row.page in evaluation.pages else evaluation.pages[0]
    return remember(redirect("services:page", draft, page), knock)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@draft_page
def page(request: Request, draft: UUID, page: str) -> HttpResponse:
    """One page of the form; a post saves it first, whatever comes next."""
    try:
        if request.method == "POST":
            return _save(request, draft, page)
        row = draft_for(knock_of(request), draft)
    except AlreadySubmitted:
        return redirect("services:submitted", draft)
    if row.submitted_at is not None:
        return redirect("services:submitted", draft)
    closed = closed_amendment(request, row)
    if closed:
        return closed
    knock = settle(request, row)
    return remember(draw(request, row, page, Screen(check="pruefen" in request.GET)), knock)


def _save(request: HttpRequest, draft: UUID, page: str) -> HttpResponse:
    knock = knock_of(request)
    button = pressed(request.POST)
    try:
        saved = save_page(
            knock=knock,
            draft=draft,
            page=page,
            posted=dict(request.POST.lists()),
            rendering=_rendering(request),
            rows=row_change(button),
        )
    except SavedElsewhere as error:
        return _saved_elsewhere(request, knock, draft, page, error)
    problems = _take_files(request, knock, draft)
    _act(button, knock, draft)
    if not knock.opens(saved.draft):
        return _sign_in_again(reverse("services:page", args=[draft, page]))
    row, evaluation = saved.draft, saved.evaluation
    if request.FILES:
        row = draft_for(knock, draft)
        evaluation = saved.form.evaluate(row.answers, today=today())
    return _answer(request, row, page, button, evaluation, problems)


def _act(button: Button, knock: Knock, draft: UUID) -> None:
    """What a button inside the page does beyond saving it."""
    if button.verb == "datei-entfernen":
        remove_file(knock=knock, draft=draft, path=button.path, file=_uuid(button.detail))
    if button.verb == "uebernehmen" and button.detail.isdecimal():
        choose_address(knock=knock, draft=draft, path=button.path, address=int(button.detail))


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound from error


def _answer(
    request: HttpRequest,
    draft: Draft,
    page: str,
    button: Button,
    evaluation: Evaluation,
    problems: Mapping[str, str],
) -> HttpResponse:
    """What comes after saving: the same page with what is wrong, or the next one."""
    here = reverse("services:page", args=[draft.pk, page])
    if button.verb == "spaeter":
        return redirect("services:later", draft.pk)
    if button.verb == "adresse":
        search = {button.path: request.POST.get(f"{button.path}.search", "")}
        return draw(request, draft, page, Screen(search=search))
    if problems:
        return draw(request, draft, page, Screen(problems=problems), status=422)
    if button.stays:
        return redirect(f"{here}#{_place_after(button, draft)}")
    if evaluation.problems_on(page):
        return draw(request, draft, page, Screen(check=True), status=422)
    ending = evaluation.exit_until(page)
    if ending is not None:
        return redirect("services:exit", draft.pk, ending.id)
    following = evaluation.page_after(page)
    if following is None:
        return redirect("services:summary", draft.pk)
    return redirect("services:page", draft.pk, following)


def _place_after(button: Button, draft: Draft) -> str:
    """Where to go on: at the row just added, else at the question of the button."""
    if button.verb != "hinzu":
        return button.anchor
    return f"{button.anchor}-{len(rows_of(draft.answers.get(button.path))) - 1}"


def _take_files(request: HttpRequest, knock: Knock, draft: UUID) -> dict[str, str]:
    """Attach what was uploaded; what is wrong with a file is said at its question."""
    problems: dict[str, str] = {}
    for name, uploads in request.FILES.lists():
        path = name.removesuffix(".upload")
        for upload in uploads:
            try:
                attach_file(knock=knock, draft=draft, path=path, upload=upload)
            except NotFound:
                raise
            except DomainError as error:
                problems[path] = f"{upload.name}: {error.message}"
    return problems


def _rendering(request: HttpRequest) -> Rendering:
    revision = request.POST.get("revision", "")
    return Rendering(
        revision=int(revision) if revision.isdecimal() and len(revision) < 10 else 0,
        window=request.POST.get("window", "").replace("\x00", "")[:40],
    )


def _saved_elsewhere(
    request: HttpRequest, knock: Knock, draft: UUID, page: str, error: SavedElsewhere
) -> HttpResponse:
    """Both versions on one screen: this window's in the inputs, the other's to read."""
    row = draft_for(knock, draft)
    screen = Screen(answers={**row.answers, **error.mine})
    return draw(request, row, page, screen, status=409)


def _sign_in_again(address: str) -> HttpResponse:
    """The session ended meanwhile: everything is saved, the page is shown after signing in."""
    return redirect(f"{CITIZEN_SIGN_IN}?next={address}")

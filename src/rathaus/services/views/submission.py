"""The end of a form: check everything, send it, read the confirmation; or why it ends early."""

from __future__ import annotations

from uuid import UUID

from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from rathaus.cases.queries import awaits_correction
from rathaus.core.access import CITIZEN_SIGN_IN, Request, citizen_page
from rathaus.core.clock import today
from rathaus.core.domain import next_steps
from rathaus.core.errors import NotFound
from rathaus.core.files import open_file
from rathaus.core.money import Money
from rathaus.payments.queries import claims_about
from rathaus.services.actions.amending import start_amendment
from rathaus.services.actions.receipts import keep_receipt
from rathaus.services.actions.submitting import submit
from rathaus.services.form_errors import (
    AmendmentClosed,
    GrantExhausted,
    NoGrantBudget,
    NotComplete,
    SignInFirst,
)
from rathaus.services.forms.evaluation import Evaluation
from rathaus.services.forms.sheet import sheet
from rathaus.services.models import Draft
from rathaus.services.queries.catalogue import service_with_form
from rathaus.services.queries.forms import application_of, compiled, draft_for, newest_application
from rathaus.services.receipt import sum_of
from rathaus.services.views.drafts import closed_amendment, draft_page, knock_of, remember, settle
from rathaus.services.views.drawing import steps


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@draft_page
def summary(request: Request, draft: UUID) -> HttpResponse:
    """All answers once more before they are sent; a post sends them."""
    if request.method == "POST":
        return _submit(request, draft)
    row = draft_for(knock_of(request), draft)
    if row.submitted_at is not None:
        return redirect("services:submitted", draft)
    closed = closed_amendment(request, row)
    if closed:
        return closed
    evaluation = _evaluated(row)
    if evaluation.exits:
        return redirect("services:exit", draft, evaluation.exits[0][1].id)
    knock = settle(request, row)
    context = _summary(request, row, evaluation)
    return remember(render(request, "services/application/summary.html", context), knock)


def _submit(request: Request, draft: UUID) -> HttpResponse:
    try:
        submit(knock=knock_of(request), draft=draft, language=get_language() or "de")
    except NotComplete:
        return redirect("services:summary", draft)
    except SignInFirst:
        return redirect(f"{CITIZEN_SIGN_IN}?next={request.path}")
    except AmendmentClosed:
        return redirect("services:summary", draft)
    except (GrantExhausted, NoGrantBudget) as refusal:
        return _exhausted(request, draft, refusal)
    return redirect("services:submitted", draft)


def _exhausted(
    request: Request, draft: UUID, refusal: GrantExhausted | NoGrantBudget
) -> HttpResponse:
    row = draft_for(knock_of(request), draft)
    context = {"form": compiled(row.version.sha256).document, "draft": row, "refusal": refusal}
    return render(request, "services/application/exhausted.html", context, status=refusal.status)


def _summary(request: Request, draft: Draft, evaluation: Evaluation) -> dict[str, object]:
    form = compiled(draft.version.sha256)
    incomplete = {problem.page for problem in evaluation.problems}
    may_send = request.actor.is_citizen or evaluation.anonymous
    return {
        "form": form.document,
        "draft": draft,
        "parts": sheet(form.outline, evaluation, get_language() or "de"),
        "incomplete": [page for page in form.document.pages if page.id in incomplete],
        "fees": evaluation.fees,
        "total": evaluation.total,
        "grants": evaluation.grants,
        "granted": evaluation.granted,
        **_before(draft, total=evaluation.total, granted=evaluation.granted),
        "steps": steps(form, draft, evaluation, ""),
        "current": len(evaluation.pages) + 1,
        "is_named": evaluation.anonymous and request.actor.is_citizen,
        "sign_in": "" if may_send else f"{CITIZEN_SIGN_IN}?next={request.path}",
    }


def _before(draft: Draft, *, total: Money, granted: Money) -> dict[str, Money]:
    """What was owed and promised before this amendment, where it is something else now."""
    if draft.amends is None:
        return {}
    before_and_now = {
        "total_before": (sum_of(draft.amends.fees), total),
        "granted_before": (sum_of(draft.amends.grants), granted),
    }
    return {name: before for name, (before, now) in before_and_now.items() if before != now}


@never_cache
@require_safe
@draft_page
def ended(request: Request, draft: UUID, exit: str) -> HttpResponse:
    """Why this cannot be applied for, and what to do instead."""
    row = draft_for(knock_of(request), draft)
    endings = [ending for _page, ending in _evaluated(row).exits if ending.id == exit]
    if row.submitted_at is not None or not endings:
        raise NotFound
    context = {
        "form": compiled(row.version.sha256).document,
        "draft": row,
        "exit": endings[0],
        "service": service_with_form(row.version.form),
    }
    return render(request, "services/application/exit.html", context)


@never_cache
@require_safe
@draft_page
def submitted(request: Request, draft: UUID) -> HttpResponse:
    """The confirmation; whoever comes back sees it again."""
    row = draft_for(knock_of(request), draft)
    application = application_of(row)
    form = compiled(row.version.sha256)
    total, granted = sum_of(application.fees), sum_of(application.grants)
    claims = claims_about(application.case_number, by=request.actor)
    owed = [claim for claim in claims if claim.is_open]
    context = {
        "form": form.document,
        "application": application,
        "is_amendment": row.amends_id is not None,
        "total": total,
        "claims": owed,
        "granted": granted,
        "next_steps": next_steps(request.actor, application.case_number),
        **_before(row, total=total, granted=granted),
    }
    return render(request, "services/application/submitted.html", context)


@never_cache
@require_safe
@draft_page
def receipt(request: Request, draft: UUID) -> FileResponse:
    """The confirmation of receipt, the same file that lies with the case."""
    row = draft_for(knock_of(request), draft)
    application = application_of(row)
    stored = keep_receipt(application.pk)
    return FileResponse(open_file(stored), filename=stored.name, content_type=stored.content_type)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@citizen_page
def amend(request: Request, case: UUID) -> HttpResponse:
    """Correct what was submitted: the form again, filled with the answers given."""
    knock = knock_of(request)
    if request.method == "POST":
        return redirect("services:draft", start_amendment(knock=knock, case=case))
    newest_application(knock.by, case)
    is_open = awaits_correction(by=knock.by, case=case)
    context = {"case": case, "is_open": is_open}
    status = 200 if is_open else AmendmentClosed.status
    return render(request, "services/application/amend.html", context, status=status)


def _evaluated(draft: Draft) -> Evaluation:
    return compiled(draft.version.sha256).evaluate(draft.answers, today=today())

"""The editor of decisions: template, own words, preview, and the decision itself."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from rathaus.cases import actions, queries
from rathaus.cases.forms import DecisionForm
from rathaus.cases.views.about_case import staff_case_page
from rathaus.cases.views.posting import done, refusal, unseen_changes
from rathaus.core.access import Request


@require_http_methods(["GET", "HEAD", "POST"])
@staff_case_page("cases.decide")
def decide(request: Request, case: UUID) -> HttpResponse:
    """Write the decision (`?vorlage=` fills in a template), look at it, deliver it."""
    if request.method != "POST":
        proposed = queries.proposed_decision(
            by=request.actor, case=case, template=request.GET.get("vorlage", "")
        )
        form = DecisionForm(initial=vars(proposed) if proposed else None)
        return _editor(request, case, form)
    form = DecisionForm(request.POST)
    if "deliver" not in request.POST:
        return _editor(request, case, form, looks=form.is_valid())

    def act() -> None:
        actions.decide(
            by=request.actor, case=case, text=form.text(), seen=form.cleaned_data["seen"]
        )

    status = refusal(form, act)
    if status:
        return _editor(request, case, form, status=status)
    return done(request, _("Die Entscheidung ist zugestellt."), "cases:case", case)


@require_POST
@staff_case_page("cases.decide")
def preview(request: Request, case: UUID) -> HttpResponse:
    """The document as it would be delivered, as PDF."""
    form = DecisionForm(request.POST)
    pdf = b""

    def act() -> None:
        nonlocal pdf
        pdf = actions.preview(by=request.actor, case=case, text=form.text())

    status = refusal(form, act)
    if status:
        return _editor(request, case, form, status=status)
    headers = {"Content-Disposition": 'inline; filename="Vorschau.pdf"'}
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)


def _editor(
    request: Request, case: UUID, form: DecisionForm, *, status: int = 200, looks: bool = False
) -> HttpResponse:
    context = {
        "view": queries.staff_case(by=request.actor, case=case),
        "templates": queries.decision_templates(by=request.actor, case=case),
        "chosen": request.GET.get("vorlage", ""),
        "form": form,
        "looks": looks,
        "changes": unseen_changes(request, case),
    }
    return render(request, "cases/decide.html", context, status=status)

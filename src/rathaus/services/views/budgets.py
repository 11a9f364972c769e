"""Editors' pages about budgets for grants: what is reserved and left, and how much there is."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from rathaus.core.access import Request, staff_page
from rathaus.services.actions.budgets import set_total
from rathaus.services.budget_form import BudgetForm
from rathaus.services.catalogue_errors import LessThanReserved
from rathaus.services.models import GrantBudget
from rathaus.services.queries.grants import all_budgets, budget_named

RIGHT = "services.edit_catalogue"


@require_safe
@staff_page(RIGHT)
def budgets(request: Request) -> HttpResponse:
    """All budgets, the newest year first."""
    context = {"budgets": all_budgets(request.actor)}
    return render(request, "services/editing/budgets.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(RIGHT)
def change_budget(request: Request, budget: int) -> HttpResponse:
    """Set the sum of a year, with its source."""
    row = budget_named(request.actor, budget)
    form = BudgetForm(request.POST) if request.method == "POST" else BudgetForm.showing(row)
    if form.is_valid() and _saved(request, row, form):
        messages.success(request, _("Die Summe ist gespeichert."))
        return redirect("services:edit_budgets")
    context = {"form": form, "budget": row}
    status = 422 if form.errors else 200
    return render(request, "services/editing/budget_form.html", context, status=status)


def _saved(request: Request, budget: GrantBudget, form: BudgetForm) -> bool:
    given = form.cleaned_data
    try:
        set_total(by=request.actor, budget=budget.pk, total=given["total"], why=given["why"])
    except LessThanReserved as error:
        form.add_error("total", str(error.message))
    return not form.errors

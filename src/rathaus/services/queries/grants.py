"""What is left in the budgets for grants: for everybody on the service's page, and for editors."""

from collections.abc import Iterable, Mapping

from rathaus.core.actor import Actor
from rathaus.core.clock import today
from rathaus.core.errors import NotFound
from rathaus.services.models import GrantBudget

RIGHT = "services.edit_catalogue"


def budgets_of(grants: Iterable[Mapping[str, str]]) -> list[GrantBudget]:
    """This year's budgets that the grants of a form draw on, in one query or none."""
    slugs = {grant["budget"] for grant in grants}
    return list(GrantBudget.objects.filter(slug__in=slugs, year=today().year)) if slugs else []


def all_budgets(by: Actor) -> list[GrantBudget]:
    """All budgets, the newest year first. Raises `NotAllowed`."""
    by.require(RIGHT)
    return list(GrantBudget.objects.all())


def budget_named(by: Actor, budget: int) -> GrantBudget:
    """One budget. Raises `NotAllowed`, `NotFound`."""
    by.require(RIGHT)
    found = GrantBudget.objects.filter(pk=budget).first()
    if found is None:
        raise NotFound
    return found

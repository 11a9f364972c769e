"""A city that pays for solar panels out of a small budget."""

from uuid import UUID

from tests.factories import make_citizen, make_department

from rathaus.accounts.models import Person
from rathaus.accounts.queries import actor_of
from rathaus.cases.actions import install_procedures
from rathaus.core.actor import SYSTEM
from rathaus.core.clock import today
from rathaus.services.actions.budgets import import_budgets
from rathaus.services.actions.drafts import start_draft
from rathaus.services.actions.publishing import publish_form
from rathaus.services.actions.submitting import submit
from rathaus.services.budgets import BudgetEntry
from rathaus.services.draft_access import Knock
from rathaus.services.forms.loading import load_yaml
from rathaus.services.models import Application, Draft, GrantBudget

FORM = """
schema: 1
form: solar
service: solar
title: {de: Solarförderung, en: Solar grant}
pages:
  - id: anlage
    title: Anlage
    fields:
      - {id: preis, type: number, label: Preis, decimals: 2, min: 0}
grants:
  - {id: drittel, budget: sonne, label: 30 Prozent, of: preis, percent: 30, cap: "250.00"}
"""
PROCEDURE = """
procedure: solar
name: {de: Solarförderung}
department: umwelt
number_prefix: SO
"""


def build_solar_city(*, total: str = "1000.00", year: int | None = None) -> GrantBudget:
    """Office, procedure, form and this year's budget; the budget."""
    make_department("umwelt", number_prefix="UM")
    install_procedures(by=SYSTEM, text=PROCEDURE)
    publish_form(by=SYSTEM, document=load_yaml(FORM))
    return fill_budget(total, year or today().year)


def fill_budget(total: str, year: int) -> GrantBudget:
    entry = BudgetEntry(
        budget="sonne", name={"de": "Sonne"}, year=year, total=total, source="Beschluss"
    )
    import_budgets(by=SYSTEM, budgets=[entry])
    return GrantBudget.objects.get(slug="sonne", year=year)


def citizen_knock(person: Person | None = None) -> Knock:
    return Knock(actor_of(person or make_citizen()), "device")


def begin(knock: Knock, price: str = "649.00") -> UUID:
    draft = start_draft(knock=knock, form="solar", account={}, anew=True)
    Draft.objects.filter(pk=draft).update(answers={"preis": price})
    return draft


def apply_for(knock: Knock, price: str = "649.00") -> Application:
    return submit(knock=knock, draft=begin(knock, price))

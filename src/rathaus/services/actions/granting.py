"""Taking what an application asks for out of the year's budget, and giving it back."""

from uuid import UUID

from django.db import connection
from django.db.models import F
from pydantic import JsonValue

from rathaus.audit.actions import record
from rathaus.cases.events import CaseClosedUndecided, CaseDecided, CaseWithdrawn
from rathaus.core.actor import SYSTEM, Actor
from rathaus.core.clock import local_date, now, today
from rathaus.core.money import Money
from rathaus.core.transaction import atomic
from rathaus.services.form_errors import GrantExhausted, NoGrantBudget
from rathaus.services.forms.evaluation import Evaluation
from rathaus.services.models import Application, GrantBudget, GrantReservation

GIVES_NOTHING = frozenset({"refused", "rejected"})
RELEASE = """
    UPDATE services_grantreservation SET released_at = %s
    WHERE released_at IS NULL
        AND application_id IN (SELECT id FROM services_application WHERE case_id = %s)
    RETURNING budget_id, cents
"""


def grants_of(evaluation: Evaluation, before: Application | None = None) -> list[JsonValue]:
    """The lines as an application keeps them; an amendment draws on the year of its case."""
    year = _year_of(before) if before else today().year
    return [
        {
            "id": line.id,
            "label": dict(line.label),
            "cents": line.amount.cents,
            "budget": line.budget,
            "year": year,
        }
        for line in evaluation.grants
    ]


def reserve(application: Application, *, by: Actor) -> None:
    """Take every line out of its budget; call it last, budgets stay locked until the end.

    Raises `GrantExhausted` and `NoGrantBudget`.
    """
    moment = now()
    for line in sorted(application.grants, key=lambda line: (line["budget"], line["year"])):
        GrantReservation.objects.create(
            budget_id=_take(line["budget"], line["year"], Money(line["cents"])),
            application=application,
            line=line["id"],
            subject_id=application.person_id,
            cents=line["cents"],
            reserved_at=moment,
        )
    if application.grants:
        _note(by, "services.grant_reserved", application.case_number, application.person_id)


def reserve_anew(application: Application, *, by: Actor) -> None:
    """Exchange what a case has reserved for what its amendment asks for. Raises like `reserve`."""
    _release(application.case_id)
    reserve(application, by=by)


@atomic
def release_grant(event: CaseDecided | CaseWithdrawn | CaseClosedUndecided) -> None:
    """Give back what a case had reserved and does not get; again changes nothing."""
    if isinstance(event, CaseDecided) and event.outcome not in GIVES_NOTHING:
        return
    if _release(event.case):
        _note(SYSTEM, "services.grant_released", event.number, event.applicant)


def _year_of(before: Application) -> int:
    years = [line["year"] for line in before.grants]
    return years[0] if years else local_date(before.submitted_at).year


def _take(slug: str, year: int, amount: Money) -> int:
    """Reserve in one statement that sees what is left; the id of the budget."""
    budgets = GrantBudget.objects.filter(slug=slug, year=year)
    holding = budgets.filter(reserved_cents__lte=F("total_cents") - amount.cents)
    taken = holding.update(reserved_cents=F("reserved_cents") + amount.cents)
    budget = budgets.first()
    if budget is None:
        raise NoGrantBudget(year)
    if not taken:
        raise GrantExhausted(amount, budget.left)
    return budget.pk


def _release(case: UUID) -> bool:
    """Whether there was something to give back.

    Without reading rows: nobody gets to see whom they are about.
    """
    with connection.cursor() as cursor:
        cursor.execute(RELEASE, [now(), case])
        released = sorted(cursor.fetchall())
    for budget, cents in released:
        budgets = GrantBudget.objects.filter(pk=budget)
        budgets.update(reserved_cents=F("reserved_cents") - cents)
    return bool(released)


def _note(by: Actor, did: str, case: str, applicant: UUID) -> None:
    record(by=by, did=did, thing_type="grant", about=[applicant], case=case)

"""What an application costs: claimed when it is sent, anew when it is amended, and let go of where
nothing comes of it.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import override
from pydantic import JsonValue

from rathaus.cases.events import CaseClosedUndecided, CaseDecided, CaseWithdrawn
from rathaus.core.actor import SYSTEM, Actor
from rathaus.core.localized import SOURCE_LANGUAGE
from rathaus.core.money import Money
from rathaus.core.transaction import atomic
from rathaus.payments.actions import ClaimKind, Owed, charge, fall_due
from rathaus.payments.queries import due_from_today
from rathaus.services.actions.granting import GIVES_NOTHING
from rathaus.services.forms.evaluation import Evaluation
from rathaus.services.models import Application
from rathaus.services.receipt import sum_of

NEWEST_FEES = """
    SELECT fees FROM services_application WHERE case_id = %s ORDER BY submitted_at DESC LIMIT 1
"""
# What is still owed, by how a case ended: see `owed` of a fee.
STILL_OWED = {
    CaseDecided: frozenset({"decided", "filed"}),
    CaseWithdrawn: frozenset({"filed"}),
    CaseClosedUndecided: frozenset({"filed"}),
}


def fees_of(evaluation: Evaluation, days: int | None) -> list[JsonValue]:
    """The lines as an application keeps them; to be paid within so many days, or by the term of
    law.
    """
    return [
        {
            "id": line.id,
            "label": dict(line.label),
            "cents": line.amount.cents,
            "owed": line.owed,
            "days": days,
            "kind": line.kind,
            "levy": asdict(line.levy) if line.levy else None,
        }
        for line in evaluation.fees
    ]


def charge_fees(application: Application, *, by: Actor) -> None:
    """Claim each line of what was just sent; what a decision decides about falls due with it."""
    if application.fees:
        _charge_for(application, by=by, why="")


def charge_anew(application: Application) -> None:
    """Make the claims of a case follow its amendment; the house itself cancels and raises."""
    with override(SOURCE_LANGUAGE):
        why = _("Die Angaben im Antrag haben sich geändert.")
    _charge_for(application, by=SYSTEM, why=why)


def change_in_words(before: Application, evaluation: Evaluation) -> str:
    """How an amendment changes fee and grant, in German as the house keeps it; else empty."""
    with override(SOURCE_LANGUAGE):
        changes = [
            (_("Gebühr"), sum_of(before.fees), evaluation.total),
            (_("Beantragte Förderung"), sum_of(before.grants), evaluation.granted),
        ]
        return "; ".join(
            _("%(what)s: %(new)s statt %(old)s") % {"what": what, "new": new, "old": old}
            for what, old, new in changes
            if new != old
        )


@atomic
def let_fees_fall(event: CaseDecided | CaseWithdrawn | CaseClosedUndecided) -> None:
    """Cancel what a case owes no longer, each fee as its form says; again changes nothing."""
    if isinstance(event, CaseDecided) and event.outcome not in GIVES_NOTHING:
        return
    fees = newest_fees(event.case)
    kept = [line for line in fees if line.get("owed") in STILL_OWED[type(event)]]
    if len(kept) < len(fees):
        with override(SOURCE_LANGUAGE):
            why = _("Aus dem Anliegen ist nichts geworden.")
        owed = [_owed(line) for line in kept]
        charge(
            by=SYSTEM,
            debtor=event.applicant,
            reference=event.number,
            owed=owed,
            why=why,
            among=purposes_of(event.case),
        )


def let_fees_fall_due(event: CaseDecided) -> None:
    """What waited for the decision is to be paid now; again changes nothing."""
    fees = newest_fees(event.case)
    days = {line["id"]: due_from_today(line.get("days")) for line in fees}
    fall_due(by=SYSTEM, reference=event.number, due_on=days)


def purposes_of(case: UUID) -> set[str]:
    """What any version of the application asked a fee for."""
    versions = Application.objects.filter(case=case).values_list("fees", flat=True)
    return {line["id"] for fees in versions for line in fees}


def _charge_for(application: Application, *, by: Actor, why: str) -> None:
    charge(
        by=by,
        debtor=application.person_id,
        reference=application.case_number,
        owed=[_owed(line) for line in application.fees],
        why=why,
        among=purposes_of(application.case_id),
        department=application.case.department_id,
    )


def _owed(line: Mapping[str, Any]) -> Owed:
    due_on = due_from_today(line.get("days")) if line.get("owed") == "filed" else None
    kind = ClaimKind(line.get("kind", "fee"))
    return Owed(line["id"], line["label"], Money(line["cents"]), due_on, kind)


def newest_fees(case: UUID) -> list[dict[str, Any]]:
    """Past the read log: the fees alone, and nobody gets to see whom they are about."""
    with connection.cursor() as cursor:
        cursor.execute(NEWEST_FEES, [case])
        found = cursor.fetchone()
    fees: list[dict[str, Any]] = json.loads(found[0]) if found else []
    return fees

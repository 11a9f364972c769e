"""Takes the city's procedures into the house."""

from collections.abc import Mapping, Sequence

from rathaus.accounts.queries import departments as all_departments
from rathaus.audit.actions import record
from rathaus.cases.models import CaseState, Procedure
from rathaus.cases.procedures import ProcedureDocument, parse_procedures
from rathaus.core.actor import Actor
from rathaus.core.transaction import atomic


@atomic
def install_procedures(*, by: Actor, text: str) -> list[str]:
    """Install or replace the procedures of a YAML text; returns their slugs.

    Running cases keep the deadline with which they were opened. Raises `BadDocument` with line
    and reason, and `NotAllowed` without `cases.configure`; nothing is installed then.
    """
    by.require("cases.configure")
    known = {department.slug: department.pk for department in all_departments()}
    documents = parse_procedures(text, departments=known.keys())
    for document in documents:
        _install(document, _departments_of(document, known))
    record(
        by=by,
        did="cases.procedures_installed",
        thing_type="procedure",
        thing_id=", ".join(document.procedure for document in documents)[:120],
    )
    return [document.procedure for document in documents]


def _departments_of(document: ProcedureDocument, known: Mapping[str, int]) -> list[int]:
    """Ids of the departments that may get its cases, its own first."""
    slugs = dict.fromkeys((document.department, *(rule.department for rule in document.routing)))
    return [known[slug] for slug in slugs]


def _install(document: ProcedureDocument, departments: Sequence[int]) -> None:
    procedure, _created = Procedure.objects.update_or_create(
        slug=document.procedure,
        defaults={
            "name": document.name.plain(),
            "department_id": departments[0],
            "handled_in": departments,
            "document": document.model_dump(mode="json", exclude_none=True),
            "is_active": True,
        },
    )
    slugs = [state.slug for state in document.states]
    CaseState.objects.filter(procedure=procedure).exclude(slug__in=slugs).update(is_active=False)
    for position, state in enumerate(document.states):
        CaseState.objects.update_or_create(
            procedure=procedure,
            slug=state.slug,
            defaults={
                "label": state.label.plain(),
                "phase": state.phase,
                "position": position,
                "is_active": True,
            },
        )

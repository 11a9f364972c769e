"""To whom a case may be given: colleagues of its department, or another department."""

from uuid import UUID

from rathaus.accounts.queries import departments
from rathaus.cases.errors import NotPossibleNow
from rathaus.cases.models import Case
from rathaus.cases.phases import Phase, is_open
from rathaus.cases.queries.finding import find_case
from rathaus.core.actor import Actor
from rathaus.core.errors import NotAllowed
from rathaus.core.localized import localize


def may_assign(by: Actor, case: Case) -> bool:
    """Whether this person may say who handles the case: whoever assigns, and who has it now."""
    if by.may("cases.assign", case.department_id):
        return True
    has_it = case.assigned_to_id is not None and case.assigned_to_id == by.person
    return has_it and by.may("cases.handle", case.department_id)


def other_departments(*, by: Actor, case: UUID) -> list[tuple[str, str]]:
    """Slug and name of those that an open case could be forwarded to, by name.

    Raises `NotFound`, `NotAllowed`, `NotPossibleNow`.
    """
    row = find_case(by, case, did="cases.forwarded")
    if by.is_citizen or not by.may("cases.handle", row.department_id):
        raise NotAllowed
    if not is_open(Phase(row.phase)):
        raise NotPossibleNow
    others = (
        (department.slug, localize(department.name))
        for department in departments()
        if department.pk != row.department_id
    )
    return sorted(others, key=lambda pair: pair[1].casefold())

"""How a case comes in, is amended by its applicant, and is taken back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from django.db import connection

from rathaus.accounts.actions import stay_open
from rathaus.accounts.queries import department_named
from rathaus.audit.actions import record
from rathaus.cases import sections as filed
from rathaus.cases.actions.changing import (
    add_step,
    attach,
    lock_own_case,
    move,
    refresh_deadline,
    write_down,
)
from rathaus.cases.actions.naming import name_applicant
from rathaus.cases.actions.notices import tell_applicant
from rathaus.cases.actions.waiting import stop_waiting
from rathaus.cases.case_number import CaseNumber
from rathaus.cases.errors import NotPossibleNow, UnknownDepartment, UnknownProcedure
from rathaus.cases.events import CaseOpened, CaseWithdrawn
from rathaus.cases.models import Case, CaseContent, CaseStep, Procedure
from rathaus.cases.phases import Phase
from rathaus.cases.routing import department_for
from rathaus.cases.sections import Attachment, CaseRef, Section
from rathaus.core.actor import Actor
from rathaus.core.clock import local_date, now
from rathaus.core.errors import NotAllowed
from rathaus.core.events import publish
from rathaus.core.localized import SOURCE_LANGUAGE
from rathaus.core.transaction import atomic

LONGEST_TITLE = 250
NOWHERE: Mapping[str, str] = MappingProxyType({})
NEXT_NUMBER = """
    INSERT INTO cases_numbercounter (prefix, year, last) VALUES (%s, %s, 1)
    ON CONFLICT (prefix, year) DO UPDATE SET last = cases_numbercounter.last + 1
    RETURNING last
"""


@dataclass(frozen=True)
class _Office:
    """The department that handles a case, as far as opening one needs it."""

    id: int
    number_prefix: str


@atomic
def open_case(
    *,
    by: Actor,
    procedure: Procedure | str,
    title: str,
    applicant: UUID,
    sections: Sequence[Section],
    files: Sequence[Attachment] = (),
    submitted_at: datetime,
    department: str | None = None,
    origin: str,
    applicant_name: str = "",
    applicant_address: Mapping[str, str] = NOWHERE,
    language: str = SOURCE_LANGUAGE,
) -> CaseRef:
    """Take a matter in: number it, route it, set its deadline running.

    `department` (a slug) overrules the procedure's routing; `origin` names the domain that knows
    more about it (`services`). `applicant_name` and `applicant_address` (in the parts of
    `accounts.Person.address`) are what the applicant says of themselves, `language` is that of
    the mails to them. Citizens open cases of
    their own; staff need `cases.handle` in the department. Raises `NotAllowed`,
    `UnknownProcedure`, `UnknownDepartment`, and `AccountClosed` for a guest.
    """
    stay_open(by=by)
    known = _procedure(procedure)
    office = _office(known, sections, department)
    if by.person != applicant and not by.may("cases.handle", office.id):
        raise NotAllowed
    case = _new_case(known, office, applicant, title, submitted_at, origin)
    case.language = language
    name_applicant(case, applicant_name, applicant_address)
    case.save(force_insert=True)
    _keep_content(case, sections, version=1, by=by)
    attach(case, files, from_citizen=True)
    add_step(case, by=by, kind=CaseStep.Kind.OPENED)
    record(by=by, did="cases.opened", on=case, about=[applicant], case=case.number)
    publish(
        CaseOpened(case.pk, case.number, known.slug, applicant, case.department_id, case.origin)
    )
    return CaseRef(case.pk, case.number)


@atomic
def amend_case(
    *,
    by: Actor,
    case: UUID,
    sections: Sequence[Section],
    files: Sequence[Attachment] = (),
    applicant_name: str = "",
    applicant_address: Mapping[str, str] = NOWHERE,
    note: str = "",
    language: str = "",
) -> None:
    """Replace what was filed by a new version; the older ones stay.

    Only while a correction is open. Whoever wants something else without being asked (§ 13 Abs. 8
    AVG) writes a message. A name or an address replaces what the applicant said of themselves
    before; `note` goes into the history, `language` is that of the mails from now on.
    """
    row = lock_own_case(by, case, did="cases.amended")
    if row.phase != Phase.INCOMPLETE:
        raise NotPossibleNow
    newest = CaseContent.objects.filter(case=row).order_by("-version").first()
    _keep_content(row, sections, version=newest.version + 1 if newest else 1, by=by)
    attach(row, files, from_citizen=True)
    row.language = language or row.language
    if applicant_name or applicant_address:
        name_applicant(row, applicant_name, applicant_address)
    write_down(row, by=by, kind=CaseStep.Kind.AMENDED, did="cases.amended", text=note, why=note)


@atomic
def withdraw(*, by: Actor, case: UUID, why: str = "") -> None:
    """Take a matter back, as its applicant, as long as it is not decided."""
    row = lock_own_case(by, case, did="cases.withdrawn")
    move(row, Phase.WITHDRAWN)
    stop_waiting(row)
    write_down(row, by=by, kind=CaseStep.Kind.WITHDRAWN, did="cases.withdrawn", text=why, why=why)
    tell_applicant(row, "withdrawn")
    publish(CaseWithdrawn(row.pk, row.number, row.procedure.slug, row.applicant_id, row.origin))


def _procedure(wanted: Procedure | str) -> Procedure:
    if isinstance(wanted, Procedure):
        return wanted
    found = (
        Procedure.objects.select_related("department").filter(slug=wanted, is_active=True).first()
    )
    if found is None:
        raise UnknownProcedure
    return found


def _office(procedure: Procedure, sections: Sequence[Section], department: str | None) -> _Office:
    rules = procedure.rules
    slug = department or department_for(
        filed.answers(sections), rules.routing_rules(), rules.department
    )
    office = procedure.department
    if slug != office.slug:
        other = department_named(slug)
        if other is None:
            raise UnknownDepartment
        office = other
    return _Office(office.pk, rules.number_prefix or office.number_prefix)


def _new_case(
    procedure: Procedure,
    office: _Office,
    applicant: UUID,
    title: str,
    submitted_at: datetime,
    origin: str,
) -> Case:
    received_on = local_date(submitted_at)
    period = procedure.rules.deadline_on(received_on)
    moment = now()
    case = Case(
        procedure=procedure,
        department_id=office.id,
        applicant_id=applicant,
        title=" ".join(title.replace("\x00", "").split())[:LONGEST_TITLE],
        origin=origin,
        phase=Phase.RECEIVED,
        received_on=received_on,
        period_count=period.count,
        period_unit=period.unit,
        period_basis=period.basis,
        opened_at=moment,
        changed_at=moment,
    )
    case.number = _next_number(office.number_prefix, received_on.year)
    refresh_deadline(case)
    return case


def _next_number(prefix: str, year: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute(NEXT_NUMBER, [prefix, year])
        return str(CaseNumber(prefix, year, cursor.fetchone()[0]))


def _keep_content(case: Case, sections: Sequence[Section], *, version: int, by: Actor) -> None:
    CaseContent.objects.create(
        case=case,
        subject_id=case.applicant_id,
        version=version,
        sections=filed.to_json(sections),
        at=now(),
        by_name=by.name,
    )

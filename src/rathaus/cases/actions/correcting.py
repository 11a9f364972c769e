"""Correction requests (§ 13 Abs. 3 AVG): what is missing, until when, and the answer."""

from collections.abc import Sequence
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile

from rathaus.cases.actions.changing import (
    attach,
    keep,
    lock_case,
    lock_own_case,
    move,
    require_reachable,
    write_down,
    written,
)
from rathaus.cases.actions.notices import tell_applicant, tell_clerk
from rathaus.cases.actions.waiting import rest, stop_waiting
from rathaus.cases.deadlines import last_day
from rathaus.cases.errors import CorrectionStillOpen, NotPossibleNow
from rathaus.cases.events import CorrectionReceived, CorrectionRequested
from rathaus.cases.models import Case, CaseStep, CorrectionRequest
from rathaus.cases.phases import Phase
from rathaus.core.actor import Actor
from rathaus.core.city import current_city
from rathaus.core.clock import now, today
from rathaus.core.events import publish
from rathaus.core.transaction import atomic

MOST_ITEMS = 30


@atomic
def request_correction(
    *, by: Actor, case: UUID, text: str, items: Sequence[str] = (), seen: int
) -> None:
    """Ask the applicant to correct or complete what was filed, with a deadline of its own.

    The procedure says how long they have and whether the office's deadline rests meanwhile.
    Raises `CorrectionStillOpen`, `NobodyToReach`, `NotPossibleNow`, `ChangedMeanwhile`.
    """
    words = written(text)
    row = lock_case(by, case, did="cases.correction_requested", right="cases.handle", seen=seen)
    require_reachable(row)
    if row.phase == Phase.INCOMPLETE:
        raise CorrectionStillOpen
    move(row, Phase.INCOMPLETE)
    request = _request(row, words, items)
    if request.suspends:
        rest(row, row.procedure.rules.suspension_basis)
    write_down(
        row,
        by=by,
        kind=CaseStep.Kind.CORRECTION_REQUESTED,
        did="cases.correction_requested",
        why=request.basis,
    )
    tell_applicant(row, "correction")
    publish(CorrectionRequested(row.pk, row.number, row.applicant_id, request.due_on))


@atomic
def answer_correction(
    *, by: Actor, case: UUID, text: str, uploads: Sequence["UploadedFile[bytes]"] = ()
) -> None:
    """Answer the open correction request, as the applicant; the office goes on examining.

    An answer after the deadline is taken as well: what it means is for the office to say.
    """
    words = written(text, required=not uploads)
    files = keep(uploads)
    row = lock_own_case(by, case, did="cases.correction_received")
    request = CorrectionRequest.objects.filter(case=row, closed_at=None).first()
    if request is None or row.phase != Phase.INCOMPLETE:
        raise NotPossibleNow
    request.answer, request.answered_at = words, now()
    request.save(update_fields=["answer", "answered_at"])
    attach(row, files, by=by)
    move(row, Phase.EXAMINING)
    stop_waiting(row)
    write_down(row, by=by, kind=CaseStep.Kind.CORRECTION_RECEIVED, did="cases.correction_received")
    tell_clerk(row)
    publish(CorrectionReceived(row.pk, row.number, row.applicant_id))


def _request(row: Case, text: str, items: Sequence[str]) -> CorrectionRequest:
    rules = row.procedure.rules
    period = rules.correction_on(today())
    return CorrectionRequest.objects.create(
        case=row,
        subject_id=row.applicant_id,
        text=text,
        items=[item.strip()[:250] for item in items if item.strip()][:MOST_ITEMS],
        basis=period.basis,
        suspends=rules.suspends,
        requested_at=now(),
        due_on=last_day(today(), period, current_city().federal_state),
    )

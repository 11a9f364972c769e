"""Correction requests (§ 13 Abs. 3 AVG): what is missing, until when, and the answer."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from rathaus.cases.actions.changing import (
    attach,
    keep,
    lock_case,
    lock_own_case,
    move,
    require_reachable,
    said,
    write_down,
    written,
)
from rathaus.cases.actions.notices import tell_applicant, tell_clerk
from rathaus.cases.actions.talking import write_message
from rathaus.cases.actions.waiting import rest, stop_waiting
from rathaus.cases.deadlines import DayOutOfBounds, chosen_day, last_day
from rathaus.cases.errors import CorrectionStillOpen, CorrectionTimeWrong, NotPossibleNow
from rathaus.cases.events import CorrectionExtended, CorrectionReceived, CorrectionRequested
from rathaus.cases.models import Case, CaseStep, CorrectionRequest
from rathaus.cases.phases import Phase
from rathaus.core.actor import Actor
from rathaus.core.calendar import next_day_not_excluded
from rathaus.core.city import current_city
from rathaus.core.clock import now, today
from rathaus.core.events import publish
from rathaus.core.localized import SOURCE_LANGUAGE
from rathaus.core.transaction import atomic

MOST_ITEMS = 30
ONE_DAY, LONGEST_TIME = timedelta(days=1), timedelta(days=365)


@atomic
def request_correction(
    *,
    by: Actor,
    case: UUID,
    text: str,
    items: Sequence[str] = (),
    due_on: date | None = None,
    seen: int,
) -> None:
    """Ask the applicant to correct or complete what was filed, with a deadline of its own.

    The procedure says how long they have at least and whether the office's deadline rests
    meanwhile; `due_on` gives them longer. Raises `CorrectionTimeWrong`, `CorrectionStillOpen`,
    `NobodyToReach`, `NotPossibleNow`, `ChangedMeanwhile`.
    """
    words = written(text)
    row = lock_case(by, case, did="cases.correction_requested", right="cases.handle", seen=seen)
    require_reachable(row)
    if row.phase == Phase.INCOMPLETE:
        raise CorrectionStillOpen
    move(row, Phase.INCOMPLETE)
    request = _request(row, words, items, due_on)
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
def extend_correction(*, by: Actor, case: UUID, due_on: date, seen: int) -> None:
    """Give the applicant more time while theirs still runs (§ 13 Abs. 3 AVG), and tell them.

    Raises `CorrectionTimeWrong`, `NotPossibleNow` once it has run out, `ChangedMeanwhile`.
    """
    row = lock_case(by, case, did="cases.correction_extended", right="cases.handle", seen=seen)
    request = CorrectionRequest.objects.filter(
        case=row, closed_at=None, due_on__gte=today()
    ).first()
    if request is None or row.phase != Phase.INCOMPLETE:
        raise NotPossibleNow
    extended = _chosen(due_on, next_day_not_excluded(request.due_on + ONE_DAY))
    request.extended_from = request.extended_from or request.due_on
    request.due_on = extended
    request.save(update_fields=["extended_from", "due_on"])
    _tell_about_extension(row, by, request)
    tell_applicant(row, "extended")
    publish(CorrectionExtended(row.pk, row.number, row.applicant_id, extended))


@atomic
def answer_correction(
    *, by: Actor, case: UUID, text: str, uploads: Sequence["UploadedFile[bytes]"] = ()
) -> None:
    """Answer the open correction request, as the applicant; the office goes on examining.

    An answer after the deadline is taken as well: what it means is for the office to say.
    """
    words = said(text, uploads)
    files = keep(uploads)
    row = lock_own_case(by, case, did="cases.correction_received")
    request = CorrectionRequest.objects.filter(case=row, closed_at=None).first()
    if request is None or row.phase != Phase.INCOMPLETE:
        raise NotPossibleNow
    request.answer, request.answered_at = words, now()
    request.save(update_fields=["answer", "answered_at"])
    attach(row, files, from_citizen=True)
    move(row, Phase.EXAMINING)
    stop_waiting(row)
    write_down(row, by=by, kind=CaseStep.Kind.CORRECTION_RECEIVED, did="cases.correction_received")
    tell_clerk(row)
    publish(CorrectionReceived(row.pk, row.number, row.applicant_id))


def _tell_about_extension(row: Case, by: Actor, request: CorrectionRequest) -> None:
    with override(SOURCE_LANGUAGE):
        shown = {"day": date_format(request.due_on, "SHORT_DATE_FORMAT")}
        write_message(row, by, _("Sie haben für Ihre Ergänzung jetzt bis %(day)s Zeit.") % shown)
        until = _("bis %(day)s") % shown
    write_down(
        row,
        by=by,
        kind=CaseStep.Kind.CORRECTION_EXTENDED,
        did="cases.correction_extended",
        text=until,
        why=request.basis,
    )


def _request(row: Case, text: str, items: Sequence[str], due_on: date | None) -> CorrectionRequest:
    rules = row.procedure.rules
    period = rules.correction_on(today())
    earliest = last_day(today(), period, current_city().federal_state)
    return CorrectionRequest.objects.create(
        case=row,
        subject_id=row.applicant_id,
        text=text,
        items=[item.strip()[:250] for item in items if item.strip()][:MOST_ITEMS],
        basis=period.basis,
        suspends=rules.suspends,
        requested_at=now(),
        due_on=_chosen(due_on, earliest) if due_on else earliest,
    )


def _chosen(wanted: date, earliest: date) -> date:
    try:
        return chosen_day(wanted, earliest, today() + LONGEST_TIME)
    except DayOutOfBounds as error:
        raise CorrectionTimeWrong(error.earliest, error.latest) from error

"""The one way to a case's row, and the one way to write a change of it down."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile

from rathaus.audit.actions import record
from rathaus.cases.deadlines import Level, Pause, compute, warning_level
from rathaus.cases.errors import (
    ChangedMeanwhile,
    NobodyToReach,
    NothingSaid,
    NothingWritten,
    NotPossibleNow,
    TextTooLong,
    TooManyFiles,
)
from rathaus.cases.models import Case, CaseFile, CaseStep, Message, Suspension
from rathaus.cases.phases import Phase, is_open, may_follow
from rathaus.cases.queries.finding import attempt, case_rows, reading_case, visible_case
from rathaus.cases.sections import Attachment
from rathaus.core.actor import Actor
from rathaus.core.city import current_city
from rathaus.core.clock import now, today
from rathaus.core.errors import DomainError, NotAllowed
from rathaus.core.files import store
from rathaus.core.models import StoredFile

LONGEST_TEXT = 20_000
MOST_FILES = 10


def lock_case(
    by: Actor, case_id: UUID, *, did: str, right: str | Sequence[str], seen: int | None = None
) -> Case:
    """The case, locked until the end of the action, for who holds (one) `right` in its department.

    Raises `NotFound`, `NotAllowed`, and `ChangedMeanwhile` where `seen` (the revision on the
    person's screen) is not the newest.
    """
    case = _locked(by, case_id, did)
    rights = [right] if isinstance(right, str) else right
    if not by.may_one_of(rights, case.department_id):
        raise NotAllowed(attempted=attempt(did, case.pk, case.number, case.applicant_id))
    if seen is not None and seen != case.revision:
        raise ChangedMeanwhile(case.pk, seen)
    return case


def lock_own_case(by: Actor, case_id: UUID, *, did: str) -> Case:
    """The case, locked, for its applicant and nobody else. Raises `NotFound`, `NotAllowed`."""
    case = _locked(by, case_id, did)
    if by.person != case.applicant_id:
        raise NotAllowed(attempted=attempt(did, case.pk, case.number, case.applicant_id))
    return case


def require_reachable(case: Case) -> None:
    """Raise `NobodyToReach` where the applicant did not say who they are."""
    if case.is_anonymous:
        raise NobodyToReach


def move(case: Case, phase: Phase) -> None:
    """Put the case into another phase. Raises `NotPossibleNow` where that may not follow."""
    if not may_follow(Phase(case.phase), phase):
        raise NotPossibleNow
    case.phase = phase
    case.state = None


def write_down(
    case: Case,
    *,
    by: Actor,
    kind: CaseStep.Kind,
    did: str,
    text: str = "",
    why: str = "",
    public: bool = True,
) -> None:
    """Save the changed case under its next revision, with a line of history and an audit entry."""
    case.revision += 1
    case.changed_at = now()
    case.save()
    add_step(case, by=by, kind=kind, text=text, public=public)
    record(by=by, did=did, on=case, about=[case.applicant_id], case=case.number, why=why)


def add_step(
    case: Case, *, by: Actor, kind: CaseStep.Kind, text: str = "", public: bool = True
) -> None:
    """A line of history for the case as it now stands."""
    CaseStep.objects.create(
        case=case,
        subject_id=case.applicant_id,
        kind=kind,
        text=text[:500],
        public=public,
        revision=case.revision,
        at=case.changed_at,
        by_id=by.person,
        by_name=by.name,
        office=by.office,
    )


def refresh_deadline(case: Case) -> None:
    """Compute the deadline and its warning level anew from the period and all suspensions."""
    pauses = [
        Pause(row.starts_on, row.ends_on)
        for row in Suspension.objects.filter(case=case)
        if row.ends_on
    ]
    computed = compute(case.received_on, case.period, pauses, current_city().federal_state)
    case.due_on = computed.last_day
    case.level = _level(case)


def written(text: str, *, required: bool = True, field: str = "text") -> str:
    """A person's text without what no text needs. Raises `NothingWritten` and `TextTooLong`, which
    name the field.
    """
    cleaned = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if required and not cleaned:
        raise NothingWritten(field)
    if len(cleaned) > LONGEST_TEXT:
        raise TextTooLong(field)
    return cleaned


def said(text: str, uploads: Sequence["UploadedFile[bytes]"]) -> str:
    """The text of a message; files alone will do. Raises `NothingSaid` and `TextTooLong`."""
    words = written(text, required=False)
    if not (words or uploads):
        raise NothingSaid
    return words


def attach(
    case: Case,
    files: Iterable[Attachment],
    *,
    from_citizen: bool,
    message: Message | None = None,
) -> list[CaseFile]:
    """Put stored files into the case; `from_citizen` says whose they are, whoever puts them in."""
    moment = now()
    return CaseFile.objects.bulk_create(
        CaseFile(
            case=case,
            subject_id=case.applicant_id,
            stored_id=file.file,
            label=file.label[:250],
            from_citizen=from_citizen,
            message=message,
            at=moment,
        )
        for file in files
    )


def keep(uploads: Sequence["UploadedFile[bytes]"]) -> list[Attachment]:
    """Check and store what was uploaded, named as its owner named it; so is what is refused."""
    if len(uploads) > MOST_FILES:
        raise TooManyFiles
    kept = [_stored(upload) for upload in uploads]
    return [Attachment(file.pk, file.name) for file in kept]


def _stored(upload: "UploadedFile[bytes]") -> StoredFile:
    try:
        return store(upload)
    except DomainError as error:
        error.message = f"{upload.name}: {error.message}"
        raise


def _locked(by: Actor, case_id: UUID, did: str) -> Case:
    with reading_case(by, case_id):
        return visible_case(by, case_id, did, case_rows().select_for_update(of=("self",)))


def _level(case: Case) -> Level:
    if case.due_on is None or case.suspended_since or not is_open(Phase(case.phase)):
        return Level.ON_TIME
    ladder = case.procedure.rules.ladder_on(today(), case.period)
    return warning_level(case.due_on, today(), ladder)

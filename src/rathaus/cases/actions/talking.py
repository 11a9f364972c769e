"""Messages between the applicant and the office, in both directions, with files."""

from collections.abc import Sequence
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile

from rathaus.cases.actions.changing import (
    attach,
    keep,
    lock_case,
    lock_own_case,
    require_reachable,
    said,
    write_down,
)
from rathaus.cases.actions.notices import tell_applicant, tell_clerk
from rathaus.cases.errors import NotPossibleNow
from rathaus.cases.events import MessageSent
from rathaus.cases.models import Case, CaseStep, Message
from rathaus.cases.phases import Phase
from rathaus.cases.queries.finding import find_case
from rathaus.core.actor import Actor
from rathaus.core.clock import now
from rathaus.core.events import publish
from rathaus.core.transaction import atomic


@atomic
def send_message(
    *, by: Actor, case: UUID, text: str, uploads: Sequence["UploadedFile[bytes]"] = ()
) -> None:
    """Write to the other side: applicant to office, or staff (`cases.handle`) to applicant.

    The applicant is told by mail that something waits, not what. Raises `NothingSaid`,
    `TextTooLong`, `NobodyToReach` and the errors of the file store; then nothing is sent.
    """
    words = said(text, uploads)
    files = keep(uploads)
    row = _locked(by, case)
    require_reachable(row)
    if row.phase == Phase.CLOSED and by.is_citizen:
        raise NotPossibleNow
    message = write_message(row, by, words)
    attach(row, files, from_citizen=by.is_citizen, message=message)
    write_down(row, by=by, kind=CaseStep.Kind.MESSAGE, did="cases.message")
    if by.is_citizen:
        tell_clerk(row)
    else:
        tell_applicant(row, "message")
    publish(MessageSent(row.pk, row.number, row.applicant_id, to_citizen=not by.is_citizen))


@atomic
def mark_read(*, by: Actor, case: UUID) -> None:
    """Note that the other side's messages have been seen; changes nothing else."""
    row = find_case(by, case)
    received = Message.Direction.TO_CITIZEN if by.is_citizen else Message.Direction.TO_OFFICE
    Message.objects.filter(case=row, direction=received, read_at=None).update(read_at=now())


def _locked(by: Actor, case: UUID) -> Case:
    if by.is_citizen:
        return lock_own_case(by, case, did="cases.message")
    return lock_case(by, case, did="cases.message", right="cases.handle")


def write_message(row: Case, by: Actor, text: str) -> Message:
    """The message alone; who calls it attaches files and writes it down."""
    to_citizen = not by.is_citizen
    return Message.objects.create(
        case=row,
        subject_id=row.applicant_id,
        direction=Message.Direction.TO_CITIZEN if to_citizen else Message.Direction.TO_OFFICE,
        text=text,
        at=now(),
        by_id=by.person,
        by_name=by.name,
        office=by.office,
    )

"""Documents that the house writes into the file of a case."""

from uuid import UUID

from rathaus.audit.actions import record
from rathaus.cases.actions.changing import attach, lock_case
from rathaus.cases.sections import Attachment
from rathaus.core.actor import Actor
from rathaus.core.transaction import atomic


@atomic
def add_document(*, by: Actor, case: UUID, document: Attachment) -> None:
    """Put a stored document into the file, for applicant and office to read; needs `cases.handle`.

    It tells nobody anything new, so the case stays at its revision.
    """
    row = lock_case(by, case, did="cases.document_added", right="cases.handle")
    attach(row, [document], from_citizen=False)
    record(by=by, did="cases.document_added", on=row, about=[row.applicant_id], case=row.number)

"""Files of a case for download."""

from uuid import UUID

from rathaus.cases.models import CaseFile
from rathaus.cases.queries.finding import attempt, case_rows, reading_case, visible_case
from rathaus.core.actor import Actor
from rathaus.core.errors import NotFound


def case_file(*, by: Actor, case: UUID, file: int) -> CaseFile:
    """A file of a case that this person may see. Raises `NotFound`."""
    with reading_case(by, case, did="cases.file_read"):
        row = visible_case(by, case, "cases.file_read", case_rows())
        files = CaseFile.objects.filter(case=row).select_related("stored")
        if by.is_citizen:
            files = files.filter(visible_to_citizen=True)
        found = files.filter(pk=file).first()
    if found is None:
        raise NotFound(attempted=attempt("cases.file_read", row.pk, row.number, row.applicant_id))
    return found

"""Files of a case, each behind the permission of its case and in a way that no browser runs it."""

from uuid import UUID

from django.http import FileResponse
from django.views.decorators.http import require_safe

from rathaus.cases import queries
from rathaus.core.access import Request, citizen_page, staff_page
from rathaus.core.files import open_file

# What browsers show by themselves; in the sandbox below nothing of it can act.
SHOWN = frozenset({"application/pdf", "image/jpeg", "image/png", "image/webp"})


@require_safe
@staff_page("cases.read")
def staff_file(request: Request, case: UUID, file: int) -> FileResponse:
    """A file for the clerk; the read is noted."""
    return _file(request, case, file)


@require_safe
@citizen_page
def own_file(request: Request, case: UUID, file: int) -> FileResponse:
    """A file for the applicant."""
    return _file(request, case, file)


def _file(request: Request, case: UUID, file: int) -> FileResponse:
    stored = queries.case_file(by=request.actor, case=case, file=file).stored
    response = FileResponse(
        open_file(stored),
        as_attachment=stored.content_type not in SHOWN,
        filename=stored.name,
        content_type=stored.content_type,
    )
    response["Content-Length"] = stored.size
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response

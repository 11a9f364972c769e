"""How papers and files of money leave the house: in a way that no browser runs them."""

from typing import TypeVar

from django.http import FileResponse, HttpResponse

from rathaus.core.files import open_file
from rathaus.core.models import StoredFile

R = TypeVar("R", FileResponse, HttpResponse)


def paper(stored: StoredFile) -> FileResponse:
    """A document of the house, shown by the browser."""
    response = FileResponse(
        open_file(stored), filename=stored.name, content_type=stored.content_type
    )
    response["Content-Length"] = stored.size
    return _private(response)


def download(content: str, *, name: str, kind: str) -> HttpResponse:
    """A text file to be saved."""
    response = HttpResponse(content.encode(), content_type=f"{kind}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return _private(response)


def _private(response: R) -> R:
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response

"""Pages that exist in the demo only."""

import re
from uuid import UUID

from django.http import FileResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from rathaus.core.access import Request, public_page
from rathaus.core.files import open_file
from rathaus.demo import mailbox


@public_page
@require_safe
def mailbox_page(request: Request) -> HttpResponseBase:
    """Every mail that the house has sent, newest first."""
    page = _page_number(request.GET.get("seite", ""))
    found = mailbox.newest_mails(page=page)
    older = page + 1 if found.has_older else 0
    context = {"mails": found.mails, "newer": page - 1, "older": older}
    return render(request, "demo/mailbox.html", context)


@public_page
@require_safe
def mail_attachment(request: Request, mail: UUID, file: UUID) -> HttpResponseBase:
    """One file that came with a mail."""
    stored = mailbox.attachment(mail, file)
    return FileResponse(
        open_file(stored),
        as_attachment=True,
        filename=stored.name,
        content_type=stored.content_type,
    )


@public_page
@require_safe
def video_room(request: Request, room: str) -> HttpResponseBase:
    """What stands in place of a video call: who would be there, and that nobody is."""
    return render(request, "demo/video_room.html", {"room": room})


def _page_number(text: str) -> int:
    """What somebody wrote into the address, else the first page."""
    return int(text) if re.fullmatch(r"[1-9]\d{0,5}", text, re.ASCII) else 1

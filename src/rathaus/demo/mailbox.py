"""The demo's mail server: nothing leaves the machine, and every mail can be read on a page."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from rathaus.core.errors import NotFound
from rathaus.core.models import OutgoingMail, StoredFile


class MailboxBackend(BaseEmailBackend):
    """Accepts every mail; what was sent stands in the table of outgoing mails."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Count all messages as sent."""
        return len(email_messages)


@dataclass(frozen=True)
class MailPage:
    """Some mails, newest first, and whether there are older ones."""

    mails: list[OutgoingMail]
    has_older: bool


def newest_mails(*, page: int, size: int = 25) -> MailPage:
    """A page of what the house has written, with attachments."""
    mails = OutgoingMail.objects.filter(emptied_at=None).prefetch_related("attachments")
    start = (page - 1) * size
    found = list(mails.order_by("-created_at", "pk")[start : start + size + 1])
    return MailPage(found[:size], has_older=len(found) > size)


def attachment(mail: UUID, file: UUID) -> StoredFile:
    """A file that belongs to that mail. Raises `NotFound`."""
    found = StoredFile.objects.filter(
        pk=file,
        pk__in=OutgoingMail.attachments.through.objects.filter(outgoingmail=mail).values(
            "storedfile"
        ),
    ).first()
    if found is None:
        raise NotFound
    return found

"""The demo's mail server: every mail sent can be read on a page."""

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class MailboxBackend(BaseEmailBackend):
    """Counts a mail as sent; the outgoing mails are kept by core and shown at /demo/mailbox/."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Accept all messages."""
        return len(email_messages)

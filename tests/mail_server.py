"""A real mail server on this machine, for tests that want to see what arrives."""

from __future__ import annotations

import email.policy
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any  # the fixture of pytest-django has no public type

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class MailServer:
    """A mail server that answers as told and keeps what it took."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.senders: list[str] = []
        self.answers: list[str] = []
        self.refused: dict[str, str] = {}
        self.pause = 0.0

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        time.sleep(self.pause)
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("250"):
            self.senders.append(envelope.mail_from or "")
            assert isinstance(envelope.content, bytes)
            self.taken.append(
                email.message_from_bytes(envelope.content, policy=email.policy.default)
            )
        return answer


@contextmanager
def listening(handler: MailServer) -> Iterator[int]:
    """Listen on a free port, which is told, until the block ends."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


@contextmanager
def mail_server(settings: Any) -> Iterator[MailServer]:
    """The same as the house's mail server."""
    handler = MailServer()
    with listening(handler) as port:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        settings.EMAIL_TIMEOUT = 0.5
        settings.DEFAULT_FROM_EMAIL = "rathaus@lindenfurt.example"
        yield handler

"""A real mail server for tests: what the house sends over SMTP, in the order in which it came."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message as EmailMessage
from threading import Event

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from tests.house import free_port

from rathaus.operate.processes import wait_until


class Letterbox(Message):
    """Keeps what it gets; `port` is where it listens. While `answers` is cleared, a mail is kept
    and its sender gets no answer.
    """

    def __init__(self, port: int) -> None:
        super().__init__()
        self.port = port
        self.mails: list[EmailMessage] = []
        self.answers = Event()
        self.answers.set()

    def handle_message(self, message: EmailMessage) -> None:
        """Keep it."""
        self.mails.append(message)
        self.answers.wait(30)

    @property
    def environment(self) -> dict[str, str]:
        """What tells a house to send its mail here."""
        return {"RATHAUS_SMTP_HOST": "127.0.0.1", "RATHAUS_SMTP_PORT": str(self.port)}

    @property
    def letters(self) -> list[str]:
        """The text of every mail."""
        return [text_of(mail) for mail in self.mails]

    def times(self, *words: str, to: str) -> Counter[str]:
        """How often each mail with these words came to that address, by its Message-ID."""
        mails = [mail for mail in self.mails if to in str(mail["To"])]
        found = [mail for mail in mails if all(word in text_of(mail) for word in words)]
        return Counter(str(mail["Message-ID"]) for mail in found)

    def letter(self, *words: str, to: str = "", seconds: float = 40) -> str:
        """The newest text with all these words, to that address; it may still be on its way."""

        def found() -> list[str]:
            texts = [text_of(mail) for mail in self.mails if to in str(mail["To"])]
            return [text for text in texts if all(word in text for word in words)]

        assert wait_until(lambda: bool(found()), seconds=seconds), f"no mail with {words}"
        return found()[-1]


def text_of(mail: EmailMessage) -> str:
    """The first part of a mail in plain text."""
    for part in mail.walk():
        if part.get_content_type() == "text/plain":
            content = part.get_payload(decode=True)
            assert isinstance(content, bytes)
            return content.decode()
    return ""


@contextmanager
def open_letterbox() -> Iterator[Letterbox]:
    """A letterbox on a port of its own."""
    box = Letterbox(free_port())
    server = Controller(box, hostname="127.0.0.1", port=box.port)
    server.start()
    try:
        yield box
    finally:
        server.stop()

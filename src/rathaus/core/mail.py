"""Mail to people: written in the action's transaction, sent once by a job, forgotten in time."""

import io
import re
import smtplib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from email.mime.text import MIMEText
from email.utils import formataddr
from uuid import UUID

import segno
import structlog
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from procrastinate import RetryStrategy

from rathaus.core.city import current_city
from rathaus.core.clock import now
from rathaus.core.errors import Invalid
from rathaus.core.files import read_file
from rathaus.core.jobs import app, defer_all_here, defer_here
from rathaus.core.models import OutgoingMail, StoredFile
from rathaus.core.models.city import City
from rathaus.core.transaction import unit_of_work

log = structlog.get_logger("rathaus.mail")

# 6, 36, 216 … seconds between the attempts: the last one comes about 15 hours after the first.
MOST_ATTEMPTS = 7
BACK_OFF = RetryStrategy(max_attempts=MOST_ATTEMPTS - 1, exponential_wait=6)
KEPT = timedelta(days=30)
_PERMANENT_FROM = 500
_METHOD = re.compile(r"^METHOD:([A-Z]+)", re.MULTILINE)


class BadAddress(Invalid):
    """Mail cannot go there."""

    message = _("Das ist keine gültige E-Mail-Adresse. Bitte prüfen Sie sie.")


class UnsafeHeader(Invalid):
    """A line break in a header would let a sender write headers of their own."""

    message = _("Der Betreff darf keinen Zeilenumbruch enthalten.")


@dataclass(frozen=True)
class Letter:
    """A plain mail: its `text` is without the city's signature, which is added."""

    to: str
    subject: str
    text: str
    reference: str = ""


class NotDelivered(RuntimeError):
    """The mail server could not take it this time; the queue tries again later."""


def send(
    *,
    to: str,
    subject: str,
    text: str,
    reference: str = "",
    attachments: Iterable[StoredFile] = (),
    calendar: str = "",
    code: str = "",
) -> OutgoingMail:
    """Write a mail and the job that sends it: both happen with the action around it, or neither.

    `text` is plain; the signature of the city is added. `calendar` is the text of an `.ics` file
    that goes along, `code` a short text that goes along as the picture of a QR code. Raises
    `BadAddress` and `UnsafeHeader`.
    """
    mail = _written(Letter(to, subject, text, reference), calendar=calendar, code=code)
    with unit_of_work(apart=False):
        mail.save(force_insert=True)
        if files := list(attachments):
            mail.attachments.set(files)
        defer_here(deliver_mail.configure(), mail=str(mail.pk))
    return mail


def send_all(letters: Iterable[Letter]) -> None:
    """The same for many at once: all of them are written, or none. Raises like `send`."""
    mails = [_written(letter) for letter in letters]
    with unit_of_work(apart=False):
        OutgoingMail.objects.bulk_create(mails)
        defer_all_here(deliver_mail.configure(), [{"mail": str(mail.pk)} for mail in mails])


def _written(letter: Letter, *, calendar: str = "", code: str = "") -> OutgoingMail:
    _check_headers(letter.to, letter.subject)
    return OutgoingMail(
        recipient=letter.to,
        subject=letter.subject[:250],
        text=_with_signature(letter.text, current_city()),
        reference=letter.reference,
        calendar=calendar,
        code=code,
    )


def deliver(mail_id: UUID) -> None:
    """Hand a waiting mail to the mail server, at most once per row: the row is locked meanwhile.

    A mail already sent, given up or deleted is left alone. Raises `NotDelivered` where another
    attempt makes sense. Should the program die between the server's yes and the commit, the second
    mail carries the same Message-ID.
    """
    with transaction.atomic():
        mail = OutgoingMail.objects.select_for_update().filter(pk=mail_id).first()
        if mail is None or not mail.is_waiting:
            return
        problem = _try(mail)
        mail.save(update_fields=["sent_at", "failed_at", "attempts", "last_error"])
    if problem and mail.is_waiting:
        raise NotDelivered(problem)


@app.task(queue="mail", name="core.deliver_mail", retry=BACK_OFF)
def deliver_mail(mail: str) -> None:
    """Send one mail."""
    deliver(UUID(mail))


def empty_old_mails() -> int:
    """Forget recipient, subject and text of mails that left 30 days ago; how many."""
    old = OutgoingMail.objects.filter(emptied_at=None, created_at__lt=now() - KEPT).exclude(
        sent_at=None, failed_at=None
    )
    OutgoingMail.attachments.through.objects.filter(outgoingmail__in=old).delete()
    return old.update(recipient="", subject="", text="", calendar="", code="", emptied_at=now())


def _check_headers(to: str, subject: str) -> None:
    if len(f"{to}{subject}".splitlines()) > 1:
        raise UnsafeHeader
    try:
        validate_email(to)
    except ValidationError as error:
        raise BadAddress from error


def _with_signature(text: str, city: City) -> str:
    contact = (city.authority or city.name, city.address, city.phone, city.website)
    return f"{text.strip()}\n\n-- \n" + "\n".join(line for line in contact if line) + "\n"


def _try(mail: OutgoingMail) -> str:
    """One attempt, written into the row; the problem as a word without personal data, or empty."""
    mail.attempts += 1
    try:
        _message(mail).send()
    except (smtplib.SMTPException, OSError) as error:
        problem = _problem(error)
        mail.last_error = problem
        if _is_permanent(error) or mail.attempts >= MOST_ATTEMPTS:
            mail.failed_at = now()
        log.warning("mail not delivered", mail=str(mail.pk), attempt=mail.attempts, problem=problem)
        return problem
    mail.sent_at, mail.last_error = now(), ""
    return ""


def _message(mail: OutgoingMail) -> EmailMessage:
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2]
    message = EmailMessage(
        subject=mail.subject,
        body=mail.text,
        from_email=formataddr((current_city().name, settings.DEFAULT_FROM_EMAIL)),
        to=[mail.recipient],
        headers={"Message-ID": f"<{mail.pk}@{host}>", "Auto-Submitted": "auto-generated"},
    )
    for file in mail.attachments.order_by("created_at"):
        message.attach(file.name, read_file(file), file.content_type)
    if mail.calendar:
        message.attach(_calendar_part(mail.calendar))
    if mail.code:
        message.attach("code.png", _picture_of(mail.code), "image/png")
    return message


def _picture_of(code: str) -> bytes:
    """The code as a QR code with the quiet zone that scanners need, large enough for a screen."""
    drawn = io.BytesIO()
    segno.make_qr(code, error="m").save(drawn, kind="png", border=4, scale=8)
    return drawn.getvalue()


def _calendar_part(calendar: str) -> MIMEText:
    """The entry as calendar programs want it: the method stands beside the type, too."""
    found = _METHOD.search(calendar)
    part = MIMEText(calendar, "calendar", "utf-8")
    part.set_param("method", found[1] if found else "PUBLISH")
    part.add_header("Content-Disposition", "attachment", filename="termin.ics")
    return part


def _is_permanent(error: Exception) -> bool:
    """Whether the server said no for good (a code of 5xx): trying again would only annoy it."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= _PERMANENT_FROM for code, _reason in error.recipients.values())
    return isinstance(error, smtplib.SMTPResponseException) and error.smtp_code >= _PERMANENT_FROM


def _problem(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = {code for code, _reason in error.recipients.values()}
        return f"{type(error).__name__} {min(codes)}"
    code = getattr(error, "smtp_code", None)
    return f"{type(error).__name__} {code}" if code else type(error).__name__

"""Mail against a real mail server: sent once, tried again, given up, forgotten."""

import time
from datetime import timedelta

import pikepdf
import pytest
import time_machine
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.all_at_once import all_at_once
from tests.founded import founded
from tests.mail_server import MailServer, listening, mail_server

from rathaus.core import clock, mail
from rathaus.core.city import forget_city
from rathaus.core.files import store
from rathaus.core.mail import BadAddress, Letter, NotDelivered, UnsafeHeader, deliver, send
from rathaus.core.models import City, OutgoingMail

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def city(db):
    with founded(address="Rathausplatz 1\n4999 Lindenfurt", phone="+43 7999 100") as city:
        yield city


@pytest.fixture
def server(settings):
    with mail_server(settings) as handler:
        yield handler


def write(**changes) -> OutgoingMail:
    return send(
        **{
            "to": "maria@example.at",
            "subject": "Ihr Anliegen BUE-2026-000123",
            "text": "Guten Tag,\n\nes gibt Neues zu Ihrem Anliegen.",
            "reference": "BUE-2026-000123",
            **changes,
        }
    )


def test_a_mail_arrives_once_in_the_city_s_name(server):
    written = write()
    deliver(written.pk)
    deliver(written.pk)

    [message] = server.taken
    assert message["From"] == "Stadt Lindenfurt <rathaus@lindenfurt.example>"
    assert message["To"] == "maria@example.at"
    assert message["Subject"] == "Ihr Anliegen BUE-2026-000123"
    assert message["Message-ID"] == f"<{written.pk}@lindenfurt.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content_type() == "text/plain"
    assert message.get_content().replace("\r\n", "\n") == (
        "Guten Tag,\n\nes gibt Neues zu Ihrem Anliegen.\n\n-- \n"
        "Magistrat der Stadt Lindenfurt\nRathausplatz 1\n4999 Lindenfurt\n+43 7999 100\n"
    )
    written.refresh_from_db()
    assert (written.attempts, written.last_error, written.failed_at) == (1, "", None)
    assert written.sent_at is not None


def test_a_city_s_name_with_umlauts_and_commas_stays_one_sender(server):
    City.objects.update(name="Größwang, Stadt")
    forget_city()
    deliver(write(subject="Größe: 3 € – geprüft").pk)

    [message] = server.taken
    assert message["From"].addresses[0].display_name == "Größwang, Stadt"
    assert message["Subject"] == "Größe: 3 € – geprüft"
    assert server.senders == ["rathaus@lindenfurt.example"]


def test_attachments_travel_with_it(server, settings, tmp_path):
    settings.FILES_DIRECTORY = tmp_path
    document = pikepdf.new()
    document.add_blank_page()
    document.save(tmp_path / "a.pdf")
    content = (tmp_path / "a.pdf").read_bytes()
    file = store(content, name="Bestätigung.pdf")

    deliver(write(attachments=[file]).pk)

    [attached] = server.taken[0].iter_attachments()
    assert attached.get_filename() == "Bestätigung.pdf"
    assert attached.get_content_type() == "application/pdf"
    assert attached.get_content() == content


def test_a_refused_recipient_is_given_up_at_once(server):
    server.refused = {"maria@example.at": "550 no such user"}
    written = write()
    deliver(written.pk)
    deliver(written.pk)

    written.refresh_from_db()
    assert (written.sent_at, written.attempts) == (None, 1)
    assert written.last_error == "SMTPRecipientsRefused 550"
    assert written.failed_at is not None
    assert server.taken == []


@pytest.mark.parametrize(
    ("answers", "refused", "problem"),
    [
        (["451 try later"], {}, "SMTPDataError 451"),
        ([], {"maria@example.at": "450 mailbox busy"}, "SMTPRecipientsRefused 450"),
    ],
)
def test_a_temporary_error_is_tried_again(server, answers, refused, problem):
    server.answers, server.refused = answers, refused
    written = write()
    with pytest.raises(NotDelivered, match=problem):
        deliver(written.pk)
    written.refresh_from_db()
    assert written.is_waiting
    assert (written.attempts, written.last_error) == (1, problem)

    server.refused = {}
    deliver(written.pk)
    written.refresh_from_db()
    assert (written.attempts, written.last_error, len(server.taken)) == (2, "", 1)
    assert written.sent_at is not None


def test_a_slow_server_is_left_after_the_timeout(server):
    server.pause = 1.2
    written = write()
    started = time.monotonic()
    with pytest.raises(NotDelivered, match=r"SMTPServerDisconnected|TimeoutError"):
        deliver(written.pk)
    assert time.monotonic() - started < 1.1


def test_a_server_that_is_down_is_tried_seven_times(settings):
    with listening(MailServer()) as port:
        pass
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    written = write()
    for _attempt in range(mail.MOST_ATTEMPTS - 1):
        with pytest.raises(NotDelivered, match="ConnectionRefusedError"):
            deliver(written.pk)
    deliver(written.pk)

    written.refresh_from_db()
    assert (written.attempts, written.sent_at) == (7, None)
    assert written.failed_at is not None


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"subject": "Neues\nBcc: alle@example.at"}, UnsafeHeader),
        ({"subject": "Neues\r\n\r\nText"}, UnsafeHeader),
        ({"subject": "Neues\u2028Bcc: x"}, UnsafeHeader),
        ({"to": "maria@example.at\nBcc: alle@example.at"}, UnsafeHeader),
        ({"to": "maria@example.at, alle@example.at"}, BadAddress),
        ({"to": "Maria <maria@example.at>"}, BadAddress),
        ({"to": ""}, BadAddress),
    ],
)
def test_headers_cannot_be_smuggled_in(changes, error):
    with pytest.raises(error):
        write(**changes)
    assert OutgoingMail.objects.count() == 0
    assert ProcrastinateJob.objects.count() == 0


def test_mail_and_job_are_written_together():
    written = write()

    [job] = ProcrastinateJob.objects.all()
    assert (job.task_name, job.queue_name) == ("core.deliver_mail", "mail")
    assert (job.args, job.status) == ({"mail": str(written.pk)}, "todo")


def test_many_are_written_together_each_with_its_job():
    mail.send_all([Letter(f"{name}@example.at", "Neues", "Text", name) for name in ("ida", "udo")])

    rows = OutgoingMail.objects.order_by("reference")
    assert [(row.recipient, row.reference) for row in rows] == [
        ("ida@example.at", "ida"),
        ("udo@example.at", "udo"),
    ]
    jobs = {job.args["mail"] for job in ProcrastinateJob.objects.all()}
    assert jobs == {str(row.pk) for row in rows}


def test_one_bad_letter_keeps_all_of_them_back():
    with pytest.raises(BadAddress):
        mail.send_all([Letter("ida@example.at", "Neues", "Text"), Letter("udo", "Neues", "Text")])
    mail.send_all([])
    assert (OutgoingMail.objects.count(), ProcrastinateJob.objects.count()) == (0, 0)


class Refused(Exception):
    """Something later in the action went wrong."""


@transaction.atomic
def write_and_fail() -> None:
    write()
    raise Refused


def test_a_failed_action_leaves_neither_mail_nor_job():
    with pytest.raises(Refused):
        write_and_fail()
    assert OutgoingMail.objects.count() == 0
    assert ProcrastinateJob.objects.count() == 0


def test_texts_are_forgotten_after_thirty_days_but_never_before_they_left():
    sent, waiting, young = write(), write(), write()
    OutgoingMail.objects.filter(pk__in=[sent.pk, young.pk]).update(sent_at=clock.now())
    OutgoingMail.objects.filter(pk__in=[sent.pk, waiting.pk]).update(
        created_at=clock.now() - timedelta(days=31)
    )

    assert mail.empty_old_mails() == 1
    assert mail.empty_old_mails() == 0

    sent.refresh_from_db()
    assert (sent.recipient, sent.subject, sent.text) == ("", "", "")
    assert sent.reference == "BUE-2026-000123"
    assert set(OutgoingMail.objects.filter(emptied_at=None)) == {waiting, young}


def test_the_last_attempt_comes_half_a_day_after_the_first():
    job = type("Job", (), {"attempts": 0})()
    waits = []
    with time_machine.travel(0, tick=False):
        for job.attempts in range(mail.MOST_ATTEMPTS):
            decision = mail.BACK_OFF.get_retry_decision(exception=NotDelivered(), job=job)
            waits.append(decision and decision.retry_at.timestamp())
    assert waits == [6, 36, 216, 1296, 7776, 46656, None]


@pytest.mark.usefixtures("empty_queue")
def test_two_workers_with_one_mail_send_it_once(server):
    server.pause = 0.2
    written = write()

    all_at_once(*[lambda: deliver(written.pk)] * 4)

    assert len(server.taken) == 1
    written.refresh_from_db()
    assert written.attempts == 1

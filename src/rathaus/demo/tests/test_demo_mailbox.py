"""The demo's mailbox: every mail with its text and attachments."""

import io
from uuid import uuid4

import pikepdf
import pytest
from django.core import mail as outbox
from django.core.mail import EmailMessage

from rathaus.core.files import read_file, store
from rathaus.core.mail import deliver, send
from rathaus.core.models import OutgoingMail
from rathaus.demo.mailbox import newest_mails

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.FILES_DIRECTORY = tmp_path
    settings.EMAIL_BACKEND = "rathaus.demo.mailbox.MailboxBackend"


def pdf() -> bytes:
    document = pikepdf.new()
    document.add_blank_page()
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_a_mail_can_be_read_with_its_attachment(client):
    file = store(pdf(), name="Bestätigung.pdf")
    text = "Guten Tag\n\nhttp://testserver/anliegen/ <script>"
    written = send(to="maria@example.at", subject="Neues & mehr", text=text, attachments=[file])
    deliver(written.pk)

    page = client.get("/demo/postfach/").content.decode()
    assert "Neues &amp; mehr" in page
    assert "maria@example.at" in page
    assert 'href="http://testserver/anliegen/"' in page
    assert "&lt;script&gt;" in page
    assert "gesendet" in page
    address = f"/demo/postfach/{written.pk}/{file.pk}/"
    assert address in page
    download = client.get(address)
    assert b"".join(download.streaming_content) == read_file(file)
    assert download["Content-Type"] == "application/pdf"
    assert download["Content-Disposition"].startswith("attachment;")


def test_a_file_that_came_with_no_mail_stays_closed(client):
    file = store(pdf(), name="Geheim.pdf")
    written = send(to="maria@example.at", subject="Neues", text="Guten Tag")

    assert client.get(f"/demo/postfach/{written.pk}/{file.pk}/").status_code == 404
    assert client.get(f"/demo/postfach/{uuid4()}/{file.pk}/").status_code == 404


def test_nothing_leaves_the_machine():
    deliver(send(to="maria@example.at", subject="Neues", text="Guten Tag").pk)
    assert EmailMessage("x", "y", "a@example.at", ["b@example.at"]).send() == 1
    assert getattr(outbox, "outbox", []) == []
    assert OutgoingMail.objects.get().sent_at is not None


def test_mails_come_in_pages_newest_first(client):
    for number in range(30):
        send(to="maria@example.at", subject=f"Mail {number:02}", text="Guten Tag")

    first, second = newest_mails(page=1), newest_mails(page=2)
    assert [mail.subject for mail in first.mails] == [f"Mail {n:02}" for n in range(29, 4, -1)]
    assert [mail.subject for mail in second.mails] == [f"Mail {n:02}" for n in range(4, -1, -1)]
    assert (first.has_older, second.has_older) == (True, False)
    assert "?seite=2" in client.get("/demo/postfach/").content.decode()
    assert "Mail 04" in client.get("/demo/postfach/?seite=2").content.decode()


@pytest.mark.parametrize("page", ["", "0", "-1", "x", "1e9", "99999999999999999999", "²"])
def test_an_odd_page_number_is_the_first_page(client, page):
    assert client.get("/demo/postfach/", {"seite": page}).status_code == 200


def test_an_empty_mailbox_says_so(client):
    assert "Noch keine Mail" in client.get("/demo/postfach/").content.decode()

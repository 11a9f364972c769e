"""A session that ended while somebody wrote loses nothing."""

from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from tests.factories import make_clerk, sign_in

from rathaus.accounts.models import Department, Person
from rathaus.cases.models import Case, Message, Note

HOUSE = "http://testserver"
WORDS = "Guten Tag, die Chipnummer reiche ich morgen nach."


def send(client: Client, case: Case, page: str, name: str, **fields: object):
    """Post from a page of the house, as a browser does."""
    headers = {"origin": HOUSE, "referer": f"{HOUSE}{reverse(page, args=[case.pk])}"}
    return client.post(reverse(name, args=[case.pk]), fields, headers=headers)


def test_a_citizens_message_waits_for_the_new_sign_in(case: Case, citizen: Person) -> None:
    portal = Client()

    kept = send(portal, case, "cases:own_case", "cases:write", text=WORDS, seen="1")

    page = kept.content.decode()
    own_case = reverse("cases:own_case", args=[case.pk])
    assert kept.status_code == 403
    assert Message.objects.count() == 0
    assert f"<p>{WORDS}</p>" in page
    assert f'name="text" value="{WORDS}"' in page
    assert f'href="/konto/anmelden/?next={quote(own_case, safe="")}"' in page

    sign_in(portal, citizen)
    assert send(portal, case, "cases:own_case", "cases:write", text=WORDS).url.startswith(own_case)
    assert [message.text for message in Message.objects.all()] == [WORDS]


def test_a_clerks_note_waits_too(case: Case, office: Department) -> None:
    browser = Client()

    kept = send(browser, case, "cases:case", "cases:write_note", text=WORDS)

    page = kept.content.decode()
    assert kept.status_code == 403
    assert f"<p>{WORDS}</p>" in page
    assert 'href="/amt/anmelden/?next=' in page
    assert Note.objects.count() == 0
    sign_in(browser, make_clerk(office, "cases.read", "cases.handle"))
    assert send(browser, case, "cases:case", "cases:write_note", text=WORDS).status_code == 302
    assert [note.text for note in Note.objects.all()] == [WORDS]


def test_files_have_to_be_chosen_again_and_the_page_says_so(case: Case) -> None:
    file = SimpleUploadedFile("pass.pdf", b"%PDF-1.7", "application/pdf")

    page = send(Client(), case, "cases:own_case", "cases:write", text=WORDS, files=file)

    assert "Dateien bitte noch einmal auswählen" in page.content.decode()


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", ""])
def test_what_strangers_send_is_not_repeated(case: Case, origin: str) -> None:
    address = reverse("cases:write", args=[case.pk])

    answer = Client().post(
        address,
        {"text": WORDS},
        headers={"origin": origin, "referer": "https://elsewhere.example/"},
    )

    assert answer.url == "/konto/anmelden/?next=/"
    assert WORDS not in answer.content.decode()


def test_nobody_is_led_to_an_address_that_takes_posts_only(case: Case) -> None:
    own_case = reverse("cases:own_case", args=[case.pk])

    answer = Client().post(
        reverse("cases:write", args=[case.pk]), {}, headers={"referer": f"{HOUSE}{own_case}"}
    )

    assert answer.url == f"/konto/anmelden/?next={own_case}"

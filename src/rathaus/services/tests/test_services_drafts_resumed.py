"""A draft that is left and taken up again: other windows, other devices, other people."""

import re
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from tests.factories import make_citizen, sign_in

from rathaus.audit.models import Act, Entry
from rathaus.core.models import OutgoingMail
from rathaus.services.models import Draft
from rathaus.services.tests.conftest import PAGES
from rathaus.services.tests.filling_in import address, begin, post, text_of

pytestmark = pytest.mark.django_db


def without_addresses(response: HttpResponse) -> str:
    return re.sub(r'value="[^"]*"', "", text_of(response))


def test_starting_again_offers_the_draft(door):
    draft = begin(door)
    assert "Weiter ausfüllen" in text_of(door.get("/antrag/hund/"))
    assert door.post("/antrag/hund/").url == f"/antrag/entwurf/{draft.pk}/"
    assert Draft.objects.count() == 1


def test_two_windows_lose_nothing(door):
    draft = begin(door)
    post(door, draft, "person")
    before = Draft.objects.get(pk=draft.pk).revision
    post(door, draft, "hund")
    other_page = door.post(
        address(draft, "person"),
        {**PAGES["person"], "name": "Eva", "revision": str(before), "window": "w2"},
    )
    assert other_page.status_code == 302
    draft.refresh_from_db()
    assert (draft.answers["name"], draft.answers["rufname"]) == ("Eva", "Bello")

    same_page = door.post(
        address(draft, "person"),
        {**PAGES["person"], "name": "Max", "revision": str(before), "window": "w3"},
    )

    assert same_page.status_code == 409
    page = text_of(same_page)
    assert 'value="Max"' in page
    assert "Name: <strong>Eva</strong>" in page
    draft.refresh_from_db()
    assert draft.answers["name"] == "Eva"
    assert post(door, draft, "person", name="Max", window="w4").status_code == 302
    draft.refresh_from_db()
    assert draft.answers["name"] == "Max"


def test_the_back_button_is_no_other_window(door):
    draft = begin(door)
    for name in ("Ada", "Eva"):
        response = door.post(
            address(draft, "person"),
            {**PAGES["person"], "name": name, "revision": "0", "window": "w1"},
        )
        assert response.status_code == 302
    draft.refresh_from_db()
    assert draft.answers["name"] == "Eva"


def test_a_session_that_ended_loses_nothing_and_shows_nothing(door, ada):
    sign_in(door, ada)
    draft = begin(door)
    door.get(address(draft, "person"))
    del door.cookies[settings.SESSION_COOKIE_NAME]

    response = post(door, draft, "person", name="Eingegeben")

    assert response.url == f"/konto/anmelden/?next={address(draft, 'person')}"
    draft.refresh_from_db()
    assert draft.answers["name"] == "Eingegeben"
    for shown in (address(draft, "person"), f"/antrag/entwurf/{draft.pk}/pruefen/"):
        assert door.get(shown).url == f"/konto/anmelden/?next={shown}"
    sign_in(door, ada)
    assert 'value="Eingegeben"' in text_of(door.get(address(draft, "person")))


def test_what_is_sent_after_the_session_ended_can_be_sent_again(door, ada, fill, citizen):
    draft = fill(citizen, complete=True)
    sign_in(door, ada)
    summary = f"/antrag/entwurf/{draft.pk}/pruefen/"
    door.get(summary)
    del door.cookies[settings.SESSION_COOKIE_NAME]

    refused = door.post(
        summary, headers={"origin": "http://testserver", "referer": f"http://testserver{summary}"}
    )

    assert refused.status_code == 403
    assert "Bitte melden Sie sich wieder an" in text_of(refused)
    assert f"/konto/anmelden/?next={quote(summary, safe='')}" in text_of(refused)
    draft.refresh_from_db()
    assert draft.submitted_at is None


def test_another_persons_draft_looks_like_none_and_is_noted(door, ada, fill, citizen):
    draft = fill(citizen, "person")
    stranger = make_citizen()
    sign_in(door, stranger)
    entries = Entry.objects.filter(did="services.draft_opened")

    refused = [door.get(address(draft, "person")), post(door, draft, "person", name="Fremd")]
    unknown = door.get(address(Draft(pk=uuid4()), "person"))

    assert [response.status_code for response in [*refused, unknown]] == [404, 404, 404]
    assert without_addresses(refused[0]) == without_addresses(unknown)
    assert [(entry.act, entry.thing_id, entry.actor) for entry in entries] == [
        (Act.REFUSED, str(draft.pk), stranger.pk)
    ] * 2
    draft.refresh_from_db()
    assert draft.answers["name"] == "Ada Lovelace"


def test_a_guest_goes_on_at_another_device_by_link(door):
    draft = begin(door)
    post(door, draft, "person")
    assert post(door, draft, "hund", then="spaeter").url == f"/antrag/entwurf/{draft.pk}/spaeter/"
    wrong = door.post(f"/antrag/entwurf/{draft.pk}/spaeter/", {"email": "keine adresse"})
    assert wrong.status_code == 422
    door.post(f"/antrag/entwurf/{draft.pk}/spaeter/", {"email": "ada@example.org"})
    [mail] = OutgoingMail.objects.all()
    [link] = re.findall(r"http://\S+", mail.text)
    path = link.removeprefix("http://testserver")

    tablet = Client()
    assert tablet.get(address(draft, "person")).status_code == 404
    assert tablet.get(path).status_code == 200
    assert tablet.get(path).status_code == 200, "looking does not use the link up"
    assert tablet.post(path).url == f"/antrag/entwurf/{draft.pk}/"
    assert 'value="Ada Lovelace"' in text_of(tablet.get(address(draft, "person")))
    assert door.get(address(draft, "person")).status_code == 200
    assert Client().post(path).status_code == 410
    assert Client().get(path).status_code == 410
    for device in (tablet, door):
        assert device.get(path).url == f"/antrag/entwurf/{draft.pk}/", (
            "a used link still leads home"
        )


def test_links_are_not_sent_without_end(door):
    draft = begin(door)
    codes = [
        door.post(f"/antrag/entwurf/{draft.pk}/spaeter/", {"email": "a@example.org"}).status_code
        for _ in range(6)
    ]
    assert codes == [200] * 5 + [429]
    assert OutgoingMail.objects.count() == 5


def test_a_draft_is_deleted_only_after_asking(door):
    draft = begin(door)
    assert door.get(f"/antrag/entwurf/{draft.pk}/loeschen/").status_code == 200
    assert Draft.objects.count() == 1
    door.post(f"/antrag/entwurf/{draft.pk}/loeschen/")
    assert Draft.objects.count() == 0


def test_begun_applications_are_listed_for_whom_they_belong(door):
    begin(door)
    assert "Hund anmelden" in text_of(door.get("/antrag/"))
    assert "Hier ist nichts offen" in text_of(Client().get("/antrag/"))

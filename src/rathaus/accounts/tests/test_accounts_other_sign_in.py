"""Who opens a page of the other kind of sign-in is told so, shown nothing, and shown ways on."""

import re
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from tests.factories import make_citizen, make_clerk, make_guest, sign_in
from tests.tables import tables

pytestmark = pytest.mark.django_db

PRIVATE = ["/meine-anliegen/", "/konto/", "/konto/einsicht/", "/konto/daten/", "/konto/telefon/"]
WORK = ["/amt/", "/amt/faelle/", "/amt/personen/", "/amt/zugang/", "/amt/zweiter-faktor/"]
WORKSPACE = reverse("cases:dashboard")


@pytest.fixture
def clerk() -> Client:
    return sign_in(Client(), make_clerk("finanzen"))


@pytest.fixture(params=[make_citizen, make_guest])
def citizen(request: pytest.FixtureRequest) -> Client:
    return sign_in(Client(), request.param())


@pytest.mark.parametrize("path", PRIVATE)
def test_staff_learn_that_their_private_matters_have_a_sign_in_of_their_own(
    clerk: Client, path: str
) -> None:
    before = tables()
    answer = clerk.get(path)

    assert answer.status_code == 403
    page = main_of(answer)
    assert "Das ist Ihr privater Bereich" in page
    assert f'href="{WORKSPACE}"' in page
    assert "Abmelden und als Bürgerin oder Bürger anmelden" in page
    assert tables() == before


def test_staff_change_nothing_there_either(clerk: Client) -> None:
    before = tables()
    assert clerk.post("/konto/telefon/", {"phone": "+43 1 234"}).status_code == 403
    assert tables() == before


@pytest.mark.parametrize("path", WORK)
def test_citizens_learn_that_these_pages_are_for_work(citizen: Client, path: str) -> None:
    before = tables()
    answer = citizen.get(path)

    assert answer.status_code == 403
    page = main_of(answer)
    assert "Hier arbeitet die Stadtverwaltung" in page
    assert f'href="{reverse("cases:mine")}"' in page
    assert "Abmelden und dienstlich anmelden" in page
    assert tables() == before


def test_a_citizen_cannot_tell_a_row_that_exists_from_one_that_does_not(citizen: Client) -> None:
    here, nowhere = make_clerk("finanzen").pk, UUID(int=0)
    known = citizen.get(reverse("accounts:person", args=[here]))
    unknown = citizen.get(reverse("accounts:person", args=[nowhere]))
    assert (known.status_code, unknown.status_code) == (403, 403)
    assert main_of(known, but=here) == main_of(unknown, but=nowhere)


@pytest.mark.parametrize(
    ("who", "path", "door"),
    [
        (lambda: make_clerk("finanzen"), "/konto/einsicht/", "/konto/anmelden/"),
        (make_citizen, "/amt/personen/", "/amt/anmelden/"),
    ],
)
def test_the_way_out_leads_to_the_right_door_and_back(who, path: str, door: str) -> None:
    client = sign_in(Client(), who())
    page = main_of(client.get(path))
    [onward] = re.findall('name="next" value="([^"]+)"', page)

    arrived = client.post(reverse("accounts:sign_out"), {"next": onward}, follow=True)

    assert arrived.redirect_chain[-1][0] == f"{door}?next={path}"
    assert arrived.status_code == 200
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("path", ["/", "/audit/", "/datenschutz/"])
def test_the_portal_offers_staff_no_page_that_shows_them_nothing(clerk: Client, path: str) -> None:
    for_staff = clerk.get(path).content.decode()
    for_citizens = sign_in(Client(), make_citizen()).get(path).content.decode()
    for_anybody = Client().get(path).content.decode()

    for address in ("/meine-anliegen/", "/konto/einsicht/"):
        assert f'href="{address}"' not in for_staff
        assert f'href="{address}"' in for_citizens
        assert f'href="{address}"' in for_anybody


def test_staff_at_the_door_of_citizens_go_to_work(clerk: Client) -> None:
    assert clerk.get("/konto/anmelden/").headers["Location"] == WORKSPACE


def main_of(answer: HttpResponse, *, but: UUID | None = None) -> str:
    """What a page says, without the token against forged forms and the id in its address."""
    text = answer.content.decode().partition("<main")[2].partition("</main>")[0]
    text = re.sub('name="csrfmiddlewaretoken" value="[^"]*"', "", text)
    return text.replace(str(but), "")

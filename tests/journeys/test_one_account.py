"""A guest becomes a known citizen: filed by e-mail code, taken over with ID Austria, read on."""

import csv
import json
import re

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from tests.factories import make_clerk, sign_in
from tests.mailed_code import mailed_code

from rathaus.accounts.models import Person
from rathaus.accounts.tests.conftest import (
    CITIZEN,
    IdentityProvider,
    provider,
    provider_process,
    sign_in_by,
)
from rathaus.audit import verify
from rathaus.audit.actions import seal
from rathaus.audit.queries import roots_document
from rathaus.cases.models import Case
from rathaus.core.clock import today
from rathaus.services.models import Draft

pytest_plugins = ["tests.demo_city"]
pytestmark = pytest.mark.django_db
__all__ = ["provider", "provider_process"]  # fixtures of the domain whose process this is

MAILBOX = "valentina@post.example"
PAGES = {
    "gegenstand": {"art": "schmuck", "beschreibung": "Ein Ring mit blauem Stein"},
    "wann": {"verlust-am": f"{today():%d.%m.%Y}", "ort": "Stadtpark"},
    "person": {"vorname": "Valentina", "nachname": "Oesterreicher"},
}


@pytest.fixture
def guest(demo_city: None) -> Client:
    """Somebody who came in by the code from a mail."""
    client = Client()
    client.post("/konto/anmelden/code/", {"email": MAILBOX})
    client.post(
        "/konto/anmelden/code/eingeben/",
        {"code": code_in_mailbox(), "action": "verify"},
    )
    return client


@pytest.fixture
def filed(guest: Client) -> Case:
    """What the guest filed, looked at and answered by a clerk."""
    guest.post("/antrag/fundgegenstand/")
    draft = Draft.objects.latest("started_at")
    for page, answers in PAGES.items():
        draft.refresh_from_db()
        where = {"then": "weiter", "revision": str(draft.revision), "window": "w"}
        guest.post(f"/antrag/entwurf/{draft.pk}/seite/{page}/", {**answers, **where})
    guest.post(f"/antrag/entwurf/{draft.pk}/pruefen/")
    case = Case.objects.latest("opened_at")
    clerk = sign_in(Client(), make_clerk(case.department, "cases.read", "cases.handle"))
    clerk.get("/amt/faelle/")
    clerk.get(f"/amt/faelle/{case.pk}/")
    clerk.post(f"/amt/faelle/{case.pk}/nachricht/", {"text": "Welche Größe hat der Ring?"})
    return case


def code_in_mailbox() -> str:
    return mailed_code(recipient=MAILBOX)


def come_with_eid(provider: IdentityProvider, **claims: str) -> Client:
    provider.expect({**CITIZEN, **claims})
    client = Client()
    assert sign_in_by(client)["Location"] == "/meine-anliegen/"
    return client


def prove_mailbox(client: Client) -> HttpResponse:
    client.post("/konto/uebernehmen/", {"email": MAILBOX})
    return client.post("/konto/uebernehmen/code/", {"code": code_in_mailbox()}, follow=True)


def text_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return str(response.content.decode())


def lines(client: Client, case: Case) -> list[tuple[str, str]]:
    """Office and deed of each line about a case, as the table of "who looked at my data" says."""
    table = b"".join(client.get("/konto/einsicht/einsicht.csv")).decode("utf-8-sig")
    rows = csv.reader(table.splitlines()[1:], delimiter=";")
    return [(office, said) for _at, said, _act, office, about, _why in rows if about == case.number]


def test_a_guest_s_matter_goes_on_under_the_name_of_the_eid(
    guest: Client, filed: Case, provider: IdentityProvider
) -> None:
    seen_as_guest = lines(guest, filed)
    citizen = come_with_eid(provider)
    assert filed.number not in text_of(citizen, "/meine-anliegen/")

    offered = prove_mailbox(citizen).content.decode()
    assert filed.number in offered
    assert "Name darin: Valentina Oesterreicher" in offered
    citizen.post("/konto/uebernehmen/auswahl/", {"matters": [filed.number]})

    assert filed.number in text_of(citizen, "/meine-anliegen/")
    page = text_of(citizen, f"/meine-anliegen/{filed.pk}/")
    assert "Welche Größe hat der Ring?" in page
    assert "Ein Ring mit blauem Stein" in page
    filed.refresh_from_db()
    assert (filed.applicant_name, filed.name_confirmed) == ("Valentina Österreicher", True)
    taken = [("Sie selbst", "Ihr Anliegen wurde aus einem Gastzugang übernommen")]
    assert lines(citizen, filed) == taken + seen_as_guest
    assert ("Sie selbst", "Ihr Anliegen ist eingelangt") in seen_as_guest
    assert any("angesehen" in deed for _office, deed in seen_as_guest)
    citizen.post(f"/meine-anliegen/{filed.pk}/nachricht/", {"text": "Größe 54"})
    assert "Größe 54" in text_of(citizen, f"/meine-anliegen/{filed.pk}/")


def test_every_proof_goes_with_it(guest: Client, filed: Case, provider: IdentityProvider) -> None:
    seal()
    page = text_of(guest, "/konto/einsicht/?auch=eigenes")
    proofs = re.findall(r"/konto/einsicht/\d+/beweis.json", page)
    assert len(proofs) > 3
    citizen = come_with_eid(provider)
    assert {citizen.get(address).status_code for address in proofs} == {404}
    prove_mailbox(citizen)
    citizen.post("/konto/uebernehmen/auswahl/", {"matters": [filed.number]})

    documents = [json.loads(citizen.get(address).content) for address in proofs]

    roots = roots_document()["roots"]
    assert [verify.check_proof(proof, roots) for proof in documents] == [[]] * len(proofs)
    mine = text_of(citizen, "/konto/einsicht/?auch=eigenes")
    assert [address for address in proofs if address not in mine] == []


def test_the_former_guest_and_a_second_citizen_get_nothing(
    guest: Client, filed: Case, provider: IdentityProvider
) -> None:
    first = come_with_eid(provider)
    second = come_with_eid(
        provider, **{"urn:pvpgvat:oidc.bpk": "BF:another-person=", "given_name": "Oskar"}
    )
    prove_mailbox(first)
    assert filed.number in prove_mailbox(second).content.decode()
    first.post("/konto/uebernehmen/auswahl/", {"matters": [filed.number]})

    answer = second.post("/konto/uebernehmen/auswahl/", {"matters": [filed.number]})

    assert "inzwischen etwas geändert" in answer.content.decode()
    owner = Person.objects.get(given_name="Valentina")
    filed.refresh_from_db()
    assert filed.applicant_id == owner.pk
    for other in (guest, second):
        assert other.get(f"/meine-anliegen/{filed.pk}/").status_code in (302, 404)
        assert filed.number not in other.get("/meine-anliegen/").content.decode()
    assert guest.get("/konto/einsicht/").status_code == 302

    cache.clear()  # the minute in which an address gets three mails is over
    again = Client()
    again.post("/konto/anmelden/code/", {"email": MAILBOX})
    again.post(
        "/konto/anmelden/code/eingeben/",
        {"code": code_in_mailbox(), "action": "verify"},
    )
    assert filed.number not in text_of(again, "/meine-anliegen/")
    assert again.get(f"/meine-anliegen/{filed.pk}/").status_code == 404
    assert filed.number not in text_of(again, "/konto/einsicht/")

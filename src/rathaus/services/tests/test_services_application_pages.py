"""Filling in through the pages, as a browser without script does."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories import make_guest, sign_in

from rathaus.cases.models import Case
from rathaus.core.actor import SYSTEM
from rathaus.services.actions.publishing import publish_form
from rathaus.services.models import FormVersion, Service
from rathaus.services.tests.conftest import PAGES, PNG
from rathaus.services.tests.filling_in import address, begin, post, text_of

pytestmark = pytest.mark.django_db


def test_a_guest_fills_in_everything_and_sends_after_confirming_an_address(door):
    draft = begin(door)
    assert post(door, draft, "person").url == address(draft, "hund")
    assert post(door, draft, "hund").url == address(draft, "unterlagen")
    upload = SimpleUploadedFile("polizze.png", PNG, "image/png")
    sent = post(door, draft, "unterlagen", **{"nachweis.upload": upload})
    summary = f"/antrag/entwurf/{draft.pk}/pruefen/"
    assert sent.url == summary

    page = text_of(door.get(summary))
    assert "Ada Lovelace" in page
    assert f"/konto/anmelden/?next={summary}" in page
    assert door.post(summary).url == f"/konto/anmelden/?next={summary}"
    assert Case.objects.count() == 0

    sign_in(door, make_guest())
    assert "Kostenpflichtig absenden" in text_of(door.get(summary))
    done = door.post(summary)
    assert done.url == f"/antrag/entwurf/{draft.pk}/abgesendet/"
    case = Case.objects.get()
    assert case.number in text_of(door.get(done.url))
    receipt = door.get(f"/antrag/entwurf/{draft.pk}/beleg/")
    assert b"".join(receipt.streaming_content).startswith(b"%PDF-")


def test_after_sending_every_way_back_leads_to_the_confirmation(door, fill, citizen, ada):
    draft = fill(citizen, complete=True)
    sign_in(door, ada)
    confirmation = f"/antrag/entwurf/{draft.pk}/abgesendet/"
    summary = f"/antrag/entwurf/{draft.pk}/pruefen/"

    assert [door.post(summary).url for _ in range(2)] == [confirmation, confirmation]
    assert door.get(summary).url == confirmation
    assert door.get(address(draft, "person")).url == confirmation
    assert door.get(f"/antrag/entwurf/{draft.pk}/").url == confirmation
    assert post(door, draft, "person").url == confirmation
    assert Case.objects.count() == 1


def test_what_is_wrong_is_kept_and_said(door):
    draft = begin(door)

    response = post(door, draft, "person", geburt="31.02.1990", name="")

    assert response.status_code == 422
    page = text_of(response)
    assert "<title>Fehler: Ihre Angaben" in page
    assert "Bitte prüfen Sie 2 Angaben" in page
    assert '<a href="#id_geburt">' in page
    assert 'value="31.02.1990"' in page
    assert 'aria-invalid="true"' in page
    draft.refresh_from_db()
    assert draft.answers["geburt"] == "31.02.1990"


def test_an_exit_says_why(door):
    draft = begin(door)

    response = post(door, draft, "person", geburt="01.01.2020")

    assert response.url == f"/antrag/entwurf/{draft.pk}/ende/jung/"
    page = text_of(door.get(response.url))
    assert "Bitte kommen Sie mit einem Elternteil." in page
    assert door.get(f"/antrag/entwurf/{draft.pk}/pruefen/").url == response.url
    assert door.get(f"/antrag/entwurf/{draft.pk}/ende/nichts/").status_code == 404


def test_first_page_and_exit_lead_to_the_service_where_the_catalogue_has_it(door):
    draft = begin(door)
    ended = post(door, draft, "person", geburt="01.01.2020").url
    start = "/antrag/hund/"
    assert "/leistungen/hund" not in text_of(door.get(start)) + text_of(door.get(ended))

    Service.objects.create(
        slug="hund-anmelden", title={"de": "Hund anmelden"}, sort_key="hund", form="hund"
    )

    assert 'href="/leistungen/hund-anmelden/"' in text_of(door.get(start))
    assert 'href="/leistungen/hund-anmelden/#zustaendig"' in text_of(door.get(ended))


def test_rows_are_added_and_removed_by_buttons(door):
    draft = begin(door)
    post(door, draft, "person")
    post(door, draft, "hund", vorbesitz="true", then="hinzu:vorbesitzer")
    two = {"vorbesitz": "true", "vorbesitzer.count": "2", "vorbesitzer.0.halter": "Eva"}
    post(door, draft, "hund", **two, **{"vorbesitzer.1.halter": "Max"})
    draft.refresh_from_db()
    assert draft.answers["vorbesitzer"] == [{"halter": "Eva"}, {"halter": "Max"}]

    gone = post(
        door, draft, "hund", **two, **{"vorbesitzer.1.halter": "Max"}, then="weg:vorbesitzer.0"
    )

    assert gone.url == f"{address(draft, 'hund')}#id_vorbesitzer"
    draft.refresh_from_db()
    assert draft.answers["vorbesitzer"] == [{"halter": "Max"}]


def test_as_many_rows_as_there_must_be_are_open_from_the_start(door):
    draft = begin(door)
    post(door, draft, "person")
    post(door, draft, "hund", vorbesitz="true", then="hochladen:nichts")

    page = text_of(door.get(address(draft, "hund")))

    assert 'name="vorbesitzer.count" value="1"' in page
    assert 'name="vorbesitzer.0.halter"' in page
    assert "weg:vorbesitzer.0" not in page


def test_a_new_row_is_where_one_goes_on(door):
    draft = begin(door)
    post(door, draft, "person")
    one = {"vorbesitz": "true", "vorbesitzer.count": "1", "vorbesitzer.0.halter": "Eva"}

    added = post(door, draft, "hund", **one, then="hinzu:vorbesitzer")

    assert added.url == f"{address(draft, 'hund')}#id_vorbesitzer-1"
    page = text_of(door.get(address(draft, "hund")))
    assert 'id="id_vorbesitzer-1" tabindex="-1"' in page
    assert "weg:vorbesitzer.0" in page


def test_an_address_is_found_without_script(door):
    draft = begin(door)
    found = post(
        door, draft, "person", then="adresse:adresse", **{"adresse.search": "rathauspl. 5"}
    )
    assert found.status_code == 200
    page = text_of(found)
    chosen = re.search(
        r'value="(uebernehmen:adresse:\d+)"[^>]*data-street="Rathausplatz" data-number="5"', page
    )
    assert chosen is not None

    taken = post(door, draft, "person", then=chosen[1])

    assert taken.url == f"{address(draft, 'person')}#id_adresse"
    draft.refresh_from_db()
    assert draft.answers["adresse"]["listed"] is True
    assert "Diese Adresse steht im Verzeichnis" in text_of(door.get(address(draft, "person")))


def test_addresses_are_suggested_as_a_fragment(door):
    assert "Rathausplatz 5, 4890 Lindenfurt" in text_of(
        door.get("/antrag/adressen/?q=Rathausplatz 5")
    )
    assert "keine Adresse gefunden" in text_of(door.get("/antrag/adressen/?q=xyz"))


@pytest.mark.parametrize(
    "path", ["/antrag/gibtsnicht/", "/antrag/entwurf/x/", "/antrag/fortsetzen/x/"]
)
def test_unknown_addresses(door, path):
    assert door.get(path).status_code in (404, 410)


@pytest.mark.parametrize("page", ["gibtsnicht", "hund%00", "x" * 300])
def test_an_unknown_page_is_not_found(door, page):
    draft = begin(door)
    assert door.get(address(draft, page)).status_code == 404
    assert door.post(address(draft, page), {}).status_code == 404


@pytest.mark.parametrize(
    ("typed", "kept", "status"),
    [
        ("A" * 10_000, "A" * 10_000, 422),
        ("Ada 🐕‍🦺 Lovelace", "Ada 🐕‍🦺 Lovelace", 302),
        ("عبد الله", "عبد الله", 302),
        ("a\x00b\u202ec", "abc", 302),
        ("<script>alert(1)</script>", "<script>alert(1)</script>", 302),
    ],
)
def test_strange_names(door, typed, kept, status):
    draft = begin(door)
    response = post(door, draft, "person", name=typed)
    assert response.status_code == status
    draft.refresh_from_db()
    assert draft.answers["name"] == kept
    assert "<script>alert" not in text_of(door.get(address(draft, "person")))


def test_more_text_than_a_draft_keeps_is_refused(door):
    draft = begin(door)
    rows = {f"vorbesitzer.{number}.halter": "ä" * 20_000 for number in range(100)}
    response = post(door, draft, "hund", vorbesitz="true", **{"vorbesitzer.count": "100"}, **rows)
    assert response.status_code == 422
    draft.refresh_from_db()
    assert "vorbesitzer" not in draft.answers


def test_the_account_fills_in_what_it_knows(door, ada):
    sign_in(door, ada)
    draft = begin(door)
    assert draft.answers == {"name": "Ada Lovelace"}
    assert draft.person_id == ada.pk


def test_a_published_version_never_changes_and_says_so(door):
    response = door.get("/antrag/hund/fassungen/1/")
    assert response.headers["ETag"] == f'"{FormVersion.objects.get().sha256}"'
    assert "immutable" in response.headers["Cache-Control"]
    assert response.json()["form"] == "hund"


@pytest.mark.usefixtures("still_clock")
@pytest.mark.parametrize("who", ["guest", "citizen"])
def test_a_step_costs_few_queries(door, ada, who):
    if who == "citizen":
        sign_in(door, ada)
    draft = begin(door)
    door.get(address(draft, "person"))
    post(door, draft, "person")
    data = {**PAGES["person"], "then": "weiter", "revision": "9", "window": "w1"}

    with CaptureQueriesContext(connection) as step:
        door.post(address(draft, "person"), data)
    with CaptureQueriesContext(connection) as shown:
        door.get(address(draft, "hund"))

    spoken = [q["sql"] for q in step if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(spoken) <= 8, spoken
    assert len(shown) <= 8, shown.captured_queries


def test_addresses_come_in_the_order_of_the_street(door):
    page = text_of(door.get("/antrag/adressen/?q=rathauspl"))
    assert re.findall(r'data-number="(\d+)"', page) == ["1", "2", "3", "4", "5", "6", "7", "8"]


def test_the_summary_tells_who_is_signed_in_that_they_are_named(dogs, fill, citizen, ada, client):
    free = dogs.model_copy(update={"anonymous": "allowed", "fees": ()})
    publish_form(by=SYSTEM, document=free)
    sign_in(client, ada)
    draft = fill(citizen, complete=True)

    page = text_of(client.get(f"/antrag/entwurf/{draft.pk}/pruefen/"))

    assert "Deshalb steht Ihr Name bei diesem Anliegen" in page

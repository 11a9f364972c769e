"""Filling in through the pages, as a browser without script does."""

import re
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.factories import make_citizen, make_guest, sign_in

from rathaus.audit.models import Act, Entry
from rathaus.cases.models import Case
from rathaus.core.actor import SYSTEM
from rathaus.core.models import OutgoingMail
from rathaus.services.actions.publishing import publish_form
from rathaus.services.models import Draft, DraftFile, FormVersion
from rathaus.services.tests.conftest import PAGES, PNG

pytestmark = pytest.mark.django_db


@pytest.fixture
def door(dogs, client: Client) -> Client:
    """A browser in front of the published form."""
    return client


def begin(client: Client) -> Draft:
    response = client.post("/antrag/hund/")
    assert response.status_code == 302
    return Draft.objects.latest("started_at")


def address(draft: Draft, page: str) -> str:
    return f"/antrag/entwurf/{draft.pk}/seite/{page}/"


def post(
    client: Client, draft: Draft, page: str, then: str = "weiter", **changed: object
) -> HttpResponse:
    draft.refresh_from_db()
    data = {**PAGES[page], "then": then, "revision": str(draft.revision), "window": "w1", **changed}
    return client.post(address(draft, page), data)


def text_of(response: HttpResponse) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def without_addresses(response: HttpResponse) -> str:
    return re.sub(r'value="[^"]*"', "", text_of(response))


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
    assert "Bitte kommen Sie mit einem Elternteil." in text_of(door.get(response.url))
    assert door.get(f"/antrag/entwurf/{draft.pk}/pruefen/").url == response.url
    assert door.get(f"/antrag/entwurf/{draft.pk}/ende/nichts/").status_code == 404


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


def test_a_file_in_a_row_stays_with_its_row(door):
    draft = begin(door)
    post(door, draft, "person")
    rows = {
        "vorbesitz": "true",
        "vorbesitzer.count": "2",
        "vorbesitzer.0.halter": "Eva",
        "vorbesitzer.1.halter": "Max",
    }
    post(
        door,
        draft,
        "hund",
        **rows,
        then="hochladen:vorbesitzer.1.halterfoto",
        **{"vorbesitzer.1.halterfoto.upload": SimpleUploadedFile("max.png", PNG)},
    )
    post(door, draft, "hund", **rows, then="weg:vorbesitzer.0")

    draft.refresh_from_db()
    [row] = draft.answers["vorbesitzer"]
    assert (row["halter"], [file["name"] for file in row["halterfoto"]]) == ("Max", ["max.png"])


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
    assert door.get(address(draft, "person")).status_code == 404
    sign_in(door, ada)
    assert 'value="Eingegeben"' in text_of(door.get(address(draft, "person")))


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


BAD_FILES = [
    pytest.param(
        "programm.pdf",
        b"MZ\x90\x00" * 50,
        "der Inhalt passt aber nicht dazu",
        id="wrong type",
    ),
    pytest.param("leer.pdf", b"", "leer", id="0 bytes"),
    pytest.param("gross.png", PNG + b"0" * 30_000_000, "Erlaubt sind höchstens", id="30 MB"),
]


@pytest.mark.parametrize(("name", "content", "sentence"), BAD_FILES)
def test_a_bad_file_is_refused_at_its_question(door, name, content, sentence):
    draft = begin(door)
    post(door, draft, "person")
    post(door, draft, "hund")

    response = post(
        door, draft, "unterlagen", **{"nachweis.upload": SimpleUploadedFile(name, content)}
    )

    assert response.status_code == 422
    page = text_of(response)
    assert sentence in page
    assert 'href="#id_nachweis"' in page
    assert DraftFile.objects.count() == 0
    draft.refresh_from_db()
    assert "nachweis" not in draft.answers


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd.png", "passwd.png"),
        ("C:\\Users\\ada\\bild.png", "bild.png"),
        ("a\x00b\nc\u202egnp.png", "abcgnp.png"),
    ],
)
def test_file_names_lose_paths_and_control_characters(door, name, kept):
    draft = begin(door)
    post(door, draft, "person")
    post(door, draft, "hund")
    upload = SimpleUploadedFile("x.png", PNG)
    upload._name = name
    post(door, draft, "unterlagen", then="hochladen:nachweis", **{"nachweis.upload": upload})
    draft.refresh_from_db()
    assert [file["name"] for file in draft.answers.get("nachweis", [])] == [kept]


def test_files_are_given_back_and_taken_away(door):
    draft = begin(door)
    post(door, draft, "person")
    post(door, draft, "hund")
    post(
        door,
        draft,
        "unterlagen",
        then="hochladen:nachweis",
        **{"nachweis.upload": SimpleUploadedFile("a.png", PNG)},
    )
    draft.refresh_from_db()
    [file] = draft.answers["nachweis"]
    download = f"/antrag/entwurf/{draft.pk}/datei/{file['id']}/"
    answer = door.get(download)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="a.png"'
    assert b"".join(answer.streaming_content).startswith(b"\x89PNG")
    assert Client().get(download).status_code == 404
    assert door.get(f"/antrag/entwurf/{draft.pk}/datei/{uuid4()}/").status_code == 404

    post(door, draft, "unterlagen", then=f"datei-entfernen:nachweis:{file['id']}")

    draft.refresh_from_db()
    assert draft.answers["nachweis"] == []
    assert door.get(download).status_code == 404


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


def test_begun_applications_are_listed_for_whom_they_belong(door):
    begin(door)
    assert "Hund anmelden" in text_of(door.get("/antrag/"))
    assert "Hier ist nichts offen" in text_of(Client().get("/antrag/"))


def test_the_summary_tells_who_is_signed_in_that_they_are_named(dogs, fill, citizen, ada, client):
    free = dogs.model_copy(update={"anonymous": "allowed", "fees": ()})
    publish_form(by=SYSTEM, document=free)
    sign_in(client, ada)
    draft = fill(citizen, complete=True)

    page = text_of(client.get(f"/antrag/entwurf/{draft.pk}/pruefen/"))

    assert "Deshalb steht Ihr Name bei diesem Anliegen" in page

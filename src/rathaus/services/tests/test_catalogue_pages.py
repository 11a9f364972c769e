from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from pytest_django import DjangoAssertNumQueries
from tests.factories import make_citizen, make_clerk, sign_in

from rathaus.accounts.queries import actor_of
from rathaus.audit.models import Entry
from rathaus.core.actor import ANONYMOUS, SYSTEM
from rathaus.core.clock import today
from rathaus.core.errors import NotAllowed, NotFound
from rathaus.services import finder
from rathaus.services.actions import editing
from rathaus.services.actions.importing import import_catalogue
from rathaus.services.catalogue import Catalogue
from rathaus.services.catalogue_errors import GroupExists, TooFewWords
from rathaus.services.models import Office, SearchMiss, Service, Synonym
from rathaus.services.queries import catalogue as queries

pytestmark = pytest.mark.django_db

CATALOGUE = Catalogue.model_validate(
    {
        "offices": [
            {
                "slug": "amt",
                "name": {"de": "Ämterhaus"},
                "street": "Hauptplatz 2",
                "postal_code": "4890",
                "town": "Lindenfurt",
                "phone": "+43 7000 1",
                "opening_hours": [
                    {"days": ["mo"], "opens": "08:00", "closes": "12:00", "by_appointment": True}
                ],
            },
        ],
        "life_situations": [
            {
                "slug": "tiere",
                "title": {"de": "Tiere", "en": "Animals"},
                "summary": {"de": "Hund und Katze"},
                "icon": "dog",
            },
            {"slug": "leer", "title": {"de": "Leer"}, "summary": {"de": "Nichts"}},
        ],
        "services": [
            {
                "slug": "hund",
                "title": {"de": "Hund anmelden", "en": "Register a dog"},
                "summary": {"de": "Binnen drei Tagen."},
                "body": {"de": "- eins\n- zwei"},
                "cost": {"de": "€ 40,00"},
                "documents": [{"de": "Chipnummer"}],
                "offices": ["amt"],
                "channels": ["online"],
                "life_situations": ["tiere"],
                "featured": True,
                "links": [{"title": "<script>", "url": "https://a.at/?a=1&b=2"}],
            },
            {
                "slug": "aerger",
                "title": {"de": "Ärger melden"},
                "offices": ["amt"],
                "channels": ["paper"],
            },
            {
                "slug": "geheim",
                "title": {"de": "Geheimes Vorhaben"},
                "offices": ["amt"],
                "channels": ["paper"],
                "published": False,
            },
        ],
    }
)
PUBLIC = [
    "/",
    "/suche/",
    "/suche/?q=hund",
    "/suche/?q=xyzzy",
    "/suche/vorschlaege/?q=hu",
    "/leistungen/",
    "/leistungen/hund/",
    "/lebenslagen/",
    "/lebenslagen/tiere/",
    "/aemter/",
    "/aemter/amt/",
]
EDITORS = ["services:edit_services", "services:edit_misses", "services:edit_synonyms"]


@pytest.fixture(autouse=True)
def catalogue() -> Iterator[None]:
    import_catalogue(by=SYSTEM, catalogue=CATALOGUE)
    yield
    finder.forget()


@pytest.fixture
def editor() -> Client:
    return sign_in(Client(), make_clerk(None, "services.edit_catalogue"))


@pytest.mark.usefixtures("still_clock")
@pytest.mark.parametrize("address", PUBLIC)
def test_every_citizen_page_needs_at_most_four_queries(
    client: Client, address: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client.get(address)
    with django_assert_max_num_queries(4):
        response = client.get(address)
    assert response.status_code == 200


@pytest.mark.parametrize("address", PUBLIC)
def test_pages_speak_english(client: Client, address: str) -> None:
    response = client.get(address, headers={"accept-language": "en"})
    assert response.status_code == 200


def test_lists_follow_the_readers_alphabet() -> None:
    Service.objects.filter(slug="aerger").update(
        featured=True, title={"de": "Ärger melden", "en": "Tell us what is wrong"}
    )
    Office.objects.create(
        slug="bau", name={"de": "Bauamt", "en": "Adviser for builders"}, sort_key="bauamt"
    )
    Office.objects.filter(slug="amt").update(name={"de": "Ämterhaus", "en": "Citizens’ house"})

    for language, offices, services in (
        ("de", ["amt", "bau"], ["aerger", "hund"]),
        ("en", ["bau", "amt"], ["hund", "aerger"]),
    ):
        with override(language):
            assert [office.slug for office in queries.offices()] == offices
            assert [service.slug for service in queries.featured_services()] == services


@pytest.mark.parametrize(
    "address", ["/leistungen/geheim/", "/leistungen/nie/", "/lebenslagen/nie/", "/aemter/nie/"]
)
def test_unknown_and_hidden_look_the_same(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_the_service_page_shows_everything_escaped(client: Client) -> None:
    page = client.get("/leistungen/hund/").content.decode()
    for words in (
        "Hund anmelden",
        "<li>eins</li>",
        "€\N{NO-BREAK SPACE}40,00",
        "Chipnummer",
        "Ämterhaus",
        "nur mit Termin",
        "&lt;script&gt;",
        "https://a.at/?a=1&amp;b=2",
    ):
        assert words in page
    assert "Online beantragen" not in page


def test_home_shows_what_leads_somewhere(client: Client) -> None:
    page = client.get("/").content.decode()
    assert "Hund anmelden" in page
    assert "Tiere" in page
    assert "Leer" not in page
    assert "Ärger melden" not in page


def test_letters_are_sorted_as_people_expect(client: Client) -> None:
    letters = client.get("/leistungen/").context["letters"]
    assert [(group.letter, [row.slug for row in group.services]) for group in letters] == [
        ("A", ["aerger"]),
        ("H", ["hund"]),
    ]


@pytest.mark.parametrize("question", ["Hund", "Hunde anmelden", "HUND ANMELDEN!", "hnud anmelden"])
def test_search_finds_in_peoples_words(client: Client, question: str) -> None:
    found = client.get("/suche/", {"q": question}).context["found"]
    assert found.services[0].slug == "hund"
    assert found.certain is True
    assert SearchMiss.objects.count() == 0


def test_search_never_shows_what_is_hidden(client: Client) -> None:
    found = client.get("/suche/", {"q": "Geheimes Vorhaben"}).context["found"]
    assert found.services == []


def test_suggestions_are_a_list_of_links(client: Client) -> None:
    fragment = client.get("/suche/vorschlaege/", {"q": "hu"}).content.decode()
    assert '<a href="/leistungen/hund/" lang="de">Hund anmelden</a>' in fragment
    assert "<html" not in fragment
    assert client.get("/suche/vorschlaege/", {"q": ""}).content.strip() == b""


def test_a_question_without_answer_is_counted(client: Client) -> None:
    for question in ("Quantenphysik", " quantenphysik  "):
        client.get("/suche/", {"q": question})
    assert list(SearchMiss.objects.values_list("question", "language", "times")) == [
        ("quantenphysik", "de", 2)
    ]


@pytest.mark.parametrize(
    "question",
    ["ich bin anna@example.org", "0664 1234567", "eins zwei drei vier fünf sechs sieben", "x" * 90],
)
def test_what_may_be_personal_is_not_kept(client: Client, question: str) -> None:
    client.get("/suche/", {"q": question})
    assert SearchMiss.objects.count() == 0


@pytest.mark.parametrize(
    "question", ["\x00", "🙂", "\u202eabc", "%", "'; drop table", "a" * 10_000]
)
def test_strange_questions_are_answered(client: Client, question: str) -> None:
    assert client.get("/suche/", {"q": question}).status_code == 200


def test_new_words_work_from_the_next_search_on(client: Client, editor: Client) -> None:
    assert client.get("/suche/", {"q": "Wauwau"}).context["found"].certain is False

    editor.post(reverse("services:new_synonyms"), {"words": "Hund\nWauwau"})

    found = client.get("/suche/", {"q": "Wauwau"}).context["found"]
    assert [row.slug for row in found.services] == ["hund"]
    assert Entry.objects.filter(did="services.synonyms_added").count() == 1


def test_editors_hide_and_show(client: Client, editor: Client) -> None:
    editor.post(reverse("services:show_service", args=["hund"]), {"published": "0"})
    assert client.get("/leistungen/hund/").status_code == 404
    found = client.get("/suche/", {"q": "Hund anmelden"}).context["found"]
    assert [row.slug for row in found.services] == ["aerger"]

    editor.post(reverse("services:show_service", args=["hund"]), {"published": "1"})
    assert client.get("/leistungen/hund/").status_code == 200


def test_editors_work_off_the_list_of_misses(client: Client, editor: Client) -> None:
    client.get("/suche/", {"q": "Quantenphysik"})
    page = editor.get(reverse("services:edit_misses")).content.decode()
    assert "quantenphysik" in page

    miss = SearchMiss.objects.get()
    editor.post(reverse("services:settle_miss", args=[miss.pk]))
    assert SearchMiss.objects.count() == 0


def test_old_questions_are_forgotten() -> None:
    for question, days in (("alt", 181), ("neu", 180)):
        SearchMiss.objects.create(
            question=question, language="de", last_on=today() - timedelta(days=days)
        )
    assert (editing.forget_old_misses(), editing.forget_old_misses()) == (1, 0)
    assert SearchMiss.objects.get().question == "neu"


def test_groups_are_changed_and_removed(editor: Client) -> None:
    group = editing.add_synonyms(by=SYSTEM, words=["Rad", "Velo"])
    address = reverse("services:change_synonyms", args=[group.pk])
    assert "Velo" in editor.get(address).content.decode()

    editor.post(address, {"words": " Rad \nBike\nrad"})
    assert Synonym.objects.get().words == ["rad", "Bike"]

    editor.post(address, {"words": "Rad", "remove": "1"})
    assert Synonym.objects.count() == 0
    assert editor.get(address).status_code == 404


@pytest.mark.parametrize("words", ["", "nur eines", "Rad\nrad", "Hund\nWauwau", "x" * 400 + "\ny"])
def test_refused_words_change_nothing_and_come_back(editor: Client, words: str) -> None:
    editing.add_synonyms(by=SYSTEM, words=["Hund", "Wauwau"])
    response = editor.post(reverse("services:new_synonyms"), {"words": words})
    assert response.status_code == 422
    assert Synonym.objects.count() == 1


def test_actions_refuse_and_change_nothing() -> None:
    group = editing.add_synonyms(by=SYSTEM, words=["a", "b"])
    entries = Entry.objects.count()
    for nobody in (ANONYMOUS, actor_of(make_citizen()), actor_of(make_clerk())):
        with pytest.raises(NotAllowed):
            editing.add_synonyms(by=nobody, words=["c", "d"])
        with pytest.raises(NotAllowed):
            editing.change_synonyms(by=nobody, group=group.pk, words=["c", "d"])
        with pytest.raises(NotAllowed):
            editing.remove_synonyms(by=nobody, group=group.pk)
        with pytest.raises(NotAllowed):
            editing.show_service(by=nobody, slug="hund", published=False)
        with pytest.raises(NotAllowed):
            editing.settle_miss(by=nobody, miss=1)
    assert Synonym.objects.get().words == ["a", "b"]
    assert Service.objects.get(slug="hund").published is True
    assert Entry.objects.count() == entries


def test_actions_say_what_is_wrong() -> None:
    editing.add_synonyms(by=SYSTEM, words=["a", "b"])
    with pytest.raises(GroupExists):
        editing.add_synonyms(by=SYSTEM, words=["a", "b"])
    with pytest.raises(TooFewWords):
        editing.add_synonyms(by=SYSTEM, words=["a", " A "])
    for action in (
        lambda: editing.show_service(by=SYSTEM, slug="nie", published=True),
        lambda: editing.settle_miss(by=SYSTEM, miss=0),
        lambda: editing.remove_synonyms(by=SYSTEM, group=0),
    ):
        with pytest.raises(NotFound):
            action()


@pytest.mark.parametrize("page", EDITORS)
def test_editors_pages_are_for_editors(client: Client, editor: Client, page: str) -> None:
    assert client.get(reverse(page)).status_code == 302
    assert sign_in(Client(), make_clerk()).get(reverse(page)).status_code == 403
    assert sign_in(Client(), make_citizen()).get(reverse(page)).status_code == 403
    assert editor.get(reverse(page)).status_code == 200


def test_editors_filter_the_catalogue_and_turn_its_pages(
    editor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def found(**query: str) -> list[str]:
        page = editor.get(reverse("services:edit_services"), query).context["page"]
        return [service.slug for service in page]

    monkeypatch.setattr("rathaus.services.views.editing.SERVICES_ON_A_PAGE", 2)
    assert found() == ["aerger", "geheim"]
    assert found(seite="2") == ["hund"]
    assert found(q="REGISTER dog") == ["hund"]
    assert found(sichtbar="nein") == ["geheim"]
    assert found(q="nichts\x00") == []


def test_hiding_a_service_leads_back_to_the_same_page(editor: Client) -> None:
    action = reverse("services:show_service", args=["hund"])

    answer = editor.post(f"{action}?q=hund&seite=1", {"published": "0"})

    assert answer["Location"] == "/amt/katalog/?q=hund&seite=1"


def test_robots_may_read_the_catalogue_and_nothing_else(client: Client) -> None:
    answer = client.get("/robots.txt")

    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    rules = answer.content.decode().splitlines()
    assert rules[0] == "User-agent: *"
    assert rules[-1] == "Disallow: /"
    assert {"Allow: /$", "Allow: /leistungen/", "Allow: /aemter/"} <= set(rules)
    assert not [rule for rule in rules if "amt/" in rule or "antrag" in rule or "suche" in rule]

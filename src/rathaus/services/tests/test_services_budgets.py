"""Budgets for grants: as a file, by hand, and on the pages of citizens and editors."""

from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from tests.factories import make_clerk, sign_in
from tests.founded import founded

from rathaus.accounts.models import Person
from rathaus.accounts.queries import actor_of
from rathaus.audit.models import Entry
from rathaus.core.actor import SYSTEM
from rathaus.core.clock import today
from rathaus.core.documents.source import BadDocument
from rathaus.core.errors import NotAllowed, NotFound
from rathaus.core.money import Money
from rathaus.core.notation import euros
from rathaus.services.actions.budgets import import_budgets, set_total
from rathaus.services.budgets import parse_budgets
from rathaus.services.catalogue_errors import LessThanReserved, ReasonMissing
from rathaus.services.models import Draft, GrantBudget, Office, Service, ServiceOffice
from rathaus.services.tests.solar import apply_for, begin, build_solar_city, citizen_knock

FILE = """budgets:
  - budget: sonne
    name: {de: Sonne, en: Sun}
    year: 2026
    total: "25000.00"
    source: Richtlinie
  - budget: rad
    name: Rad
    year: 2026
    total: "1000.00"
    source: Beschluss vom 12.03.2026
"""

SMALLER = """budgets:
  - {{budget: rad, name: Rad, year: {year}, total: "1000.00", source: Beschluss}}
  - {{budget: sonne, name: Sonne, year: {year}, total: "100.00", source: Sparpaket}}
"""


def state(budget: GrantBudget) -> tuple[int, int, str, bool]:
    budget.refresh_from_db()
    return budget.total_cents, budget.reserved_cents, budget.source, budget.set_by_hand


# --- as a file ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "mistake"),
    [
        ('total: "1000.00"', "total: 1000.00", "Zeile 10: hier muss ein Text stehen"),
        ('total: "1000.00"', 'total: "-5.00"', "Zeile 10: „-5.00“ passt nicht zur Schreibweise"),
        ("budget: rad", "budget: sonne", "Zeile 7: den Fördertopf „sonne“ 2026 gibt es schon"),
        ("source: Richtlinie", "source: ''", "Zeile 6: der Text ist leer"),
        ("    name: Rad\n", "", "Zeile 7: „name“ fehlt"),
        ('year: 2026\n    total: "1', 'year: 1926\n    total: "1', "Zeile 9: der Wert muss mind"),
        ("source: Beschluss", "quelle: Beschluss", "Zeile 11: den Schlüssel „quelle“ gibt es"),
        ("budgets:", "toepfe:", "Zeile 1: den Schlüssel „toepfe“ gibt es hier nicht"),
    ],
)
def test_mistakes_are_named_with_line_and_reason(old: str, new: str, mistake: str) -> None:
    assert FILE.count(old) == 1
    with pytest.raises(BadDocument) as refused:
        parse_budgets(FILE.replace(old, new))
    assert mistake in str(refused.value)


@pytest.mark.django_db
def test_a_file_is_taken_over_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "grants.yaml"
    file.write_text(FILE)

    call_command("import_grants", file)
    call_command("import_grants", file)
    file.write_text(FILE.replace("25000.00", "30000.00"))
    call_command("import_grants", file)

    assert capsys.readouterr().out.splitlines() == [
        "sonne 2026: neu",
        "rad 2026: neu",
        "sonne 2026: unverändert",
        "rad 2026: unverändert",
        "sonne 2026: geändert",
        "rad 2026: unverändert",
    ]
    rows = GrantBudget.objects.values_list("slug", "year", "name", "total_cents", "source")
    assert list(rows) == [
        ("rad", 2026, {"de": "Rad"}, 100_000, "Beschluss vom 12.03.2026"),
        ("sonne", 2026, {"de": "Sonne", "en": "Sun"}, 3_000_000, "Richtlinie"),
    ]
    assert Entry.objects.filter(did="services.grants_imported").count() == 2


@pytest.mark.django_db
def test_a_file_with_a_mistake_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "grants.yaml"
    file.write_text(FILE.replace("year: 2026", "year: bald"))

    with pytest.raises(CommandError, match=r"grants\.yaml: Zeile 4: hier steht eine ganze") as said:
        call_command("import_grants", file)

    assert (said.value.returncode, GrantBudget.objects.count()) == (1, 0)


@pytest.mark.django_db
def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"nie\.yaml: diese Datei gibt es nicht") as said:
        call_command("import_grants", tmp_path / "nie.yaml")
    assert said.value.returncode == 1


@pytest.mark.django_db
def test_an_import_never_takes_away_what_is_promised(tmp_path: Path) -> None:
    budget = build_solar_city(year=today().year)
    apply_for(citizen_knock())
    file = tmp_path / "grants.yaml"
    file.write_text(SMALLER.format(year=budget.year))

    with pytest.raises(
        CommandError, match=r"grants\.yaml: Im Fördertopf sonne .* € 194,70"
    ) as said:
        call_command("import_grants", file)

    assert said.value.returncode == 1
    assert state(budget) == (100_000, 19_470, "Beschluss", False)
    assert GrantBudget.objects.count() == 1  # nor was the other one taken


# --- by hand -----------------------------------------------------------------------------


@pytest.fixture
def budget(db: None) -> GrantBudget:
    return build_solar_city()


@pytest.fixture
def editor(db: None) -> Person:
    return make_clerk(None, "services.edit_catalogue")


def test_a_sum_set_by_hand_has_a_reason_and_outlives_imports(
    budget: GrantBudget, editor: Person
) -> None:
    set_total(
        by=actor_of(editor), budget=budget.pk, total=Money.of("1500.00"), why=" Gemeinderat 1.7. "
    )

    assert state(budget) == (150_000, 0, "Gemeinderat 1.7.", True)
    [entry] = Entry.objects.filter(did="services.grant_total_set")
    assert (entry.why, entry.details) == ("Gemeinderat 1.7.", {"before": 100_000, "after": 150_000})
    entries = parse_budgets(FILE.replace("2026", str(today().year)))
    assert import_budgets(by=SYSTEM, budgets=entries).by_hand == [f"sonne {today().year}"]
    assert state(budget) == (150_000, 0, "Gemeinderat 1.7.", True)


def test_what_is_promised_stays_covered(budget: GrantBudget, editor: Person) -> None:
    apply_for(citizen_knock())
    before, by = state(budget), actor_of(editor)
    clerk = actor_of(make_clerk(None, "cases.read"))

    with pytest.raises(LessThanReserved, match="€ 194,70"):
        set_total(by=by, budget=budget.pk, total=Money(19_469), why="Sparen")
    with pytest.raises(ReasonMissing):
        set_total(by=by, budget=budget.pk, total=Money(19_470), why="  ")
    with pytest.raises(NotFound):
        set_total(by=by, budget=0, total=Money(19_470), why="Sparen")
    with pytest.raises(NotAllowed):
        set_total(by=clerk, budget=budget.pk, total=Money(19_470), why="Sparen")

    assert state(budget) == before
    assert Entry.objects.filter(did="services.grant_total_set").count() == 0
    set_total(by=by, budget=budget.pk, total=Money(19_470), why="Sparen")
    assert state(budget) == (19_470, 19_470, "Sparen", True)


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        ("25000", 2_500_000),
        ("25.000", 2_500_000),
        ("25.000,50", 2_500_050),
        (" € 1.234.567,00 ", 123_456_700),
        ("0", 0),
    ],
)
def test_amounts_as_people_type_them(typed: str, cents: int) -> None:
    assert euros(typed) == Money(cents)


@pytest.mark.parametrize("typed", ["", "viel", "-5", "1,5", "1.00", "1.23.456", "12345678", "٣"])
def test_other_amounts_are_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="is not an amount"):
        euros(typed)


# --- on pages ----------------------------------------------------------------------------


@pytest.fixture
def solar_service(budget: GrantBudget) -> Service:
    service = Service.objects.create(
        slug="solar", title={"de": "Solar"}, sort_key="solar", form="solar", channels=["online"]
    )
    office = Office.objects.create(slug="umwelt", name={"de": "Umwelt"}, sort_key="umwelt")
    ServiceOffice.objects.create(service=service, office=office, position=0)
    return service


@pytest.mark.usefixtures("still_clock")
def test_the_page_of_the_service_says_what_is_left(
    client: Client,
    solar_service: Service,
    budget: GrantBudget,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    apply_for(citizen_knock())

    with founded():
        client.get("/leistungen/solar/")
        with django_assert_max_num_queries(4):
            page = client.get("/leistungen/solar/").content.decode()
    assert f"Noch € 805,30 von € 1.000,00 im Fördertopf {budget.year}" in page

    GrantBudget.objects.update(total_cents=19_470)
    page = client.get("/leistungen/solar/").content.decode()
    assert f"Der Fördertopf {budget.year} ist ausgeschöpft." in page

    GrantBudget.objects.update(year=budget.year - 1)
    assert "Fördertopf" not in client.get("/leistungen/solar/").content.decode()


def test_summary_and_confirmation_name_the_grant(client: Client, budget: GrantBudget) -> None:
    knock = citizen_knock()
    sign_in(client, Person.objects.get(pk=knock.by.person))
    draft = begin(knock)

    page = client.get(f"/antrag/entwurf/{draft}/pruefen/").content.decode()
    assert "Voraussichtliche Förderung" in page
    assert "€ 194,70" in page
    done = client.post(f"/antrag/entwurf/{draft}/pruefen/", follow=True).content.decode()
    assert "€ 194,70 sind für Sie im Fördertopf reserviert" in done


def test_an_exhausted_budget_is_said_and_the_draft_is_there(
    client: Client, budget: GrantBudget
) -> None:
    GrantBudget.objects.update(total_cents=100)
    knock = citizen_knock()
    sign_in(client, Person.objects.get(pk=knock.by.person))
    draft = begin(knock)

    refused = client.post(f"/antrag/entwurf/{draft}/pruefen/")

    page = refused.content.decode()
    assert refused.status_code == 409
    assert "<h1" in page
    assert "Der Fördertopf ist ausgeschöpft" in page
    assert "Ihre Förderung wäre € 194,70, im Fördertopf sind noch € 1,00." in page
    assert f'href="/antrag/entwurf/{draft}/pruefen/"' in page
    assert Draft.objects.get(pk=draft).submitted_at is None
    GrantBudget.objects.update(total_cents=19_470)
    assert client.post(f"/antrag/entwurf/{draft}/pruefen/").status_code == 302


def test_editors_see_and_set_budgets(client: Client, budget: GrantBudget, editor: Person) -> None:
    apply_for(citizen_knock())
    sign_in(client, editor)
    address = f"/amt/katalog/foerdertoepfe/{budget.pk}/"

    page = client.get("/amt/katalog/foerdertoepfe/").content.decode()
    for words in ("Sonne", "€ 1.000,00", "€ 194,70", "€ 805,30", "Beschluss", address):
        assert words in page
    assert 'value="1.000,00"' in client.get(address).content.decode()

    for total, why, sentence in (
        ("100,00", "Sparen", "sind schon € 194,70 reserviert"),
        ("alles", "Sparen", "Bitte geben Sie einen Betrag ein"),
        ("2.000,00", "", "Bitte füllen Sie dieses Feld aus."),
    ):
        refused = client.post(address, {"total": total, "why": why})
        assert refused.status_code == 422
        assert sentence in refused.content.decode()
    assert state(budget) == (100_000, 19_470, "Beschluss", False)

    saved = client.post(address, {"total": "2.000,00", "why": "Nachtrag"}, follow=True)
    assert "Die Summe ist gespeichert." in saved.content.decode()
    assert state(budget) == (200_000, 19_470, "Nachtrag", True)


def test_others_see_no_budgets(client: Client, budget: GrantBudget) -> None:
    sign_in(client, make_clerk(None, "cases.read"))
    assert client.get("/amt/katalog/foerdertoepfe/").status_code == 403
    address = f"/amt/katalog/foerdertoepfe/{budget.pk}/"
    assert client.post(address, {"total": "1", "why": "Spaß"}).status_code == 403
    assert state(budget) == (100_000, 0, "Beschluss", False)


def test_an_unknown_budget_is_not_found(client: Client, editor: Person) -> None:
    sign_in(client, editor)
    assert client.get("/amt/katalog/foerdertoepfe/4711/").status_code == 404

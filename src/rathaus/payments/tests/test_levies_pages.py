"""The pages of levies and deposits, and the citizen's account by year and by how things stand."""

from datetime import date
from uuid import UUID, uuid4

import pytest
from django.test import Client
from tests.factories import make_citizen, make_city, make_clerk, sign_in

from rathaus.accounts.models import Person
from rathaus.core.actor import SYSTEM
from rathaus.core.clock import as_of
from rathaus.core.money import Money
from rathaus.payments.actions import ClaimKind, cancel_claim, give_back, set_return_day
from rathaus.payments.incoming import Means
from rathaus.payments.models import Claim, Deposit, DepositStep, Levy, LevyYear
from rathaus.payments.tests.levied import at, begin, claimed, install
from rathaus.payments.tests.money import owe, pay

pytestmark = pytest.mark.django_db

BEGUN = date(2026, 5, 4)
MINE = "/meine-zahlungen/"
LEVIES = "/amt/abgaben/"
DEPOSITS = "/amt/kautionen/"


@pytest.fixture(autouse=True)
def city() -> None:
    make_city()
    install()


@pytest.fixture
def debtor() -> Person:
    return make_citizen(given_name="Dora", family_name="Debtor", email="")


@pytest.fixture
def citizen(debtor: Person) -> Client:
    return sign_in(Client(), debtor)


@pytest.fixture
def treasury(client: Client) -> Client:
    rights = ("payments.read", "payments.levies", "payments.give_back")
    return sign_in(client, make_clerk("finanzen", *rights))


@pytest.fixture
def levy(debtor: Person) -> Levy:
    with as_of(at(BEGUN)):
        return begin(debtor)


def purposes(page: str, section: str) -> str:
    """What stands in one section of the account."""
    return page.split(f'id="{section}"')[1].split("</section>")[0] if section in page else ""


def settled(debtor: Person, cents: int, name: str, **changes: object) -> str:
    claim = owe(debtor, cents, purpose={"de": name, "en": name}, **changes)
    return str(pay(cents, (claim, cents), means=Means.CARD).receipt)


def test_the_account_says_how_everything_stands(citizen: Client, debtor: Person) -> None:
    owe(debtor, 1_000, purpose={"de": "Marktstand"}, due_on=date(2099, 1, 2))
    owe(debtor, 2_000, purpose={"de": "Falschparken"}, due_on=BEGUN, kind=ClaimKind.FINE)
    settled(debtor, 3_000, "Bauakt", kind=ClaimKind.PERMIT)
    back = settled(debtor, 4_000, "Kursbeitrag")
    give_back(by=SYSTEM, receipt=back, amount=Money(4_000), key="r1", why="abgesagt")
    partly = settled(debtor, 5_000, "Saalmiete")
    give_back(by=SYSTEM, receipt=partly, amount=Money(1_500), key="r2", why="zu viel")
    settled(debtor, 6_000, "Gitter", kind=ClaimKind.DEPOSIT)
    cancel_claim(by=SYSTEM, claim=owe(debtor, 7_000, purpose={"de": "Irrtum"}), why="Irrtum")

    page = citizen.get(MINE).content.decode()

    assert "Zusammen <strong>€ 30,00</strong>" in page
    assert "Offen: € 10,00" in page
    assert "Überfällig: € 20,00" in page
    assert "Strafe · " in page
    paid = purposes(page, "bezahlt")
    assert "Bezahlt: € 65,00" in paid  # 30 and what is left of 50
    assert "Bauakt" in paid
    assert "zurückgezahlt: € 15,00" in paid
    returned = purposes(page, "zurueckgezahlt")
    assert "Zurückgezahlt: € 40,00" in returned
    assert "Rückzahlung unterwegs" in returned
    assert "Kaution, hinterlegt: € 60,00" in purposes(page, "hinterlegt")
    assert "Irrtum" in purposes(page, "weggefallen")


def test_the_account_of_one_year(citizen: Client, debtor: Person) -> None:
    settled(debtor, 3_000, "Alt", due_on=date(2024, 3, 1))
    settled(debtor, 4_000, "Neu", due_on=date(2026, 3, 2))

    whole = citizen.get(MINE).content.decode()
    assert f'href="{MINE}?jahr=2024"' in whole
    assert "Bezahlt: € 70,00" in whole
    year = purposes(citizen.get(MINE, {"jahr": "2024"}).content.decode(), "bezahlt")
    assert "Bezahlt: € 30,00" in year
    assert "Neu" not in year
    for nonsense in ("x", "99999", "-1"):
        assert citizen.get(MINE, {"jahr": nonsense}).status_code == 200


def test_the_account_tells_what_comes_next_year(citizen: Client, levy: Levy) -> None:
    with as_of(at(date(2026, 11, 28))):
        page = citizen.get(MINE).content.decode()

    section = purposes(page, "abgaben")
    assert "Hundeabgabe: Bello" in section
    assert "Das nächste Mal voraussichtlich € 40,00, fällig am 15.02.2027" in section


def test_the_letter_is_for_its_debtor_and_the_treasury_alone(
    citizen: Client, treasury: Client, levy: Levy
) -> None:
    year = LevyYear.objects.get()
    own, staff = f"/zahlungen/vorschreibungen/{year.pk}/", f"{LEVIES}schreiben/{year.pk}/"

    assert "Vorschreibung: Hundeabgabe" in citizen.get("/zahlungen/belege/").content.decode()
    for letter in (citizen.get(own), treasury.get(staff)):
        assert b"".join(letter).startswith(b"%PDF")
    assert "HA-000001-2026" in treasury.get(LEVIES).content.decode()  # no mail: to be printed
    stranger = sign_in(Client(), make_citizen())
    assert stranger.get(own).status_code == 404
    assert sign_in(Client(), make_clerk(None, "payments.read")).get(staff).status_code == 403


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, True),
        ({"words": "Debtor Bello"}, True),
        ({"words": "HA-000001"}, True),
        ({"words": "Katze"}, False),
        ({"kind": "ortstaxe"}, False),
        ({"state": "ended"}, False),
        ({"state": "exempt"}, False),
        ({"state": "all", "after": "HA-000001"}, False),
        ({"state": "nonsense", "words": "\x00"}, True),
    ],
)
def test_levies_are_found(treasury: Client, levy: Levy, asked: dict, found: bool) -> None:
    page = treasury.get(LEVIES, asked).content.decode()

    assert (f'href="{LEVIES}{levy.pk}/"' in page) is found


def test_a_clerk_changes_and_ends_a_levy(treasury: Client, levy: Levy) -> None:
    page = f"{LEVIES}{levy.pk}/"
    told = {"rate": "familie", "about": "Bello", "why": "Bescheid", "exempt_from": "2027"}
    refused = treasury.post(f"{page}aendern/", told)
    assert refused.status_code == 422
    assert "Eine Befreiung braucht ein erstes Jahr und einen Grund" in refused.content.decode()

    changed = treasury.post(f"{page}aendern/", {**told, "exempt_why": "Assistenzhund"}, follow=True)
    assert "ab 2027: Assistenzhund" in changed.content.decode()
    too_early = {"ends_on": "3.1.2020", "why": "tot"}
    assert treasury.post(f"{page}beenden/", too_early).status_code == 422
    ended = treasury.post(f"{page}beenden/", {"ends_on": "30.06.2026", "why": "tot"}, follow=True)

    assert "Die Abgabe ist beendet." in ended.content.decode()
    levy.refresh_from_db()
    assert (levy.ends_on, levy.exempt_from) == (date(2026, 6, 30), 2027)
    assert claimed(levy) == [
        ("2026", "part-01", 4000, "cancelled"),
        ("2026", "part-01", 2000, "open"),
    ]


def test_what_was_paid_too_much_is_shown(treasury: Client, levy: Levy) -> None:
    claim = Claim.objects.get()
    pay(4_000, (claim.pk, 4_000))
    page = f"{LEVIES}{levy.pk}/"
    treasury.post(f"{page}beenden/", {"ends_on": "30.06.2026", "why": "tot"})

    assert "davon zu viel: € 20,00" in treasury.get(page).content.decode()


def test_a_clerk_begins_a_levy_from_a_claim(treasury: Client, debtor: Person) -> None:
    claim = owe(debtor, reference="HU-2026-000007")
    page = f"/amt/forderung/{claim}/abgabe/"
    told = {
        "rate": "hundeabgabe:wache",
        "about": "Rex",
        "begins_on": "01.03.2026",
        "key": str(uuid4()),
    }
    assert page in treasury.get(f"/amt/forderung/{claim}/").content.decode()
    assert "Dora Debtor" in treasury.get(page).content.decode()
    assert treasury.post(page, {**told, "about": ""}).status_code == 422
    assert treasury.post(page, {**told, "begins_on": "01.03.1999"}).status_code == 422
    assert not Levy.objects.exists()

    done = treasury.post(page, told, follow=True)
    treasury.post(page, told)  # pressed twice

    levy = Levy.objects.get()
    assert "Hundeabgabe: Rex" in done.content.decode()
    assert (levy.matter, levy.rate, levy.debtor_id) == ("HU-2026-000007", "wache", debtor.pk)


@pytest.fixture
def held(debtor: Person) -> str:
    settled(debtor, 50_000, "Kaution Zelt", kind=ClaimKind.DEPOSIT)
    return str(Deposit.objects.get().pk)


def test_a_clerk_gives_a_deposit_back(treasury: Client, held: str) -> None:
    page = f"{DEPOSITS}{held}/"
    told = {"returned": "420,00", "retained": "80", "why": "Plane gerissen", "key": str(uuid4())}
    assert 'value="500,00"' in treasury.get(page).content.decode()
    for wrong in ({"returned": "501"}, {"returned": "x"}, {"why": ""}, {"iban": "AT00"}):
        assert treasury.post(f"{page}rueckgabe/", {**told, **wrong}).status_code == 422
    assert not DepositStep.objects.exists()

    done = treasury.post(f"{page}rueckgabe/", told, follow=True).content.decode()
    treasury.post(f"{page}rueckgabe/", told)  # pressed twice

    assert "€ 420,00 zurückgegeben (beauftragt), € 80,00 einbehalten. Plane gerissen" in done
    assert DepositStep.objects.count() == 1
    assert "Kaution Zelt" in treasury.get(DEPOSITS, {"state": "done"}).content.decode()
    assert "Kaution Zelt" not in treasury.get(DEPOSITS).content.decode()


def test_a_deposit_that_should_be_back_is_at_the_top_of_the_overview(
    treasury: Client, held: str
) -> None:
    told = {"return_on": "4.5.2026"}
    treasury.post(f"{DEPOSITS}{held}/frist/", told)

    overview = treasury.get("/amt/").content.decode()
    assert f'href="{DEPOSITS}?state=overdue"' in overview
    assert "Rückgabe überfällig" in treasury.get(DEPOSITS, {"state": "overdue"}).content.decode()
    assert "Kaution Zelt" in treasury.get(DEPOSITS, {"words": "debtor zelt"}).content.decode()
    set_return_day(by=SYSTEM, claim=UUID(held), return_on=None)
    assert "Kaution Zelt" not in treasury.get(DEPOSITS, {"state": "overdue"}).content.decode()


def test_what_waits_to_be_paid_in_is_a_deposit_too(treasury: Client, debtor: Person) -> None:
    owe(debtor, purpose={"de": "Kaution Saal"}, kind=ClaimKind.DEPOSIT)

    assert "Kaution Saal" in treasury.get(DEPOSITS, {"state": "awaited"}).content.decode()
    assert "Kaution Saal" not in treasury.get(DEPOSITS).content.decode()
    assert treasury.get(f"{DEPOSITS}{uuid4()}/").status_code == 404

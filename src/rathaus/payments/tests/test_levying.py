"""Levies against the real database: begun once, raised once a year, changed, ended, taken over."""

import io
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from pypdf import PdfReader
from tests.all_at_once import all_at_once
from tests.factories import make_citizen, make_city, make_clerk, make_guest

from rathaus.accounts.events import MattersTakenOver
from rathaus.accounts.queries import actor_of
from rathaus.audit.models import Entry
from rathaus.core.actor import SYSTEM
from rathaus.core.clock import as_of
from rathaus.core.errors import NotAllowed, NotFound
from rathaus.core.files import read_file
from rathaus.core.models import OutgoingMail
from rathaus.core.money import Money
from rathaus.payments.actions import (
    Exempt,
    begin_levy,
    cancel_claim,
    change_levy,
    end_levy,
    end_levy_numbered,
    install_levies,
    raise_levies,
    raise_levies_due,
    take_over_levies,
)
from rathaus.payments.actions.levy_kinds import RateInUse
from rathaus.payments.actions.levying import (
    AboutMissing,
    AnotherLevy,
    EndsTooEarly,
    ExemptionUnclear,
    NoSuchLevy,
    ReasonMissing,
)
from rathaus.payments.models import Claim, Levy, LevyStep, LevyYear
from rathaus.payments.personal_data import matters
from rathaus.payments.tests.levied import LEVIES, at, begin, claimed, install
from rathaus.payments.tests.money import balances, owe, pay

pytestmark = pytest.mark.django_db

TODAY = date(2026, 5, 4)
NEW_YEAR = date(2027, 1, 1)


@pytest.fixture(autouse=True)
def city():
    make_city()
    install()


@pytest.fixture
def debtor():
    return make_citizen(email="hund@post.example")


@pytest.fixture
def clerk():
    return actor_of(make_clerk("finanzen", "payments.levies"))


def only_claim(levy: Levy) -> Claim:
    return Claim.objects.get(reference__startswith=levy.number, cancelled_at=None)


def pay_for(claim: Claim) -> None:
    pay(claim.cents, (claim.pk, claim.cents))


def test_it_begins_with_the_claim_of_this_year_its_letter_and_its_mail(debtor, clerk):
    with as_of(at(TODAY)):
        levy = begin(debtor, by=clerk)

    claim = only_claim(levy)
    assert levy.number == "HA-000001"
    assert claimed(levy) == [("2026", "part-01", 4000, "open")]
    assert (claim.kind, claim.due_on, claim.department.slug) == (
        "levy",
        date(2026, 6, 5),  # a month later is Corpus Christi
        "finanzen",
    )
    assert claim.purpose == {"de": "Hundeabgabe 2026: Bello", "en": "Dog tax 2026: Bello"}
    assert balances() == {"receivables": 4000, "income": -4000}
    mail = OutgoingMail.objects.get(recipient="hund@post.example")
    assert mail.subject == "Vorschreibung zu HA-000001-2026"
    year = LevyYear.objects.select_related("document").get()
    assert year.by_mail
    text = PdfReader(io.BytesIO(read_file(year.document))).pages[0].extract_text()
    for part in ("HA-000001-2026", "Bello", "Familienhund", "40,00", "05.06.2026"):
        assert part in text
    entry = Entry.objects.get(did="payments.levy_begun")
    assert (entry.about, entry.actor) == ([debtor.pk], clerk.person)


def test_said_twice_with_one_key_it_is_one_levy(debtor):
    with as_of(at(TODAY)):
        first = begin(debtor, key="abgabe", matter="HU-2026-000001")
        again = begin(debtor, key="abgabe", matter="HU-2026-000001")
        with pytest.raises(AnotherLevy):
            begin(make_citizen(), key="abgabe", matter="HU-2026-000001")
        second = begin(debtor, about="Luna")

    assert (again.pk, second.number) == (first.pk, "HA-000002")
    assert Levy.objects.count() == Claim.objects.count() == 2


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"kind": "katzenabgabe"}, NoSuchLevy),
        ({"rate": "katze"}, NoSuchLevy),
        ({"begins_on": date(2019, 12, 31)}, NoSuchLevy),
        ({"about": "  "}, AboutMissing),
    ],
)
def test_what_the_city_does_not_levy_does_not_begin(debtor, changes, refusal):
    with as_of(at(TODAY)), pytest.raises(refusal):
        begin(debtor, **changes)

    assert not Levy.objects.exists()
    assert not Claim.objects.exists()


def test_only_who_keeps_levies_changes_them(debtor):
    stranger = actor_of(make_clerk("finanzen", "payments.raise", "payments.read"))
    with as_of(at(TODAY)):
        levy = begin(debtor)
        for act in (
            lambda: begin(debtor, by=stranger),
            lambda: begin(debtor, by=actor_of(debtor)),
            lambda: end_levy(by=stranger, levy=levy.pk, ends_on=TODAY, why="tot"),
            lambda: raise_levies(by=stranger, year=2027),
            lambda: change_levy(
                by=stranger, levy=levy.pk, rate="wache", about="Bello", exempt=None, why="weil"
            ),
        ):
            with pytest.raises(NotAllowed):
                act()
        with pytest.raises(NotFound):
            end_levy(by=SYSTEM, levy=uuid4(), ends_on=TODAY, why="tot")

    levy.refresh_from_db()
    assert (Levy.objects.count(), levy.rate, levy.ends_on) == (1, "familie", None)
    assert claimed(levy) == [("2026", "part-01", 4000, "open")]


def test_what_the_matter_claimed_is_the_first_year(debtor):
    with as_of(at(TODAY)):
        claim = owe(debtor, 4000, reference="HU-2026-000001", key="abgabe")
        levy = begin(debtor, key="abgabe", matter="HU-2026-000001")
        assert raise_levies_due(by=SYSTEM) == 0
    with as_of(at(NEW_YEAR)):
        assert raise_levies_due(by=SYSTEM) == 1

    assert claimed(levy) == [("2027", "part-01", 4000, "open")]
    assert Claim.objects.get(pk=claim).cents == 4000
    years = LevyYear.objects.order_by("year").values_list("year", "cents", "with_matter")
    assert list(years) == [(2026, 4000, True), (2027, 4000, False)]


@pytest.mark.parametrize(
    ("moment", "raised"),
    [
        (datetime(2026, 12, 31, 22, 59, tzinfo=UTC), 0),  # 23:59 in Vienna
        (datetime(2026, 12, 31, 23, 0, tzinfo=UTC), 1),  # the year has changed in Vienna
        (datetime(2027, 3, 28, 0, 59, tzinfo=UTC), 1),  # the hour before summer time begins
        (datetime(2027, 10, 31, 1, 30, tzinfo=UTC), 1),  # the hour that there is twice
    ],
)
def test_the_next_year_is_raised_when_its_time_has_come_in_vienna(debtor, moment, raised):
    with as_of(at(TODAY)):
        levy = begin(debtor)
    with as_of(moment):
        assert raise_levies_due(by=SYSTEM) == raised
        assert raise_levies_due(by=SYSTEM) == 0

    assert levy.years.filter(year=2027).count() == raised


def test_after_a_missed_month_it_is_due_a_month_later(debtor):
    with as_of(at(TODAY)):
        levy = begin(debtor)
        pay_for(only_claim(levy))
    with as_of(at(date(2027, 3, 10))):
        raise_levies_due(by=SYSTEM)

    claim = Claim.objects.get(reference=f"{levy.number}-2027")
    assert (claim.due_on, claim.cents) == (date(2027, 4, 12), 4000)


def test_a_machine_that_stood_still_over_new_year_catches_up(debtor):
    with as_of(at(TODAY)):
        levy = begin(debtor)
    with as_of(at(date(2028, 2, 1))):
        assert raise_levies_due(by=SYSTEM) == 2

    assert claimed(levy) == [
        ("2026", "part-01", 4000, "open"),
        ("2027", "part-01", 4000, "open"),
        ("2028", "part-01", 4800, "open"),  # another tariff
    ]


def test_several_days_share_the_amount(debtor):
    with as_of(at(date(2026, 12, 1))):
        flat = begin(
            debtor, kind="ortstaxe", rate="klein", about="Top 4", begins_on=date(2026, 12, 1)
        )
    with as_of(at(date(2027, 1, 30))):
        raise_levies_due(by=SYSTEM)

    assert claimed(flat) == [
        ("2026", "part-01", 833, "open"),
        ("2027", "part-01", 2501, "open"),
        ("2027", "part-02", 2500, "open"),
        ("2027", "part-03", 2500, "open"),
        ("2027", "part-04", 2500, "open"),
    ]
    days = Claim.objects.filter(reference=f"{flat.number}-2027").order_by("key")
    assert list(days.values_list("due_on", flat=True)) == [
        date(2027, 3, 1),
        date(2027, 5, 18),  # the 15th is a Saturday, then comes Whit Monday
        date(2027, 8, 16),
        date(2027, 11, 15),
    ]


def test_a_dog_that_died_is_owed_by_months(debtor, clerk):
    with as_of(at(NEW_YEAR)):
        levy = begin(debtor, begins_on=date(2026, 5, 4))
        for claim in Claim.objects.filter(reference=f"{levy.number}-2026"):
            pay_for(claim)
        end_levy(by=clerk, levy=levy.pk, ends_on=date(2027, 3, 20), why="verstorben")

    assert claimed(levy) == [
        ("2026", "part-01", 4000, "settled"),
        ("2027", "part-01", 4000, "cancelled"),
        ("2027", "part-01", 1000, "open"),
    ]
    with as_of(at(date(2028, 6, 1))):
        assert raise_levies_due(by=SYSTEM) == 0
    step = LevyStep.objects.get(deed="ended")
    assert (step.why, step.by_name) == ("verstorben", clerk.name)
    assert balances() == {"receivables": 1000, "income": -5000, "bank": 4000}


def test_what_was_paid_for_a_year_that_ends_early_can_be_given_back(debtor, clerk):
    with as_of(at(TODAY)):
        levy = begin(debtor)
        claim = only_claim(levy)
        pay_for(claim)
        end_levy(by=clerk, levy=levy.pk, ends_on=date(2026, 6, 30), why="abgegeben")

    assert claimed(levy) == [("2026", "part-01", 4000, "settled")]
    year = LevyYear.objects.get()
    claim.refresh_from_db()
    assert claim.kept - Money(year.cents) == Money(2000)


def test_the_claim_of_the_matter_follows_when_the_first_year_ends_early(debtor, clerk):
    with as_of(at(TODAY)):
        owe(debtor, 4000, reference="HU-2026-000001", key="abgabe")
        levy = begin(debtor, key="abgabe", matter="HU-2026-000001")
        end_levy(by=clerk, levy=levy.pk, ends_on=date(2026, 6, 30), why="verstorben")

    assert Claim.objects.get(reference="HU-2026-000001").cancelled_at is not None
    assert claimed(levy) == [("2026", "part-01", 2000, "open")]


def test_the_end_can_be_put_right(debtor, clerk):
    with as_of(at(NEW_YEAR)):
        levy = begin(debtor, begins_on=date(2026, 5, 4))
        end_levy(by=clerk, levy=levy.pk, ends_on=date(2026, 12, 31), why="abgemeldet")
        assert claimed(levy)[1:] == [("2027", "part-01", 4000, "cancelled")]
        end_levy(by=clerk, levy=levy.pk, ends_on=date(2027, 12, 31), why="vertippt")
        with pytest.raises(EndsTooEarly):
            end_levy(by=clerk, levy=levy.pk, ends_on=date(2026, 5, 3), why="früher")
        with pytest.raises(ReasonMissing):
            end_levy(by=clerk, levy=levy.pk, ends_on=date(2027, 5, 3), why=" ")

    levy.refresh_from_db()
    assert levy.ends_on == date(2027, 12, 31)
    assert claimed(levy)[1:] == [
        ("2027", "part-01", 4000, "cancelled"),
        ("2027", "part-01", 4000, "open"),
    ]


def test_an_exemption_lets_open_claims_fall_and_back_again(debtor, clerk):
    with as_of(at(TODAY)):
        levy = begin(debtor)
        guide = {
            "by": clerk,
            "levy": levy.pk,
            "rate": "familie",
            "about": "Bello",
            "why": "Bescheid",
        }
        change_levy(**guide, exempt=Exempt(2026, 2027, "Assistenzhund"))
        assert claimed(levy) == [("2026", "part-01", 4000, "cancelled")]
        for wrong in (Exempt(2027, 2026, "x"), Exempt(2026, None, " ")):
            with pytest.raises(ExemptionUnclear):
                change_levy(**guide, exempt=wrong)
    with as_of(at(NEW_YEAR)):
        assert raise_levies_due(by=SYSTEM) == 1
        assert len(claimed(levy)) == 1
        change_levy(**guide, exempt=None)

    assert claimed(levy) == [
        ("2026", "part-01", 4000, "cancelled"),
        ("2026", "part-01", 4000, "open"),
        ("2027", "part-01", 4000, "open"),
    ]


def test_another_rate_counts_for_years_to_come(debtor, clerk):
    with as_of(at(TODAY)):
        levy = begin(debtor)
        change_levy(
            by=clerk, levy=levy.pk, rate="wache", about="Bello", exempt=None, why="bewacht den Hof"
        )
    with as_of(at(NEW_YEAR)):
        raise_levies_due(by=SYSTEM)

    assert claimed(levy) == [
        ("2026", "part-01", 4000, "open"),
        ("2027", "part-01", 2000, "open"),
    ]


def test_a_claim_that_a_clerk_let_go_does_not_come_back_next_year(debtor):
    with as_of(at(TODAY)):
        levy = begin(debtor)
        cancel_claim(by=SYSTEM, claim=only_claim(levy).pk, why="Kulanz")
    with as_of(at(NEW_YEAR)):
        raise_levies_due(by=SYSTEM)

    assert claimed(levy) == [
        ("2026", "part-01", 4000, "cancelled"),
        ("2027", "part-01", 4000, "open"),
    ]


def test_a_deregistration_ends_only_the_own_levy(debtor):
    with as_of(at(TODAY)):
        levy = begin(debtor)
        end = {"by": SYSTEM, "ends_on": date(2026, 8, 1), "why": "Abmeldung HD-2026-000001"}
        assert not end_levy_numbered(number=levy.number, debtor=make_citizen().pk, **end)
        assert not end_levy_numbered(number="HA-999999", debtor=debtor.pk, **end)
        levy.refresh_from_db()
        assert levy.ends_on is None
        assert end_levy_numbered(number=f" {levy.number.lower()} ", debtor=debtor.pk, **end)

    levy.refresh_from_db()
    assert levy.ends_on == date(2026, 8, 1)


def test_levies_follow_into_the_account_of_the_citizen():
    guest, citizen = make_guest(), make_citizen()
    with as_of(at(TODAY)):
        levy = begin(guest, key="abgabe", matter="HU-2026-000001")
        other = begin(guest, key="abgabe", matter="HU-2026-000002")
        alone = begin(guest)
        assert alone.number in {matter.reference for matter in matters(guest.pk)}
        references = frozenset({"HU-2026-000001", alone.number})
        take_over_levies(MattersTakenOver(guest.pk, citizen.pk, references))

    levy.refresh_from_db()
    other.refresh_from_db()
    assert (levy.debtor_id, only_claim(levy).debtor_id) == (citizen.pk, citizen.pk)
    alone.refresh_from_db()
    assert (alone.debtor_id, only_claim(alone).debtor_id) == (citizen.pk, citizen.pk)
    assert (other.debtor_id, only_claim(other).debtor_id) == (guest.pk, guest.pk)


def test_a_rate_by_which_somebody_pays_stays(debtor):
    with as_of(at(TODAY)):
        begin(debtor, rate="wache")
    with pytest.raises(RateInUse):
        install_levies(by=SYSTEM, text=LEVIES.replace("slug: wache", "slug: hof"))

    assert Levy.objects.get().kind.entry.rate("wache") is not None


@pytest.mark.django_db(transaction=True)
def test_two_workers_raise_each_year_once():
    debtor = make_citizen()
    with as_of(at(TODAY)):
        levies = [begin(debtor, about=f"Hund {number}") for number in range(4)]

    def night() -> int:
        with as_of(at(NEW_YEAR)):
            return raise_levies_due(by=SYSTEM)

    raised = all_at_once(*[night] * 4)

    assert sum(int(str(count)) for count in raised) == 4
    for levy in levies:
        assert claimed(levy) == [
            ("2026", "part-01", 4000, "open"),
            ("2027", "part-01", 4000, "open"),
        ]


@pytest.mark.django_db(transaction=True)
def test_two_requests_at_once_begin_one_levy():
    debtor = make_citizen()

    def begin_it() -> object:
        with as_of(at(TODAY)):
            return begin_levy(
                by=SYSTEM,
                kind="hundeabgabe",
                rate="familie",
                debtor=debtor.pk,
                about="Bello",
                begins_on=TODAY,
                key="abgabe",
                matter="HU-2026-000001",
            )

    assert len(set(all_at_once(*[begin_it] * 4))) == 1
    assert Levy.objects.count() == Claim.objects.count() == 1

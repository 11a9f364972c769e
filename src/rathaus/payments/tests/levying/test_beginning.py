"""How a levy begins: once, with its claim, its letter and its mail."""

import io
from datetime import date
from uuid import uuid4

import pytest
from pypdf import PdfReader
from tests.all_at_once import all_at_once
from tests.factories import make_citizen, make_clerk

from rathaus.accounts.queries import actor_of
from rathaus.audit.models import Entry
from rathaus.core.actor import SYSTEM
from rathaus.core.clock import as_of
from rathaus.core.errors import NotAllowed, NotFound
from rathaus.core.files import read_file
from rathaus.core.models import OutgoingMail
from rathaus.payments.actions import (
    begin_levy,
    change_levy,
    end_levy,
    raise_levies,
    raise_levies_due,
)
from rathaus.payments.actions.levying import (
    AboutMissing,
    AnotherLevy,
    NoSuchLevy,
)
from rathaus.payments.models import Claim, Levy, LevyYear
from rathaus.payments.tests.levied import at, begin, claimed
from rathaus.payments.tests.levying.conftest import NEW_YEAR, TODAY, only_claim
from rathaus.payments.tests.money import balances, owe

pytestmark = pytest.mark.django_db


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

"""Grants from application to decision: reserved once, released where nothing is given."""

from collections.abc import Iterator
from datetime import datetime
from unittest.mock import patch

import pytest
from django.db import IntegrityError, transaction
from tests.factories import make_citizen, make_clerk

from rathaus.accounts.models import Person
from rathaus.accounts.queries import actor_of
from rathaus.audit.models import Entry
from rathaus.cases import actions as casework
from rathaus.cases.decision_faults import DecisionText
from rathaus.cases.events import CaseDecided, CaseWithdrawn
from rathaus.cases.models import Case, CaseContent
from rathaus.core import clock
from rathaus.core.actor import Actor
from rathaus.core.clock import VIENNA, today
from rathaus.core.models import OutgoingMail
from rathaus.services.actions.amending import start_amendment
from rathaus.services.actions.granting import release_grant
from rathaus.services.actions.submitting import submit
from rathaus.services.draft_access import Knock
from rathaus.services.form_errors import GrantExhausted, NoGrantBudget
from rathaus.services.models import Application, Draft, GrantBudget, GrantReservation
from rathaus.services.queries.forms import compiled
from rathaus.services.queries.personal_data import personal_data
from rathaus.services.receipt import receipt_data
from rathaus.services.tests.conftest import ask_for_correction
from rathaus.services.tests.solar import apply_for, begin, build_solar_city, fill_budget

pytestmark = pytest.mark.django_db


@pytest.fixture
def budget() -> GrantBudget:
    return build_solar_city(total="400.00")


@pytest.fixture
def sophie(budget: GrantBudget) -> Person:
    return make_citizen(given_name="Sophie", family_name="Wagner")


@pytest.fixture
def knock(sophie: Person) -> Knock:
    return Knock(actor_of(sophie), "device")


@pytest.fixture
def head(budget: GrantBudget) -> Actor:
    return actor_of(make_clerk("umwelt", "cases.read", "cases.handle", "cases.decide"))


def reserved(budget: GrantBudget) -> int:
    budget.refresh_from_db()
    return budget.reserved_cents


def decide(head: Actor, case: Case, outcome: str) -> None:
    text = DecisionText(outcome, "Mitteilung", "So ist es.", "Weil es so ist.", "Beschwerde an …")
    casework.decide(by=head, case=case.pk, text=text, seen=case.revision)


def test_an_application_reserves_what_it_asks_for(
    budget: GrantBudget, knock: Knock, sophie: Person
) -> None:
    application = apply_for(knock)

    assert reserved(budget) == 19470
    [row] = GrantReservation.objects.all()
    assert (row.budget_id, row.application_id, row.line) == (budget.pk, application.pk, "drittel")
    assert (row.subject_id, row.cents, row.released_at) == (sophie.pk, 19470, None)
    assert application.grants == [
        {
            "id": "drittel",
            "label": {"de": "30 Prozent"},
            "cents": 19470,
            "budget": "sonne",
            "year": today().year,
        }
    ]
    [entry] = Entry.objects.filter(did="services.grant_reserved")
    assert (entry.about, entry.case) == ([sophie.pk], application.case_number)


def test_case_receipt_and_own_data_say_what_is_applied_for(knock: Knock, sophie: Person) -> None:
    application = apply_for(knock)

    sections = CaseContent.objects.get().sections
    assert sections[-1]["title"] == "Förderung"
    assert [(row["label"], row["value"], row["key"]) for row in sections[-1]["rows"]] == [
        ("30 Prozent", "€ 194,70", ""),
        ("Beantragte Förderung", "€ 194,70", "förderung"),
    ]
    receipt = receipt_data(application, compiled(application.version.sha256))
    assert {"label": "Beantragte Förderung", "value": "€ 194,70"} in receipt["facts"]
    granted = {section.title: section.rows for section in personal_data(sophie.pk)}["Förderungen"]
    assert [dict(row) for row in granted] == [
        {
            "Fördertopf": f"Sonne {today().year}",
            "Aktenzeichen": application.case_number,
            "Betrag": "€ 194,70",
            "reserviert": GrantReservation.objects.get().reserved_at,
            "freigegeben": None,
        }
    ]


def test_sending_twice_reserves_once(budget: GrantBudget, knock: Knock) -> None:
    draft = begin(knock)
    submit(knock=knock, draft=draft)
    submit(knock=knock, draft=draft)
    assert reserved(budget) == 19470


def test_a_price_without_a_grant_reserves_nothing(budget: GrantBudget, knock: Knock) -> None:
    application = apply_for(knock, "0.00")

    assert (application.grants, reserved(budget), GrantReservation.objects.count()) == ([], 0, 0)
    assert [section["title"] for section in CaseContent.objects.get().sections] == ["Anlage"]
    assert Entry.objects.filter(did="services.grant_reserved").count() == 0


def test_an_exhausted_budget_refuses_and_nothing_changes(budget: GrantBudget, knock: Knock) -> None:
    apply_for(knock)
    apply_for(knock, "684.33")  # takes € 205,30, all there is
    assert reserved(budget) == 40000
    draft = begin(knock, "0.05")

    with pytest.raises(GrantExhausted) as refused:
        submit(knock=knock, draft=draft)

    assert str(refused.value) == ("Ihre Förderung wäre € 0,02, im Fördertopf sind noch € 0,00.")
    assert reserved(budget) == 40000
    assert (Case.objects.count(), Application.objects.count()) == (2, 2)
    assert (GrantReservation.objects.count(), OutgoingMail.objects.count()) == (2, 2)
    kept = Draft.objects.get(pk=draft)
    assert (kept.answers, kept.submitted_at) == ({"preis": "0.05"}, None)


def test_a_year_without_a_budget_refuses(budget: GrantBudget, knock: Knock) -> None:
    GrantBudget.objects.update(year=today().year - 1)

    with pytest.raises(NoGrantBudget, match=f"Die Stadt hat für {today().year} noch keinen"):
        apply_for(knock)

    assert (Case.objects.count(), reserved(budget)) == (0, 0)


@pytest.mark.parametrize(
    ("outcome", "left"),
    [
        ("granted", 19470),
        ("partly_granted", 19470),
        ("settled", 19470),
        ("refused", 0),
        ("rejected", 0),
    ],
)
def test_a_refusal_gives_the_reservation_back(
    budget: GrantBudget, knock: Knock, head: Actor, outcome: str, left: int
) -> None:
    application = apply_for(knock)

    decide(head, Case.objects.get(), outcome)

    assert reserved(budget) == left
    row = GrantReservation.objects.get(application=application)
    assert (row.released_at is None) is bool(left)
    released = Entry.objects.filter(did="services.grant_released")
    assert released.count() == (0 if left else 1)


def test_whoever_withdraws_gives_the_reservation_back(
    budget: GrantBudget, knock: Knock, sophie: Person
) -> None:
    application = apply_for(knock)

    casework.withdraw(by=knock.by, case=application.case_id)

    assert reserved(budget) == 0
    [entry] = Entry.objects.filter(did="services.grant_released")
    assert (entry.about, entry.case) == ([sophie.pk], application.case_number)


def test_a_case_closed_without_a_decision_gives_the_reservation_back(
    budget: GrantBudget, knock: Knock, head: Actor
) -> None:
    apply_for(knock)
    case = Case.objects.get()

    casework.close(by=head, case=case.pk, seen=case.revision, why="Doppelt eingebracht")

    assert reserved(budget) == 0


def test_a_granted_case_that_is_closed_keeps_its_reservation(
    budget: GrantBudget, knock: Knock, head: Actor
) -> None:
    apply_for(knock)
    case = Case.objects.get()
    decide(head, case, "granted")
    case.refresh_from_db()

    casework.close(by=head, case=case.pk, seen=case.revision)

    assert reserved(budget) == 19470


def test_releasing_again_changes_nothing(budget: GrantBudget, knock: Knock, sophie: Person) -> None:
    first, _second = apply_for(knock), apply_for(knock)
    told = CaseWithdrawn(first.case_id, first.case_number, "solar", sophie.pk, "services")
    release_grant(told)
    row = GrantReservation.objects.get(application=first)

    release_grant(told)
    release_grant(
        CaseDecided(first.case_id, first.case_number, "solar", sophie.pk, "refused", "services")
    )

    assert reserved(budget) == 19470
    again = GrantReservation.objects.get(application=first)
    assert again.released_at == row.released_at
    assert Entry.objects.filter(did="services.grant_released").count() == 1


def amended(knock: Knock, application: Application, price: str) -> Application:
    ask_for_correction(application.case_id)
    draft = start_amendment(knock=knock, case=application.case_id)
    Draft.objects.filter(pk=draft).update(answers={"preis": price})
    return submit(knock=knock, draft=draft)


@pytest.mark.parametrize(("price", "cents"), [("100.00", 3000), ("800.00", 24000), ("0.00", 0)])
def test_an_amendment_reserves_what_it_says_now(
    budget: GrantBudget, knock: Knock, price: str, cents: int
) -> None:
    application = apply_for(knock)

    amended(knock, application, price)

    assert reserved(budget) == cents
    open_rows = GrantReservation.objects.filter(released_at=None)
    assert [row.cents for row in open_rows] == ([cents] if cents else [])


def test_an_amendment_beyond_the_budget_is_refused_and_the_reservation_stays(
    budget: GrantBudget, knock: Knock
) -> None:
    application = apply_for(knock)
    apply_for(knock)

    with pytest.raises(GrantExhausted):
        amended(knock, application, "800.00")

    assert reserved(budget) == 2 * 19470
    assert GrantReservation.objects.filter(released_at=None).count() == 2
    assert CaseContent.objects.filter(case_id=application.case_id).count() == 1


@pytest.fixture
def next_year() -> Iterator[int]:
    moment = datetime(today().year + 1, 1, 4, 9, tzinfo=VIENNA)
    with patch.object(clock, "now", return_value=moment):
        yield moment.year


def test_an_amendment_draws_on_the_year_of_its_case(
    budget: GrantBudget, knock: Knock, request: pytest.FixtureRequest
) -> None:
    application = apply_for(knock)
    later = request.getfixturevalue("next_year")
    other = fill_budget("500.00", later)

    amended(knock, amended(knock, application, "0.00"), "100.00")

    assert (reserved(budget), reserved(other)) == (3000, 0)


@pytest.mark.parametrize("cents", [-1, 40001])
def test_the_database_itself_refuses_more_than_there_is(budget: GrantBudget, cents: int) -> None:
    with pytest.raises(IntegrityError, match="grant_budget_holds"), transaction.atomic():
        GrantBudget.objects.filter(pk=budget.pk).update(reserved_cents=cents)

"""Which fee outlives a matter from which nothing comes."""

from datetime import date

import pytest
import time_machine
from tests.factories import make_clerk

from rathaus.accounts.queries import actor_of
from rathaus.audit.models import Act, Entry
from rathaus.cases import actions as casework
from rathaus.cases.decision_texts import DecisionText
from rathaus.cases.events import CaseWithdrawn
from rathaus.cases.models import Case
from rathaus.core.actor import SYSTEM, Actor
from rathaus.payments.models import Claim
from rathaus.services.actions.charging import let_fees_fall
from rathaus.services.actions.publishing import publish_form
from rathaus.services.actions.submitting import submit
from rathaus.services.draft_access import Knock
from rathaus.services.forms.loading import load_yaml
from rathaus.services.models import Application
from rathaus.services.tests.conftest import FLAT, FORM, Fill

pytestmark = pytest.mark.django_db

FEES = """fees:
  - {id: abgabe, label: Hundeabgabe, amount: "40.00"}
  - {id: gebuehr, label: Bundesgebühr, amount: "21.00", owed: decided}
  - {id: besuch, label: Besuch, amount: "12.00", owed: filed}
"""


@pytest.fixture
def application(fill: Fill, citizen: Knock) -> Application:
    publish_form(by=SYSTEM, document=load_yaml(FORM.replace(FLAT, FEES)))
    return submit(knock=citizen, draft=fill(citizen, complete=True).pk)


@pytest.fixture
def head() -> Actor:
    return actor_of(make_clerk("buergerservice", "cases.read", "cases.handle", "cases.decide"))


def standing() -> set[str]:
    return set(Claim.objects.filter(cancelled_at=None).values_list("key", flat=True))


@pytest.mark.parametrize(
    ("outcome", "owed"),
    [
        ("granted", {"abgabe", "gebuehr", "besuch"}),
        ("partly_granted", {"abgabe", "gebuehr", "besuch"}),
        ("settled", {"abgabe", "gebuehr", "besuch"}),
        ("refused", {"gebuehr", "besuch"}),
        ("rejected", {"gebuehr", "besuch"}),
    ],
)
def test_what_is_owed_after_a_decision(
    application: Application, head: Actor, outcome: str, owed: set[str]
) -> None:
    text = DecisionText(
        outcome=outcome,
        title="Bescheid",
        ruling="So ist es.",
        reasons="Weil es so ist.",
        remedy="Beschwerde binnen vier Wochen.",
    )
    casework.decide(by=head, case=application.case_id, text=text, seen=1)

    assert standing() == owed
    cancelled = Entry.objects.filter(did="payments.claim_cancelled", act=Act.CHANGE)
    assert [(entry.case, entry.why, entry.actor) for entry in cancelled] == [
        (application.case_number, "Aus dem Anliegen ist nichts geworden.", None)
    ] * (3 - len(owed))


@pytest.mark.parametrize(
    ("outcome", "due"),
    [
        ("granted", {"abgabe": "2027-02-01", "gebuehr": "2027-02-01", "besuch": "2026-12-28"}),
        ("refused", {"gebuehr": "2027-02-01", "besuch": "2026-12-28"}),
    ],
)
def test_what_a_decision_decides_about_is_due_a_month_after_it(
    fill: Fill, citizen: Knock, head: Actor, outcome: str, due: dict[str, str]
) -> None:
    with time_machine.travel("2026-11-27T09:00:00Z", tick=False):
        publish_form(by=SYSTEM, document=load_yaml(FORM.replace(FLAT, FEES)))
        application = submit(knock=citizen, draft=fill(citizen, complete=True).pk)
        before = dict(Claim.objects.values_list("key", "due_on"))
    text = DecisionText(
        outcome=outcome, title="Bescheid", ruling="So.", reasons="Darum.", remedy="Beschwerde."
    )
    with time_machine.travel("2026-12-30T09:00:00Z", tick=False):
        casework.decide(by=head, case=application.case_id, text=text, seen=1)

    assert before == {"abgabe": None, "gebuehr": None, "besuch": date(2026, 12, 28)}
    open_claims = Claim.objects.filter(cancelled_at=None)
    assert {claim.key: str(claim.due_on) for claim in open_claims} == due


def test_whoever_withdraws_owes_what_is_owed_for_filing(
    application: Application, citizen: Knock
) -> None:
    casework.withdraw(by=citizen.by, case=application.case_id)

    assert standing() == {"besuch"}


def test_so_does_whose_case_is_put_away_undecided(application: Application, head: Actor) -> None:
    casework.close(by=head, case=application.case_id, seen=1, why="Doppelt eingebracht")

    assert standing() == {"besuch"}


def test_closing_a_granted_case_changes_nothing(application: Application, head: Actor) -> None:
    text = DecisionText(outcome="granted", title="Bescheid", ruling="So ist es.")
    casework.decide(by=head, case=application.case_id, text=text, seen=1)
    casework.close(by=head, case=application.case_id, seen=Case.objects.get().revision)

    assert standing() == {"abgabe", "gebuehr", "besuch"}


def test_hearing_it_again_changes_nothing(application: Application, citizen: Knock) -> None:
    casework.withdraw(by=citizen.by, case=application.case_id)
    before = list(Claim.objects.order_by("pk").values_list("pk", "cancelled_at"))

    let_fees_fall(
        CaseWithdrawn(
            application.case_id, application.case_number, "hund", application.person_id, "services"
        )
    )

    assert list(Claim.objects.order_by("pk").values_list("pk", "cancelled_at")) == before


def test_a_paper_case_has_no_fees_to_let_go(application: Application, citizen: Knock) -> None:
    let_fees_fall(
        CaseWithdrawn(citizen.by.person, "HU-2026-999999", "hund", citizen.by.person, "paper")
    )

    assert standing() == {"abgabe", "gebuehr", "besuch"}

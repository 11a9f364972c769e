"""A decision begins what is owed each year, and a deregistration ends it, as the forms say."""

from datetime import date

import pytest
from tests.factories import make_clerk

from rathaus.accounts.queries import actor_of
from rathaus.cases import actions as casework
from rathaus.cases.decision_texts import DecisionText
from rathaus.cases.events import CaseDecided
from rathaus.cases.models import Case
from rathaus.core.actor import SYSTEM, Actor
from rathaus.core.documents.source import BadDocument
from rathaus.payments.models import Claim, Levy, LevyYear
from rathaus.payments.tests.levied import install
from rathaus.services.actions.levying import begin_levies, end_levies
from rathaus.services.actions.publishing import publish_form
from rathaus.services.actions.submitting import submit
from rathaus.services.draft_access import Knock
from rathaus.services.forms.loading import load_yaml
from rathaus.services.models import Application
from rathaus.services.tests.conftest import FLAT, FORM, Fill

pytestmark = pytest.mark.django_db

LEVY = "levy: {name: hundeabgabe, rate: familie, about: rufname}"
FEES = f"""fees:
  - {{id: abgabe, label: Hundeabgabe, amount: "40.00", {LEVY}}}
  - {{id: kaution, label: Kaution, amount: "100.00", kind: deposit}}
"""
ENDS = FLAT + "ends_levy: {number: rufname, day: geburt}\n"


@pytest.fixture(autouse=True)
def levies() -> None:
    install()


@pytest.fixture
def head() -> Actor:
    return actor_of(make_clerk("buergerservice", "cases.read", "cases.handle", "cases.decide"))


def apply(fill: Fill, citizen: Knock, lines: str) -> Application:
    publish_form(by=SYSTEM, document=load_yaml(FORM.replace(FLAT, lines)))
    return submit(knock=citizen, draft=fill(citizen, complete=True).pk)


def decide(application: Application, head: Actor, outcome: str) -> CaseDecided:
    text = DecisionText(
        outcome=outcome,
        title="Bescheid",
        ruling="So ist es.",
        reasons="Weil es so ist.",
        remedy="Beschwerde binnen vier Wochen.",
    )
    casework.decide(by=head, case=application.case_id, text=text, seen=1)
    case = Case.objects.get(pk=application.case_id)
    return CaseDecided(case.pk, case.number, "hund", case.applicant_id, outcome, case.origin)


def test_the_decision_begins_the_levy_with_the_fee_as_its_first_year(
    fill: Fill, citizen: Knock, head: Actor
) -> None:
    application = apply(fill, citizen, FEES)
    assert not Levy.objects.exists()
    kinds = dict(Claim.objects.values_list("key", "kind"))
    assert kinds == {"abgabe": "levy", "kaution": "deposit"}

    event = decide(application, head, "granted")
    begin_levies(event)  # heard again

    levy = Levy.objects.get()
    assert (levy.matter, levy.about, levy.rate, levy.debtor_id) == (
        application.case_number,
        "Bello",
        "familie",
        citizen.by.person,
    )
    years = LevyYear.objects.values_list("year", "cents", "with_matter")
    assert list(years) == [(levy.begins_on.year, 4000, True)]
    assert Claim.objects.count() == 2


@pytest.mark.parametrize("outcome", ["refused", "rejected"])
def test_what_is_not_granted_begins_nothing(
    fill: Fill, citizen: Knock, head: Actor, outcome: str
) -> None:
    decide(apply(fill, citizen, FEES), head, outcome)

    assert not Levy.objects.exists()


def test_a_deregistration_ends_the_levy_whose_number_it_names(
    fill: Fill, citizen: Knock, head: Actor
) -> None:
    decide(apply(fill, citizen, FEES), head, "granted")
    levy = Levy.objects.get()
    Levy.objects.update(number="BELLO", begins_on=date(2020, 1, 1))

    event = decide(apply(fill, citizen, ENDS), head, "settled")
    end_levies(event)

    levy.refresh_from_db()
    assert levy.ends_on == date(2020, 1, 1)  # the day named lies before it began


def test_a_form_says_only_what_can_be_levied() -> None:
    def reasons(lines: str) -> list[str]:
        try:
            load_yaml(FORM.replace(FLAT, lines))
        except BadDocument as refusal:
            return [mistake.reason for mistake in refusal.mistakes]
        return []

    assert reasons(FEES) == reasons(ENDS) == []
    assert reasons(FEES.replace("about: rufname", "about: geburt")) == [
        "„geburt“ ist kein Textfeld außerhalb einer Wiederholung"
    ]
    assert reasons(FEES.replace(LEVY, f"owed: filed, {LEVY}")) == [
        "eine Abgabe ist immer granted und hat weder per noch kind"
    ]
    assert reasons(ENDS.replace("geburt}", "name}").replace("rufname", "halter")) == [
        "„halter“ ist kein Textfeld außerhalb einer Wiederholung",
        "„name“ ist kein Datumsfeld außerhalb einer Wiederholung",
    ]

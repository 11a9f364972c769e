"""Amending: only while the office asks for it, and at the price of what is said now."""

from uuid import UUID

import pytest
from django.test import Client
from tests.factories import make_clerk, sign_in

from rathaus.accounts.models import Person
from rathaus.accounts.queries import actor_of
from rathaus.audit.models import Entry
from rathaus.cases import actions as casework
from rathaus.cases.decision_texts import DecisionText
from rathaus.cases.models import Case, CaseContent, CaseStep
from rathaus.core import events
from rathaus.core.actor import SYSTEM
from rathaus.core.clock import now
from rathaus.core.domain import begun_matters
from rathaus.payments.events import ClaimOverpaid
from rathaus.payments.models import Claim
from rathaus.services.actions.amending import start_amendment
from rathaus.services.actions.publishing import publish_form
from rathaus.services.actions.submitting import submit
from rathaus.services.draft_access import Knock
from rathaus.services.form_errors import AmendmentClosed
from rathaus.services.forms.loading import load_yaml
from rathaus.services.models import Application, Draft
from rathaus.services.tests.conftest import FLAT, FORM, Fill, ask_for_correction

pytestmark = pytest.mark.django_db

BY_OWNER = """fees:
  - {id: neu, label: Neuer Hund, amount: "48.00", when: {eq: [vorbesitz, false]}}
  - {id: alt, label: Hund mit Vorbesitz, amount: "180.00", when: {eq: [vorbesitz, true]}}
  - {id: marke, label: {de: Hundemarke, en: Dog tag}, amount: "4.50"}
"""


@pytest.fixture
def application(fill: Fill, citizen: Knock) -> Application:
    """Sent on a form whose fee depends on an answer."""
    publish_form(by=SYSTEM, document=load_yaml(FORM.replace(FLAT, BY_OWNER)))
    return submit(knock=citizen, draft=fill(citizen, complete=True).pk)


def amended(knock: Knock, case: UUID, *, second_hand: bool) -> Application:
    ask_for_correction(case)
    draft = Draft.objects.get(pk=start_amendment(knock=knock, case=case))
    draft.answers["vorbesitz"] = second_hand
    draft.answers["vorbesitzer"] = [{"halter": "Eva"}] if second_hand else []
    draft.save()
    return submit(knock=knock, draft=draft.pk)


def standing() -> dict[str, int]:
    return dict(Claim.objects.filter(cancelled_at=None).values_list("key", "cents"))


def test_each_fee_is_a_claim_of_its_own(application: Application) -> None:
    assert standing() == {"neu": 4800, "marke": 450}
    assert Claim.objects.get(key="marke").purpose == {"de": "Hundemarke", "en": "Dog tag"}


def test_an_amendment_costs_what_its_answers_cost(application: Application, citizen: Knock) -> None:
    tag = Claim.objects.get(key="marke")

    dearer = amended(citizen, application.case_id, second_hand=True)

    assert standing() == {"alt": 18000, "marke": 450}
    assert Claim.objects.get(key="marke", cancelled_at=None).pk == tag.pk
    assert [line["cents"] for line in dearer.fees] == [18000, 450]
    step = CaseStep.objects.get(kind="amended")
    assert step.text == "Gebühr: € 184,50 statt € 52,50"
    assert Entry.objects.get(did="cases.amended").why == step.text
    [cancelled] = Entry.objects.filter(did="payments.claim_cancelled")
    assert (cancelled.case, cancelled.about, cancelled.why) == (
        application.case_number,
        [citizen.by.person],
        "Die Angaben im Antrag haben sich geändert.",
    )


def test_an_amendment_that_costs_less_is_charged_less(
    application: Application, citizen: Knock
) -> None:
    amended(citizen, application.case_id, second_hand=True)
    amended(citizen, application.case_id, second_hand=False)

    assert standing() == {"neu": 4800, "marke": 450}
    assert Claim.objects.exclude(cancelled_at=None).count() == 2


def test_what_is_paid_counts_for_an_amendment(
    application: Application, citizen: Knock, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[ClaimOverpaid] = []
    events.connect(ClaimOverpaid, told.append)
    monkeypatch.setitem(events._listeners, ClaimOverpaid, [told.append])
    Claim.objects.filter(key="neu").update(settled_at=now())

    amended(citizen, application.case_id, second_hand=True)

    assert standing() == {"neu": 4800, "alt": 18000, "marke": 450}
    assert [(event.key, event.amount.cents) for event in told] == [("neu", 4800)]


@pytest.fixture
def decided(application: Application) -> Application:
    head = actor_of(make_clerk("buergerservice", "cases.read", "cases.handle", "cases.decide"))
    text = DecisionText(outcome="granted", title="Bescheid", ruling="So ist es.")
    case = Case.objects.get()
    casework.decide(by=head, case=case.pk, text=text, seen=case.revision)
    return application


@pytest.mark.parametrize("how", ["application", "decided"])
def test_without_a_correction_nothing_can_be_amended(
    how: str, citizen: Knock, request: pytest.FixtureRequest
) -> None:
    application = request.getfixturevalue(how)

    with pytest.raises(AmendmentClosed):
        start_amendment(knock=citizen, case=application.case_id)

    assert Draft.objects.filter(submitted_at=None).count() == 0
    assert (CaseContent.objects.count(), standing()) == (1, {"neu": 4800, "marke": 450})


def test_the_page_says_so_before_anything_is_filled_in(
    decided: Application, ada: Person, client: Client
) -> None:
    sign_in(client, ada)
    address = f"/antrag/aendern/{decided.case_id}/"

    shown, posted = client.get(address), client.post(address)

    assert (shown.status_code, posted.status_code) == (409, 409)
    page = shown.content.decode()
    assert "Ihre Angaben lassen sich gerade nicht ändern" in page
    assert "Antrag öffnen" not in page
    assert Draft.objects.filter(submitted_at=None).count() == 0


def test_an_amendment_that_nobody_waits_for_any_more_leads_back(
    application: Application, citizen: Knock, ada: Person, client: Client
) -> None:
    ask_for_correction(application.case_id)
    draft = start_amendment(knock=citizen, case=application.case_id)
    casework.answer_correction(by=citizen.by, case=application.case_id, text="Hier ist alles.")
    sign_in(client, ada)
    here, back = f"/antrag/entwurf/{draft}/", f"/antrag/aendern/{application.case_id}/"

    shown = [
        client.get(here + page).headers["Location"] for page in ("", "seite/hund/", "pruefen/")
    ]
    sent = client.post(f"{here}pruefen/", follow=True)

    assert shown == [back, back, back]
    assert (sent.redirect_chain[-1][0], sent.status_code) == (back, 409)
    assert CaseContent.objects.count() == 1
    assert Draft.objects.get(pk=draft).submitted_at is None


def test_an_amendment_stands_among_what_is_begun_while_somebody_waits_for_it(
    application: Application, citizen: Knock
) -> None:
    ask_for_correction(application.case_id)
    draft = start_amendment(knock=citizen, case=application.case_id)
    listed = [matter.address for matter in begun_matters(citizen.by)]
    casework.answer_correction(by=citizen.by, case=application.case_id, text="Hier ist alles.")

    assert listed == [f"/antrag/entwurf/{draft}/"]
    assert begun_matters(citizen.by) == []


def test_the_summary_of_an_amendment_shows_both_amounts(
    application: Application, citizen: Knock, ada: Person, client: Client
) -> None:
    ask_for_correction(application.case_id)
    draft = Draft.objects.get(pk=start_amendment(knock=citizen, case=application.case_id))
    sign_in(client, ada)
    address = f"/antrag/entwurf/{draft.pk}/pruefen/"
    unchanged = client.get(address).content.decode()
    draft.answers |= {"vorbesitz": True, "vorbesitzer": [{"halter": "Eva"}]}
    draft.save()

    changed = client.get(address).content.decode()
    sent = client.post(address, follow=True).content.decode()

    sentence = "Bisher waren es € 52,50, mit den geänderten Angaben sind es € 184,50."
    assert (sentence in unchanged, sentence in changed, sentence in sent) == (False, True, True)
    assert "Kostenpflichtig absenden" in changed
    assert "Hund mit Vorbesitz" in sent

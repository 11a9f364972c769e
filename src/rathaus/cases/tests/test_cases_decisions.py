"""Decisions and letters: delivered with their remedy, and final."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
import time_machine
from django.utils import timezone
from django.utils.translation import override
from tests.factories import make_clerk

from rathaus.accounts.models import Department
from rathaus.accounts.queries import actor_of
from rathaus.cases import actions, queries
from rathaus.cases.decision_faults import DecisionText, Fault, Found
from rathaus.cases.errors import DecisionFaulty, NothingWritten, NotPossibleNow
from rathaus.cases.models import Case, CaseStep, Decision
from rathaus.cases.phases import Phase
from rathaus.cases.sections import Row, Section
from rathaus.cases.tests.conftest import PROCEDURE
from rathaus.cases.tests.working import TEXT, state_of
from rathaus.core.actor import SYSTEM, Actor
from rathaus.core.errors import NotAllowed
from rathaus.core.files import read_file
from rathaus.core.models import OutgoingMail

pytestmark = pytest.mark.usefixtures("on_the_day")


def test_a_decision_is_delivered_with_its_remedy(
    case: Case, clerk: Actor, applicant: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[object] = []
    monkeypatch.setattr("rathaus.cases.actions.deciding.publish", heard.append)

    actions.decide(by=clerk, case=case.pk, text=TEXT, seen=1)

    case.refresh_from_db()
    decision = Decision.objects.select_related("document__stored").get(case=case)
    assert (case.phase, case.decided_at) == (Phase.DECIDED, timezone.now())
    assert decision.ruling == "Çağla Öztürk darf."
    assert decision.reasons == "Weil Bello lieb ist."
    assert decision.remedy_text == "Beschwerde an Magistrat."
    assert decision.remedy_until == date(2026, 10, 12)
    assert decision.document.visible_to_citizen
    assert read_file(decision.document.stored).startswith(b"%PDF-1.")
    mail = OutgoingMail.objects.get()
    assert mail.subject == f"Ihr Anliegen {case.number} ist entschieden"
    assert "darf" not in mail.text
    assert [type(event).__name__ for event in heard] == ["CaseDecided"]


def test_a_remedy_ends_as_its_template_says(case: Case, clerk: Actor) -> None:
    """A month of the law of taxes is longer than four weeks, and the head sees the law before."""
    taxes = """  - slug: abgabe
    name: {de: Abgabe vorschreiben}
    outcome: granted
    title: Bescheid
    ruling: Die Abgabe beträgt € 40,00.
    remedy: tax_complaint
"""
    actions.install_procedures(by=SYSTEM, text=PROCEDURE + taxes)
    text = queries.proposed_decision(by=clerk, case=case.pk, template="abgabe")
    assert text is not None
    actions.save_draft(by=clerk, case=case.pk, text=text, seen=1, is_finished=True)
    shown = queries.finished_decision(by=clerk, case=case.pk)

    actions.decide(by=clerk, case=case.pk, text=text, seen=2)

    decision = Decision.objects.get(case=case)
    assert decision.remedy_until == shown.remedy_until == date(2026, 10, 14)
    assert shown.remedy_basis == "§ 245 Abs. 1 BAO"
    assert "binnen eines Monats nach der Zustellung" in decision.remedy_text


def test_history_and_document_are_german_whatever_the_clerk_reads(
    case: Case, clerk: Actor, office: Department, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = actor_of(make_clerk(office, "cases.read", "cases.handle"))
    signed: list[str] = []
    with override("en"):
        actions.assign(by=clerk, case=case.pk, clerk=None, seen=1)
        with monkeypatch.context() as patched:
            patched.setattr(
                "rathaus.cases.actions.deciding.document",
                lambda *_case, signed_by, **_more: signed.append(signed_by) or b"",
            )
            actions.preview(by=writer, case=case.pk, text=TEXT)
        actions.decide(by=clerk, case=case.pk, text=TEXT, seen=2)

    told = CaseStep.objects.filter(case=case, kind__in=["assigned", "decided"]).order_by("at")
    assert [step.text for step in told] == ["an niemanden", "bewilligt"]
    assert signed == ["(noch nicht genehmigt)"]


def test_a_letter_has_no_remedy(case: Case, clerk: Actor) -> None:
    letter = DecisionText("settled", "Erledigung", "Ist erledigt.")

    actions.decide(by=clerk, case=case.pk, text=letter, seen=1)

    assert Decision.objects.get(case=case).remedy_until is None


def test_an_unknown_placeholder_is_named_and_nothing_decided(case: Case, clerk: Actor) -> None:
    before = state_of(case)
    text = replace(TEXT, ruling="{{ hundename }}")
    for action, more in ((actions.decide, {"seen": 1}), (actions.preview, {})):
        with pytest.raises(DecisionFaulty) as refusal:
            action(by=clerk, case=case.pk, text=text, **more)
        assert refusal.value.found == (Found("ruling", Fault.UNKNOWN_PLACEHOLDER, "hundename"),)
    assert state_of(case) == before


@pytest.mark.parametrize(
    ("changed", "part", "fault"),
    [
        ({"reasons": "[Bitte hier festhalten, was fehlt.]"}, "reasons", Fault.GAP),
        ({"ruling": "Ihr Hund {{ angaben.farbe }} …"}, "ruling", Fault.GAP),
        ({"outcome": "refused", "reasons": ""}, "reasons", Fault.NO_REASONS),
        ({"remedy": ""}, "remedy", Fault.NO_REMEDY),
        ({"ruling": " "}, "ruling", Fault.NOT_WRITTEN),
    ],
)
def test_a_faulty_decision_stays_inside(
    changed: dict[str, str], part: str, fault: Fault, case: Case, clerk: Actor
) -> None:
    before = state_of(case)

    with pytest.raises(DecisionFaulty) as refusal:
        actions.decide(by=clerk, case=case.pk, text=replace(TEXT, **changed), seen=1)

    assert [(found.part, found.fault) for found in refusal.value.found] == [(part, fault)]
    assert state_of(case) == before


def test_nobody_is_rejected_before_the_time_to_correct_has_run_out(
    case: Case, clerk: Actor
) -> None:
    rejection = replace(TEXT, outcome="rejected")
    actions.request_correction(by=clerk, case=case.pk, text="Bitte", seen=1)
    actions.set_state(by=clerk, case=case.pk, phase=Phase.EXAMINING, seen=2)
    before = state_of(case)

    with pytest.raises(DecisionFaulty) as refusal:
        actions.decide(by=clerk, case=case.pk, text=rejection, seen=3)

    assert refusal.value.found == (Found("outcome", Fault.TOO_EARLY, date(2026, 9, 28)),)
    assert state_of(case) == before
    with time_machine.travel("2026-09-29T08:00:00+00:00", tick=False):
        actions.decide(by=clerk, case=case.pk, text=rejection, seen=3)
    assert Decision.objects.get(case=case).outcome == "rejected"


def test_who_has_answered_may_be_rejected_at_once(
    case: Case, clerk: Actor, applicant: Actor
) -> None:
    actions.request_correction(by=clerk, case=case.pk, text="Bitte", seen=1)
    actions.answer_correction(by=applicant, case=case.pk, text="Mehr habe ich nicht.")

    actions.decide(by=clerk, case=case.pk, text=replace(TEXT, outcome="rejected"), seen=3)

    assert Decision.objects.get(case=case).outcome == "rejected"


def test_an_answer_cannot_smuggle_a_placeholder_in(
    file_case: Callable[..., Case], clerk: Actor
) -> None:
    case = file_case(
        sections=[Section("Hund", (Row("Rufname", "{{ anschrift }}", key="rufname"),))]
    )

    actions.decide(by=clerk, case=case.pk, text=TEXT, seen=1)

    assert Decision.objects.get(case=case).reasons == "Weil {{ anschrift }} lieb ist."


def test_a_preview_changes_nothing(case: Case, clerk: Actor, applicant: Actor) -> None:
    before = state_of(case)
    assert actions.preview(by=clerk, case=case.pk, text=TEXT).startswith(b"%PDF-1.")
    assert state_of(case) == before

    with pytest.raises(NotAllowed):
        actions.preview(by=applicant, case=case.pk, text=TEXT)


def test_what_is_decided_stays_decided(case: Case, clerk: Actor, applicant: Actor) -> None:
    actions.decide(by=clerk, case=case.pk, text=TEXT, seen=1)
    before = state_of(case)

    for attempt in (
        lambda: actions.decide(by=clerk, case=case.pk, text=TEXT, seen=2),
        lambda: actions.withdraw(by=applicant, case=case.pk),
        lambda: actions.request_correction(by=clerk, case=case.pk, text="doch noch", seen=2),
        lambda: actions.set_state(by=clerk, case=case.pk, phase=Phase.EXAMINING, seen=2),
        lambda: actions.amend_case(by=applicant, case=case.pk, sections=[]),
    ):
        with pytest.raises(NotPossibleNow):
            attempt()
        assert state_of(case) == before

    actions.close(by=clerk, case=case.pk, seen=2)
    case.refresh_from_db()
    assert case.phase == Phase.CLOSED


def test_closing_without_a_decision_needs_a_reason(case: Case, clerk: Actor) -> None:
    with pytest.raises(NothingWritten):
        actions.close(by=clerk, case=case.pk, seen=1)

    actions.close(by=clerk, case=case.pk, seen=1, why="Doppelt eingebracht")

    assert CaseStep.objects.get(case=case, kind="closed").text == "Doppelt eingebracht"

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from rathaus.audit.models import Entry
from rathaus.cases import actions
from rathaus.cases.decision_faults import DecisionText, Fault, Found
from rathaus.cases.errors import (
    AlreadyAssigned,
    ChangedMeanwhile,
    CorrectionStillOpen,
    DecisionFaulty,
    NoSuchClerk,
    NothingWritten,
    NotPossibleNow,
    TextTooLong,
    TooManyFiles,
    UnknownState,
)
from rathaus.cases.models import (
    Case,
    CaseFile,
    CaseStep,
    CorrectionRequest,
    Decision,
    Message,
    Note,
    Suspension,
)
from rathaus.cases.phases import Phase
from rathaus.core.actor import ANONYMOUS, Actor
from rathaus.core.errors import NotAllowed, NotFound
from rathaus.core.files import read_file
from rathaus.core.models import OutgoingMail

TEXT = DecisionText(
    "granted",
    "Bescheid",
    "{{ name }} darf.",
    "Weil {{ angaben.rufname }} lieb ist.",
    "Beschwerde an {{ behörde }}.",
)


@pytest.fixture(autouse=True)
def on_the_day() -> None:
    with time_machine.travel("2026-09-14T08:00:00+00:00", tick=False):
        yield


def state_of(case: Case) -> tuple[object, ...]:
    """Everything about a case that a refused action must leave alone."""
    case.refresh_from_db()
    return (
        case.phase,
        case.revision,
        case.assigned_to_id,
        case.state_id,
        Message.objects.count(),
        Note.objects.count(),
        CaseStep.objects.count(),
        CorrectionRequest.objects.count(),
        Decision.objects.count(),
        CaseFile.objects.count(),
        OutgoingMail.objects.count(),
    )


# What each action needs besides `by` and `case`.
STAFF_ACTIONS: dict[str, tuple[Callable[..., None], dict[str, object]]] = {
    "take": (actions.take, {}),
    "assign": (actions.assign, {"clerk": None, "seen": 1}),
    "forward_case": (
        actions.forward_case,
        {"department": "veterinaeramt", "why": "Tier", "seen": 1},
    ),
    "set_state": (actions.set_state, {"phase": Phase.EXAMINING, "seen": 1}),
    "write_note": (actions.write_note, {"text": "Notiz"}),
    "send_message": (actions.send_message, {"text": "Hallo"}),
    "request_correction": (actions.request_correction, {"text": "Fehlt", "seen": 1}),
    "decide": (actions.decide, {"text": TEXT, "seen": 1}),
    "close": (actions.close, {"why": "erledigt", "seen": 1}),
}


@pytest.mark.parametrize("name", STAFF_ACTIONS)
def test_clerks_of_the_department_act_and_others_find_nothing(
    name: str, case: Case, clerk: Actor, foreign_clerk: Actor, stranger: Actor
) -> None:
    action, needs = STAFF_ACTIONS[name]
    before = state_of(case)

    for outsider in (foreign_clerk, stranger, ANONYMOUS):
        with pytest.raises(NotFound) as refusal:
            action(by=outsider, case=case.pk, **needs)
        assert refusal.value.attempted is not None
        assert refusal.value.attempted.case == case.number
        assert list(refusal.value.attempted.about) == [case.applicant_id]
    assert state_of(case) == before

    action(by=clerk, case=case.pk, **needs)
    assert state_of(case) != before


@pytest.mark.parametrize("name", sorted(set(STAFF_ACTIONS) - {"send_message"}))
def test_the_applicant_does_nothing_that_is_the_office_s(
    name: str, case: Case, applicant: Actor
) -> None:
    action, needs = STAFF_ACTIONS[name]
    before = state_of(case)

    with pytest.raises((NotAllowed, NotFound)):
        action(by=applicant, case=case.pk, **needs)

    assert state_of(case) == before


@pytest.mark.parametrize("name", STAFF_ACTIONS)
def test_reading_alone_changes_nothing(name: str, case: Case, reader: Actor) -> None:
    action, needs = STAFF_ACTIONS[name]
    before = state_of(case)

    with pytest.raises(NotAllowed):
        action(by=reader, case=case.pk, **needs)

    assert state_of(case) == before


@pytest.mark.parametrize("name", sorted(set(STAFF_ACTIONS)))
def test_each_action_leaves_one_entry_about_the_applicant(
    name: str, case: Case, clerk: Actor
) -> None:
    action, needs = STAFF_ACTIONS[name]
    earlier = set(Entry.objects.values_list("seq", flat=True))

    action(by=clerk, case=case.pk, **needs)

    new = Entry.objects.exclude(seq__in=earlier).filter(act="change")
    assert [(entry.case, entry.about) for entry in new] == [(case.number, [case.applicant_id])]


def test_only_the_first_of_two_clerks_takes_it(case: Case, clerk: Actor, colleague: Actor) -> None:
    actions.take(by=clerk, case=case.pk)
    actions.take(by=clerk, case=case.pk)

    with pytest.raises(AlreadyAssigned):
        actions.take(by=colleague, case=case.pk)

    case.refresh_from_db()
    assert (case.assigned_to_id, case.revision) == (clerk.person, 2)


def test_a_case_is_assigned_within_its_department(
    case: Case, clerk: Actor, colleague: Actor, foreign_clerk: Actor
) -> None:
    with pytest.raises(NoSuchClerk):
        actions.assign(by=clerk, case=case.pk, clerk=foreign_clerk.person, seen=1)

    actions.assign(by=clerk, case=case.pk, clerk=colleague.person, seen=1)

    case.refresh_from_db()
    assert case.assigned_to_id == colleague.person
    assert CaseStep.objects.get(case=case, kind="assigned").text == colleague.name


@pytest.mark.parametrize("name", ["assign", "set_state", "request_correction", "decide", "close"])
def test_nobody_overwrites_what_they_have_not_seen(
    name: str, case: Case, clerk: Actor, colleague: Actor
) -> None:
    action, needs = STAFF_ACTIONS[name]
    actions.write_note(by=colleague, case=case.pk, text="Ich rufe gerade an.")
    before = state_of(case)

    with pytest.raises(ChangedMeanwhile) as refusal:
        action(by=clerk, case=case.pk, **needs)

    assert (refusal.value.case, refusal.value.seen) == (case.pk, 1)
    assert state_of(case) == before
    action(by=clerk, case=case.pk, **{**needs, "seen": 2})


def test_a_state_belongs_to_its_phase(case: Case, clerk: Actor) -> None:
    with pytest.raises(UnknownState):
        actions.set_state(by=clerk, case=case.pk, state="tierarzt", seen=1)
    actions.set_state(by=clerk, case=case.pk, phase=Phase.EXAMINING, seen=1)

    actions.set_state(by=clerk, case=case.pk, state="tierarzt", seen=2)

    case.refresh_from_db()
    assert case.state is not None
    assert (case.phase, case.state.slug) == (Phase.EXAMINING, "tierarzt")
    steps = CaseStep.objects.filter(case=case, kind="state")
    assert [step.text for step in steps] == [
        "Eingelangt → In Prüfung",
        "In Prüfung → Bei der Tierärztin",
    ]


@pytest.mark.parametrize("phase", [phase for phase in Phase if phase is not Phase.EXAMINING])
def test_a_status_is_no_way_around_the_other_actions(
    phase: Phase, case: Case, clerk: Actor
) -> None:
    with pytest.raises(NotPossibleNow):
        actions.set_state(by=clerk, case=case.pk, phase=phase, seen=1)


def test_messages_go_both_ways_with_files(
    case: Case, clerk: Actor, applicant: Actor, some_pdf: bytes
) -> None:
    actions.take(by=clerk, case=case.pk)
    upload = SimpleUploadedFile("Impfpass.pdf", some_pdf)

    actions.send_message(by=applicant, case=case.pk, text="Hier der Impfpass", uploads=[upload])
    actions.send_message(by=clerk, case=case.pk, text="Danke!")

    there, back = Message.objects.filter(case=case)
    assert (there.direction, there.text) == ("to_office", "Hier der Impfpass")
    assert (back.direction, back.office) == ("to_citizen", clerk.office)
    file = there.files.get()
    assert (file.label, file.from_citizen, read_file(file.stored)) == (
        "Impfpass.pdf",
        True,
        some_pdf,
    )
    subjects = [mail.subject for mail in OutgoingMail.objects.order_by("created_at")]
    assert subjects == [
        f"Neues im Anliegen {case.number}",
        f"Neue Nachricht zu Ihrem Anliegen {case.number}",
    ]
    assert all("Impfpass" not in mail.text for mail in OutgoingMail.objects.all())


@pytest.mark.parametrize(
    ("text", "error"), [("  \x00 ", NothingWritten), ("x" * 20_001, TextTooLong)]
)
def test_a_message_says_something_of_bearable_length(
    text: str, error: type[Exception], case: Case, applicant: Actor
) -> None:
    before = state_of(case)
    with pytest.raises(error):
        actions.send_message(by=applicant, case=case.pk, text=text)
    assert state_of(case) == before


def test_a_message_carries_ten_files_at_most(case: Case, applicant: Actor) -> None:
    files = [SimpleUploadedFile(f"{number}.pdf", b"never read") for number in range(11)]
    before = state_of(case)

    with pytest.raises(TooManyFiles):
        actions.send_message(by=applicant, case=case.pk, text="", uploads=files)

    assert state_of(case) == before


def test_a_correction_has_its_own_deadline_and_stops_the_clock(
    case: Case, clerk: Actor, applicant: Actor
) -> None:
    actions.request_correction(
        by=clerk, case=case.pk, text="Bitte nachreichen", items=[" Impfpass ", ""], seen=1
    )

    request = CorrectionRequest.objects.get(case=case)
    assert (request.due_on, request.items) == (date(2026, 9, 28), ["Impfpass"])
    assert (request.basis, request.suspends) == ("§ 13 Abs. 3 AVG", True)
    case.refresh_from_db()
    assert (case.phase, case.suspended_since) == (Phase.INCOMPLETE, date(2026, 9, 14))
    with pytest.raises(CorrectionStillOpen):
        actions.request_correction(by=clerk, case=case.pk, text="Noch was", seen=2)

    with time_machine.travel("2026-09-24T08:00:00+00:00", tick=False):
        actions.answer_correction(by=applicant, case=case.pk, text="Anbei", uploads=[])

    case.refresh_from_db()
    request.refresh_from_db()
    assert (case.phase, case.suspended_since) == (Phase.EXAMINING, None)
    assert (request.answer, request.closed_at == request.answered_at) == ("Anbei", True)
    suspension = Suspension.objects.get(case=case)
    assert (suspension.starts_on, suspension.ends_on) == (date(2026, 9, 14), date(2026, 9, 24))
    assert case.due_on == date(2027, 3, 22)  # 12 March 2027 and ten days that did not count


def test_only_the_applicant_answers_and_only_once(
    case: Case, clerk: Actor, applicant: Actor
) -> None:
    with pytest.raises(NotPossibleNow):
        actions.answer_correction(by=applicant, case=case.pk, text="ungefragt")
    actions.request_correction(by=clerk, case=case.pk, text="Bitte", seen=1)
    with pytest.raises(NotAllowed):
        actions.answer_correction(by=clerk, case=case.pk, text="für sie")
    with pytest.raises(NothingWritten):
        actions.answer_correction(by=applicant, case=case.pk, text=" ")
    actions.answer_correction(by=applicant, case=case.pk, text="da")

    with pytest.raises(NotPossibleNow):
        actions.answer_correction(by=applicant, case=case.pk, text="noch einmal")


def test_an_office_that_goes_on_alone_may_ask_again_later(case: Case, clerk: Actor) -> None:
    actions.request_correction(by=clerk, case=case.pk, text="Bitte", seen=1)
    actions.set_state(by=clerk, case=case.pk, phase=Phase.EXAMINING, seen=2)

    actions.request_correction(by=clerk, case=case.pk, text="Bitte noch das", seen=3)

    assert CorrectionRequest.objects.filter(case=case, closed_at=None).count() == 1


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
    from rathaus.cases.sections import Row, Section

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


def test_reading_marks_only_the_other_side_s_messages(
    case: Case, clerk: Actor, applicant: Actor
) -> None:
    actions.send_message(by=clerk, case=case.pk, text="Guten Tag")
    actions.send_message(by=applicant, case=case.pk, text="Hallo")

    actions.mark_read(by=applicant, case=case.pk)

    to_citizen, to_office = Message.objects.filter(case=case)
    assert to_citizen.read_at == timezone.now()
    assert to_office.read_at is None


def test_the_warning_begins_when_the_deadline_comes_near(
    file_case: Callable[..., Case],
) -> None:
    long_ago = timezone.now() - timedelta(days=200)

    assert file_case(submitted_at=long_ago).level == 3

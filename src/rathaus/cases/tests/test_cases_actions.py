"""What staff do with a case: who may, who was faster, what nobody has seen is not overwritten."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from rathaus.audit.models import Entry
from rathaus.cases import actions
from rathaus.cases.errors import (
    AlreadyAssigned,
    ChangedMeanwhile,
    NoSuchClerk,
    NotPossibleNow,
    UnknownState,
)
from rathaus.cases.models import Case, CaseStep
from rathaus.cases.phases import Phase
from rathaus.cases.tests.working import TEXT, state_of
from rathaus.core.actor import ANONYMOUS, Actor
from rathaus.core.errors import NotAllowed, NotFound

pytestmark = pytest.mark.usefixtures("on_the_day")

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
    assert CaseStep.objects.get(case=case, kind="assigned").text == f"an {colleague.name}"


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


def test_the_warning_begins_when_the_deadline_comes_near(
    file_case: Callable[..., Case],
) -> None:
    long_ago = timezone.now() - timedelta(days=200)

    assert file_case(submitted_at=long_ago).level == 3

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
import time_machine

from rathaus.accounts.models import Person
from rathaus.cases import actions
from rathaus.cases.actions.sweeping import Swept
from rathaus.cases.jobs import sweep
from rathaus.cases.models import Case, CorrectionRequest
from rathaus.core.actor import SYSTEM, Actor
from rathaus.core.errors import NotAllowed
from rathaus.core.models import OutgoingMail

FILED = datetime(2026, 9, 1, 10, tzinfo=UTC)  # due on 1 March 2027


@pytest.fixture
def mine(file_case: Callable[..., Case], clerk: Actor) -> Case:
    with time_machine.travel("2026-09-01T10:00:00+00:00"):
        case = file_case(submitted_at=FILED)
        actions.take(by=clerk, case=case.pk)
    return case


def sweep_on(day: str) -> Swept:
    with time_machine.travel(f"{day}T00:05:00+01:00"):
        return actions.sweep_deadlines(by=SYSTEM)


def level(case: Case) -> int:
    case.refresh_from_db()
    return case.level


def test_each_level_is_raised_and_told_once(mine: Case, clerk: Actor) -> None:
    assert mine.due_on == date(2027, 3, 1)
    nothing, raised = Swept(0, 0, 0), Swept(1, 1, 0)
    story = [
        ("2026-12-30", nothing, 0),
        ("2026-12-31", raised, 1),
        ("2026-12-31", nothing, 1),
        ("2027-02-10", nothing, 1),
        ("2027-02-11", raised, 2),
        ("2027-03-01", nothing, 2),
        ("2027-03-02", raised, 3),
        ("2027-03-03", nothing, 3),
    ]
    for day, swept, wanted in story:
        assert (day, sweep_on(day), level(mine)) == (day, swept, wanted)

    mails = OutgoingMail.objects.order_by("created_at")
    assert [mail.recipient for mail in mails] == [Person.objects.get(pk=clerk.person).email] * 3
    assert all(mine.number in mail.text for mail in mails)
    assert all(mine.title not in mail.text for mail in mails)


def test_one_mail_names_all_cases_worst_first(
    mine: Case, file_case: Callable[..., Case], clerk: Actor
) -> None:
    with time_machine.travel("2026-09-20T10:00:00+00:00"):
        later = file_case(submitted_at=datetime(2026, 9, 20, 10, tzinfo=UTC))
        actions.take(by=clerk, case=later.pk)

    assert sweep_on("2027-03-02") == Swept(changed=2, told=1, lapsed=0)

    text = OutgoingMail.objects.get().text
    assert text.index(mine.number) < text.index(later.number)


def test_the_cases_of_nobody_are_told_to_those_who_assign(
    file_case: Callable[..., Case], clerk: Actor, foreign_clerk: Actor, reader: Actor
) -> None:
    with time_machine.travel("2026-09-01T10:00:00+00:00"):
        case = file_case(submitted_at=FILED)
        later = file_case(submitted_at=datetime(2026, 9, 20, 10, tzinfo=UTC))
        elsewhere = file_case(submitted_at=FILED, department="veterinaeramt")
    OutgoingMail.objects.all().delete()

    assert sweep_on("2027-03-02") == Swept(changed=3, told=2, lapsed=0)
    assert sweep_on("2027-03-02") == Swept(changed=0, told=0, lapsed=0)

    assert level(case) == 3
    told = {mail.recipient: mail for mail in OutgoingMail.objects.all()}
    people = Person.objects.in_bulk([clerk.person, foreign_clerk.person])
    assert set(told) == {person.email for person in people.values()}
    mail = told[people[clerk.person].email]
    assert mail.subject == "Anliegen ohne Zuständige: Fristen rücken näher"
    assert mail.text.index(case.number) < mail.text.index(later.number)
    assert elsewhere.number not in mail.text
    assert case.title not in mail.text


def test_the_ladder_is_that_of_the_case_s_own_period(mine: Case) -> None:
    """Running cases keep their period when the procedure gets a shorter one."""
    mine.procedure.document["deadline"] = {"days": 5, "basis": "neu"}
    mine.procedure.save()

    sweep_on("2026-12-31")

    assert level(mine) == 1


def test_what_rests_or_is_done_does_not_rise(
    mine: Case, file_case: Callable[..., Case], clerk: Actor
) -> None:
    with time_machine.travel("2026-09-01T10:00:00+00:00"):
        resting = file_case(submitted_at=FILED)
        actions.request_correction(by=clerk, case=resting.pk, text="Bitte", seen=1)
        actions.close(by=clerk, case=mine.pk, seen=2, why="doppelt")

    swept = sweep_on("2027-03-02")

    assert (swept.changed, level(mine), level(resting)) == (0, 0, 0)


def test_an_unanswered_correction_is_told_once(mine: Case, clerk: Actor) -> None:
    with time_machine.travel("2026-09-14T10:00:00+00:00"):
        actions.request_correction(by=clerk, case=mine.pk, text="Bitte", seen=2)
    OutgoingMail.objects.all().delete()

    assert sweep_on("2026-09-28").lapsed == 0
    assert sweep_on("2026-09-29").lapsed == 1
    assert sweep_on("2026-09-30").lapsed == 0

    assert CorrectionRequest.objects.get(case=mine).lapsed_at is not None
    mail = OutgoingMail.objects.get()
    assert mail.subject == "Ergänzungen sind ausgeblieben"
    assert mine.number in mail.text


def test_the_warnings_of_a_procedure_are_its_own(mine: Case) -> None:
    procedure = mine.procedure
    procedure.document["warning"] = {"soon": 60, "urgent": 40}
    procedure.save()

    sweep_on("2027-01-20")

    assert level(mine) == 2


def test_a_level_falls_when_the_ladder_changes_and_nobody_is_told(mine: Case) -> None:
    sweep_on("2027-02-10")
    OutgoingMail.objects.all().delete()
    mine.procedure.document["warning"] = {"soon": 3, "urgent": 1}
    mine.procedure.save()

    assert sweep_on("2027-02-10") == Swept(changed=1, told=0, lapsed=0)

    assert level(mine) == 0
    assert not OutgoingMail.objects.exists()


def test_only_the_machine_sweeps(clerk: Actor) -> None:
    with pytest.raises(NotAllowed):
        actions.sweep_deadlines(by=clerk)


def test_the_nightly_job_sweeps(mine: Case) -> None:
    with time_machine.travel("2027-03-02T00:05:00+01:00"):
        sweep(timestamp=0)

    assert level(mine) == 3

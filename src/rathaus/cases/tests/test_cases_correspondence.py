"""Messages both ways, corrections with their deadline, and what counts as read."""

from datetime import date

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from rathaus.cases import actions, queries
from rathaus.cases.errors import (
    CorrectionStillOpen,
    NothingSaid,
    NothingWritten,
    NotPossibleNow,
    TextTooLong,
    TooManyFiles,
)
from rathaus.cases.models import (
    Case,
    CorrectionRequest,
    Message,
    Suspension,
)
from rathaus.cases.phases import Phase
from rathaus.cases.tests.working import state_of
from rathaus.core.actor import Actor
from rathaus.core.errors import NotAllowed
from rathaus.core.files import read_file
from rathaus.core.models import OutgoingMail

pytestmark = pytest.mark.usefixtures("on_the_day")


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


def test_answers_stand_among_the_messages_in_their_order(
    case: Case, clerk: Actor, applicant: Actor
) -> None:
    actions.send_message(by=applicant, case=case.pk, text="Guten Tag")
    actions.request_correction(by=clerk, case=case.pk, text="Bitte Impfpass", seen=2)
    actions.answer_correction(by=applicant, case=case.pk, text="Hier ist er")
    with time_machine.travel("2026-09-15T08:00:00+00:00", tick=False):
        actions.send_message(by=clerk, case=case.pk, text="Danke!")

    view = queries.own_case(by=applicant, case=case.pk)

    assert [(message.text, bool(message.answers)) for message in view.messages] == [
        ("Guten Tag", False),
        ("Hier ist er", True),
        ("Danke!", False),
    ]


@pytest.mark.parametrize(("text", "error"), [("  \x00 ", NothingSaid), ("x" * 20_001, TextTooLong)])
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


def test_reading_marks_only_the_other_side_s_messages(
    case: Case, clerk: Actor, applicant: Actor
) -> None:
    actions.send_message(by=clerk, case=case.pk, text="Guten Tag")
    actions.send_message(by=applicant, case=case.pk, text="Hallo")

    actions.mark_read(by=applicant, case=case.pk)

    to_citizen, to_office = Message.objects.filter(case=case)
    assert to_citizen.read_at == timezone.now()
    assert to_office.read_at is None

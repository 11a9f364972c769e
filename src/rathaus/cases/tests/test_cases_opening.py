from collections.abc import Callable
from datetime import date

import pytest

from rathaus.accounts.models import Department
from rathaus.audit.models import Entry
from rathaus.cases import actions
from rathaus.cases.deadlines import Period, Unit
from rathaus.cases.errors import NotPossibleNow, UnknownDepartment, UnknownProcedure
from rathaus.cases.events import CaseOpened
from rathaus.cases.models import Case, CaseContent, CaseFile, CaseStep
from rathaus.cases.phases import Phase
from rathaus.cases.sections import Attachment, Row, Section
from rathaus.core.actor import SYSTEM, Actor
from rathaus.core.errors import NotAllowed
from rathaus.core.files import store
from rathaus.core.models import OutgoingMail


def test_a_case_gets_number_office_and_deadline(
    case: Case, office: Department, applicant: Actor
) -> None:
    assert case.number == "HU-2026-000001"
    assert case.department_id == office.pk
    assert case.phase == Phase.RECEIVED
    assert case.applicant_id == applicant.person
    assert case.applicant_name == "Çağla Öztürk"
    assert case.received_on == date(2026, 9, 12)
    assert case.period == Period(6, Unit.MONTHS, "§ 73 Abs. 1 AVG")
    assert case.due_on == date(2027, 3, 12)
    assert case.revision == 1
    assert [step.kind for step in CaseStep.objects.filter(case=case)] == ["opened"]
    content = CaseContent.objects.get(case=case)
    assert content.version == 1
    assert content.sections[0]["rows"][0] == {
        "label": "Rufname",
        "value": "Bello",
        "kind": "text",
        "key": "rufname",
    }
    entry = Entry.objects.get(case=case.number)
    assert (entry.did, entry.about) == ("cases.opened", [applicant.person])


def test_numbers_run_on_within_prefix_and_year(file_case: Callable[..., Case]) -> None:
    assert [file_case().number, file_case().number] == ["HU-2026-000001", "HU-2026-000002"]


def test_an_answer_decides_where_the_case_goes(
    file_case: Callable[..., Case], vets: Department
) -> None:
    dangerous = [Section("Ihr Hund", (Row("Gefährlich", "ja", key="gefaehrlich"),))]

    assert file_case(sections=dangerous).department_id == vets.pk


def test_a_named_department_overrules_the_routing(
    file_case: Callable[..., Case], vets: Department
) -> None:
    assert file_case(department="veterinaeramt").department_id == vets.pk


def test_nobody_opens_a_case_for_somebody_else(
    file_case: Callable[..., Case], stranger: Actor, foreign_clerk: Actor, clerk: Actor
) -> None:
    for outsider in (stranger, foreign_clerk):
        with pytest.raises(NotAllowed):
            file_case(by=outsider)
    assert Case.objects.count() == 0

    assert file_case(by=clerk).phase == Phase.RECEIVED


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"procedure": "katze"}, UnknownProcedure),
        ({"department": "mondamt"}, UnknownDepartment),
    ],
)
def test_unknown_names_open_nothing(
    file_case: Callable[..., Case], wrong: dict[str, str], error: type[Exception]
) -> None:
    with pytest.raises(error):
        file_case(**wrong)
    assert Case.objects.count() == 0


def test_others_hear_of_it(
    file_case: Callable[..., Case], monkeypatch: pytest.MonkeyPatch, applicant: Actor
) -> None:
    heard: list[object] = []
    monkeypatch.setattr("rathaus.cases.actions.opening.publish", heard.append)

    case = file_case()

    assert heard == [
        CaseOpened(case.pk, case.number, "hund", case.applicant_id, case.department_id, "services")
    ]


def test_an_amendment_is_a_new_version(case: Case, applicant: Actor, clerk: Actor) -> None:
    actions.request_correction(by=clerk, case=case.pk, text="Wie heißt er?", seen=1)
    asked_at = CaseStep.objects.get(kind="correction_requested").at

    actions.amend_case(
        by=applicant,
        case=case.pk,
        sections=[Section("Ihr Hund", (Row("Rufname", "Rex"),))],
        note="Gebühr: € 40,00 statt € 20,00",
    )

    versions = CaseContent.objects.filter(case=case).order_by("version")
    assert [content.sections[0]["rows"][0]["value"] for content in versions] == ["Bello", "Rex"]
    case.refresh_from_db()
    assert case.revision == 3
    step = CaseStep.objects.get(kind="amended")
    assert asked_at < versions[1].at <= step.at
    assert (step.text, step.public) == ("Gebühr: € 40,00 statt € 20,00", True)


def test_nobody_amends_what_the_office_has_not_asked_about(case: Case, applicant: Actor) -> None:
    with pytest.raises(NotPossibleNow):
        actions.amend_case(by=applicant, case=case.pk, sections=[])

    case.refresh_from_db()
    assert (case.revision, CaseContent.objects.filter(case=case).count()) == (1, 1)


def test_withdrawing_ends_the_case_without_a_warning(
    case: Case, applicant: Actor, clerk: Actor
) -> None:
    with pytest.raises(NotAllowed):
        actions.withdraw(by=clerk, case=case.pk)

    actions.withdraw(by=applicant, case=case.pk, why="Hund verzogen")

    case.refresh_from_db()
    assert (case.phase, case.level) == (Phase.WITHDRAWN, 0)


def test_mails_speak_the_language_of_the_applicant_and_lead_to_the_portal(
    file_case: Callable[..., Case], clerk: Actor
) -> None:
    english, german = file_case(language="en"), file_case()
    for case in (english, german):
        actions.send_message(by=clerk, case=case.pk, text="Guten Tag")
        actions.request_correction(by=clerk, case=case.pk, text="Bitte ergänzen", seen=2)

    mails = {mail.subject: mail.text for mail in OutgoingMail.objects.all()}
    assert sorted(mails) == sorted(
        [
            f"New message about your case {english.number}",
            f"Neue Nachricht zu Ihrem Anliegen {german.number}",
            f"Please add the missing information to your case {english.number}",
            f"Bitte ergänzen Sie Ihr Anliegen {german.number}",
        ]
    )
    for text in mails.values():
        assert "\n\nhttp://testserver/meine-anliegen/\n" in text
        assert str(english.pk) not in text
        assert str(german.pk) not in text


def test_what_was_filed_is_the_applicant_s_whoever_records_it(
    file_case: Callable[..., Case], clerk: Actor, some_pdf: bytes
) -> None:
    stored = store(some_pdf, name="Antrag.pdf")

    for by in (clerk, SYSTEM):
        case = file_case(by=by, files=[Attachment(stored.pk, "Antrag")], origin="paper")
        assert CaseFile.objects.get(case=case).from_citizen

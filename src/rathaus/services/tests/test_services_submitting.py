"""From draft to case: once, complete, and by somebody who may."""

import pytest
from tests.factories import make_citizen, make_guest

from rathaus.accounts.queries import actor_of
from rathaus.audit.models import Entry
from rathaus.cases.models import Case, CaseContent, CaseFile, CaseStep
from rathaus.core.actor import SYSTEM
from rathaus.core.errors import NotFound
from rathaus.core.models import OutgoingMail
from rathaus.payments.models import Claim
from rathaus.services.actions.amending import start_amendment
from rathaus.services.actions.drafts import claim_draft
from rathaus.services.actions.publishing import publish_form
from rathaus.services.actions.submitting import submit
from rathaus.services.draft_access import Knock
from rathaus.services.form_errors import NotComplete, SignInFirst
from rathaus.services.forms.document import as_json
from rathaus.services.models import Application, Draft
from rathaus.services.tests.conftest import ask_for_correction


def test_a_complete_draft_becomes_one_case_with_everything_in_it(fill, citizen, ada):
    draft = fill(citizen, complete=True)

    application = submit(knock=citizen, draft=draft.pk)

    case = Case.objects.get()
    assert (application.case_id, application.case_number) == (case.pk, case.number)
    assert (case.title, case.applicant_id, case.origin) == ("Hund anmelden", ada.pk, "services")
    [content] = CaseContent.objects.filter(case=case)
    rows = {row["key"]: row["value"] for section in content.sections for row in section["rows"]}
    assert rows == {
        "name": "Ada Lovelace",
        "geburt": "10.12.1985",
        "adresse": "Rathausplatz 5, 4890 Lindenfurt",
        "rufname": "Bello",
        "vorbesitz": "Nein",
        "nachweis": "polizze.png",
        "richtig": "Ja",
    }
    assert [file.label for file in CaseFile.objects.all()] == ["Versicherung: polizze.png"]
    [claim] = Claim.objects.all()
    assert (claim.cents, claim.debtor_id, claim.reference) == (4000, ada.pk, case.number)
    assert claim.purpose == {"de": "Hundeabgabe"}
    assert application.fees == [
        {
            "id": "abgabe",
            "label": {"de": "Hundeabgabe"},
            "cents": 4000,
            "owed": "granted",
            "days": None,
            "kind": "fee",
            "levy": None,
        }
    ]
    [mail] = OutgoingMail.objects.all()
    assert (mail.recipient, mail.subject) == (ada.email, f"Eingelangt: {case.number}")
    assert "http://testserver/meine-anliegen/\n" in mail.text
    for secret in ("Ada", "Bello", "Hund", str(case.pk)):
        assert secret not in mail.text


def test_sending_twice_gives_the_same_application(fill, citizen):
    draft = fill(citizen, complete=True)

    first = submit(knock=citizen, draft=draft.pk)
    second = submit(knock=citizen, draft=draft.pk)

    assert first.pk == second.pk
    assert (Case.objects.count(), Claim.objects.count(), OutgoingMail.objects.count()) == (1, 1, 1)


def test_a_submitted_draft_keeps_no_answers(fill, citizen):
    draft = fill(citizen, complete=True)
    answers = draft.answers

    application = submit(knock=citizen, draft=draft.pk)

    draft.refresh_from_db()
    assert draft.answers == {}
    assert answers.pop("vorbesitzer") == []  # not shown, so not submitted
    assert application.answers == answers


def test_an_incomplete_draft_is_refused_with_the_page_and_nothing_changes(fill, citizen):
    draft = fill(citizen, "person")

    with pytest.raises(NotComplete) as refused:
        submit(knock=citizen, draft=draft.pk)

    assert refused.value.page == "hund"
    assert (Case.objects.count(), Application.objects.count(), Claim.objects.count()) == (0, 0, 0)
    assert Draft.objects.get(pk=draft.pk).submitted_at is None


def test_a_guest_confirms_an_address_first(fill, guest):
    draft = fill(guest, complete=True)

    with pytest.raises(SignInFirst):
        submit(knock=guest, draft=draft.pk)

    assert Case.objects.count() == 0


def test_an_amendment_replaces_the_answers_and_keeps_the_fee(fill, citizen):
    application = submit(knock=citizen, draft=fill(citizen, complete=True).pk)
    ask_for_correction(application.case_id)
    claim = Claim.objects.get()

    draft = start_amendment(knock=citizen, case=application.case_id)
    assert start_amendment(knock=citizen, case=application.case_id) == draft
    row = Draft.objects.get(pk=draft)
    assert row.answers == application.answers
    row.answers["rufname"] = "Waldi"
    row.save()
    amended = submit(knock=citizen, draft=draft)

    assert amended.case_id == application.case_id
    newest = CaseContent.objects.order_by("-version").first()
    assert newest is not None
    assert newest.version == 2
    assert "Waldi" in str(newest.sections)
    assert (Case.objects.count(), CaseFile.objects.count(), Claim.objects.count()) == (1, 1, 1)
    assert amended.fees == application.fees
    assert (Claim.objects.get().pk, Claim.objects.get().cancelled_at) == (claim.pk, None)
    step = CaseStep.objects.get(kind="amended")
    assert (step.text, Entry.objects.get(did="cases.amended").why) == ("", "")


def test_an_amendment_answers_what_the_office_asked_for(fill, citizen):
    application = submit(knock=citizen, draft=fill(citizen, complete=True).pk)
    ask_for_correction(application.case_id)

    submit(knock=citizen, draft=start_amendment(knock=citizen, case=application.case_id))

    assert Case.objects.get().phase == "examining"


def test_an_anonymous_form_is_taken_from_nobody_in_particular(dogs, fill, guest):
    free = dogs.model_copy(update={"anonymous": "allowed", "fees": ()})
    publish_form(by=SYSTEM, document=free)

    application = submit(knock=guest, draft=fill(guest, complete=True).pk)

    case = Case.objects.get()
    assert (case.applicant_name, case.name_confirmed) == ("Ada Lovelace", False)
    assert application.case_id == case.pk
    draft = Draft.objects.get()
    assert draft.person_id is None
    assert OutgoingMail.objects.count() == 0


ANSWER_WANTED = {"anonymous": "allowed", "fees": (), "anonymous_when": {"eq": ["vorbesitz", False]}}


def test_whoever_wants_an_answer_proves_an_address_and_owns_the_case(dogs, fill, guest):
    form = type(dogs).model_validate({**as_json(dogs), **ANSWER_WANTED})
    publish_form(by=SYSTEM, document=form)
    draft = fill(guest, complete=True)
    answers = {**draft.answers, "vorbesitz": True, "vorbesitzer": [{"halter": "Eva"}]}
    Draft.objects.update(answers=answers)

    with pytest.raises(SignInFirst):
        submit(knock=guest, draft=draft.pk)
    assert (Case.objects.count(), Draft.objects.get().submitted_at) == (0, None)

    person = make_guest(email="ada@example.org")
    proved = Knock(actor_of(person), guest.device)
    claim_draft(knock=proved, draft=draft.pk)
    submit(knock=proved, draft=draft.pk)

    assert Case.objects.get().applicant_id == person.pk
    assert OutgoingMail.objects.get().recipient == "ada@example.org"


def test_whoever_wants_none_stays_anonymous(dogs, fill, guest):
    form = type(dogs).model_validate({**as_json(dogs), **ANSWER_WANTED})
    publish_form(by=SYSTEM, document=form)

    submit(knock=guest, draft=fill(guest, complete=True).pk)

    assert Case.objects.get().is_anonymous
    assert OutgoingMail.objects.count() == 0


def test_the_case_of_somebody_else_cannot_be_amended(fill, citizen, guest):

    application = submit(knock=citizen, draft=fill(citizen, complete=True).pk)
    stranger = Knock(actor_of(make_citizen()), "other")

    with pytest.raises(NotFound):
        start_amendment(knock=stranger, case=application.case_id)
    assert Draft.objects.count() == 1


def test_a_guest_is_named_as_the_answers_say_and_renamed_by_them(fill):
    knock = Knock(actor_of(make_guest()), "device-of-a-guest")
    draft = fill(knock, complete=True)

    application = submit(knock=knock, draft=draft.pk)

    case = Case.objects.get()
    assert (case.applicant_name, case.name_confirmed) == ("Ada Lovelace", False)
    ask_for_correction(case.pk)
    amendment = Draft.objects.get(pk=start_amendment(knock=knock, case=application.case_id))
    amendment.answers["name"] = "Ada King"
    amendment.save()
    submit(knock=knock, draft=amendment.pk)
    case.refresh_from_db()
    assert (case.applicant_name, case.name_confirmed) == ("Ada King", False)
    assert f"{case.number} hund anmelden ada king".lower() == case.search_text


def test_a_citizen_keeps_the_name_of_the_account(fill, citizen, ada):
    draft = fill(citizen, complete=True)
    draft.answers["name"] = "Charles Babbage"
    draft.save()

    submit(knock=citizen, draft=draft.pk)

    case = Case.objects.get()
    assert (case.applicant_name, case.name_confirmed) == ("Ada Lovelace", True)

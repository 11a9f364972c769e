"""From a draft to a case: once, however often the button is pressed."""

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import override
from pydantic import JsonValue

from rathaus.accounts.actions import nameless_person, stay_open
from rathaus.accounts.queries import email_of
from rathaus.cases.actions import (
    Attachment,
    CaseRef,
    Row,
    RowKind,
    Section,
    amend_case,
    answer_correction,
    open_case,
)
from rathaus.cases.queries import awaits_correction
from rathaus.core import mail
from rathaus.core.actor import SYSTEM, Actor
from rathaus.core.clock import now, today
from rathaus.core.jobs import defer_here
from rathaus.core.localized import SOURCE_LANGUAGE
from rathaus.core.portal import portal_link
from rathaus.core.transaction import atomic
from rathaus.services.actions.charging import change_in_words, charge_anew, charge_fees, fees_of
from rathaus.services.actions.granting import grants_of, reserve, reserve_anew
from rathaus.services.draft_access import Knock
from rathaus.services.form_errors import AmendmentClosed, NotComplete, SignInFirst
from rathaus.services.forms.applicant import applicant_in
from rathaus.services.forms.compiled import CompiledForm
from rathaus.services.forms.evaluation import Evaluation
from rathaus.services.forms.paths import file_ids
from rathaus.services.forms.sheet import Line, Part, sheet
from rathaus.services.jobs import file_receipt
from rathaus.services.models import Application, Draft
from rathaus.services.queries.forms import application_of, compiled, found

ORIGIN = "services"
GRANT_KEY = "förderung"  # no field can be called that: ids have no umlaut


@atomic
def submit(*, knock: Knock, draft: UUID, language: str = "de") -> Application:
    """Hand the application in: a case, a frozen copy of the answers, claims for the fees, a mail.

    What the city gives is reserved. Submitting again gives the same application. Raises `NotFound`,
    `AccountClosed`, `SignInFirst`, `NotComplete` with the page on which something is missing,
    `AmendmentClosed`, `GrantExhausted` and `NoGrantBudget`; nothing has changed then.
    """
    stay_open(by=knock.by)
    rows = Draft.objects.select_related("amends").select_for_update(of=("self",))
    row = found(knock, draft, rows)
    if row.submitted_at is not None:
        return application_of(row)
    form = compiled(row.version.sha256)
    evaluation = _complete(form, row)
    if row.amends is not None:
        return _hand_back(knock.by, row, row.amends, form, evaluation, language)
    by, person = _applicant(knock.by, evaluation)
    case = _open(form, evaluation, by, person, language)
    application = _freeze(row, by, person, case, evaluation, grants_of(evaluation))
    charge_fees(application, by=by)
    _confirm(person, case, language)
    reserve(application, by=by)
    return application


def sections_of(parts: Sequence[Part]) -> list[Section]:
    """The answers as a case keeps them; keys name the answers outside of repeating groups."""
    return [Section(part.title, tuple(map(_row, part.lines))) for part in parts]


def _sections(form: CompiledForm, evaluation: Evaluation) -> list[Section]:
    """Answers and what is applied for, in German as the house keeps them."""
    answers = sections_of(sheet(form.outline, evaluation, SOURCE_LANGUAGE))
    return [*answers, _grant_section(evaluation)] if evaluation.grants else answers


def _grant_section(evaluation: Evaluation) -> Section:
    with override(SOURCE_LANGUAGE):
        lines = [Row(line.label[SOURCE_LANGUAGE], str(line.amount)) for line in evaluation.grants]
        total = Row(_("Beantragte Förderung"), str(evaluation.granted), key=GRANT_KEY)
        return Section(_("Förderung"), (*lines, total))


def attachments_of(form: CompiledForm, answers: dict[str, JsonValue]) -> list[Attachment]:
    """All files, each named after the question that it answers."""
    found_files: list[Attachment] = []
    for place in form.outline.places:
        if place.field.type != "files":
            continue
        rows = answers.get(place.repeat.id) if place.repeat else [answers]
        for row in rows if isinstance(rows, list) else []:
            given = row.get(place.field.id) if isinstance(row, dict) else None
            found_files += _attachments(place.field.label["de"], given)
    return found_files


def _attachments(label: str, given: JsonValue) -> list[Attachment]:
    files = [file for file in given if isinstance(file, dict)] if isinstance(given, list) else []
    return [Attachment(UUID(str(file["id"])), f"{label}: {file['name']}") for file in files]


def _row(line: Line) -> Row:
    kind = RowKind.FILE if line.is_files else RowKind.LONG if line.is_long else RowKind.TEXT
    return Row(line.label, line.text, kind, key="" if "." in line.path else line.path)


def _complete(form: CompiledForm, draft: Draft) -> Evaluation:
    evaluation = form.evaluate(draft.answers, today=today())
    if evaluation.exits:
        raise NotComplete(evaluation.exits[0][0])
    if evaluation.first_incomplete:
        raise NotComplete(evaluation.first_incomplete)
    return evaluation


def _applicant(by: Actor, evaluation: Evaluation) -> tuple[Actor, UUID]:
    """Who submits and for whom; without an account only where the form allows it."""
    if by.is_citizen and by.person is not None:
        return by, by.person
    if not evaluation.anonymous:
        raise SignInFirst
    return SYSTEM, nameless_person().pk


def _open(
    form: CompiledForm, evaluation: Evaluation, by: Actor, person: UUID, language: str
) -> CaseRef:
    document = form.document
    applicant = applicant_in(document, evaluation.answers)
    return open_case(
        by=by,
        procedure=document.service,
        title=document.title["de"],
        applicant=person,
        sections=_sections(form, evaluation),
        files=attachments_of(form, evaluation.answers),
        submitted_at=now(),
        origin=ORIGIN,
        applicant_name=applicant.name,
        applicant_address=applicant.address,
        language=language,
    )


def _hand_back(
    by: Actor,
    draft: Draft,
    before: Application,
    form: CompiledForm,
    evaluation: Evaluation,
    language: str,
) -> Application:
    """An amendment replaces what the case holds and answers what the office asked for.

    Claims and what is reserved follow the new answers, at the prices of the form's version.
    """
    if not awaits_correction(by=by, case=before.case_id):
        raise AmendmentClosed
    known = set(file_ids(before.answers))
    files = attachments_of(form, evaluation.answers)
    applicant = applicant_in(form.document, evaluation.answers)
    amend_case(
        by=by,
        case=before.case_id,
        sections=_sections(form, evaluation),
        files=[file for file in files if str(file.file) not in known],
        applicant_name=applicant.name,
        applicant_address=applicant.address,
        note=change_in_words(before, evaluation),
        language=language,
    )
    words = _("Ich habe meine Angaben im Formular geändert.")
    answer_correction(by=by, case=before.case_id, text=words)
    case = CaseRef(before.case_id, before.case_number)
    grants = grants_of(evaluation, before)
    application = _freeze(draft, by, before.person_id, case, evaluation, grants)
    charge_anew(application)
    reserve_anew(application, by=by)
    return application


def _freeze(
    draft: Draft,
    by: Actor,
    person: UUID,
    case: CaseRef,
    evaluation: Evaluation,
    grants: list[JsonValue],
) -> Application:
    """Keep what was submitted, and have its receipt made; the draft itself keeps no answers."""
    moment = now()
    application = Application.objects.create(
        draft=draft,
        version_id=draft.version_id,
        case_id=case.id,
        case_number=case.number,
        person_id=person,
        answers=evaluation.answers,
        fees=fees_of(evaluation, compiled(draft.version.sha256).document.fee_due_days),
        grants=grants,
        submitted_at=moment,
    )
    draft.answers = {}
    draft.submitted_at = moment
    draft.person_id = by.person
    draft.save(update_fields=["answers", "submitted_at", "person"])
    defer_here(file_receipt.configure(), application=str(application.pk))
    return application


def _confirm(person: UUID, case: CaseRef, language: str) -> None:
    """A mail that says that something has come in, never what: the number says enough."""
    email = email_of(person)
    if email is None:
        return
    with override(language):
        mail.send(
            to=email,
            subject=_("Eingelangt: %(number)s") % {"number": case.number},
            text=_(
                "Guten Tag,\n\n"
                "Ihr Anliegen ist bei uns eingelangt. Es hat das Aktenzeichen %(number)s.\n\n"
                "Den Stand, Nachrichten und die Eingangsbestätigung finden Sie nach der Anmeldung "
                "unter „Meine Anliegen“:\n%(address)s\n"
            )
            % {"number": case.number, "address": portal_link("cases:mine")},
            reference=case.number,
        )

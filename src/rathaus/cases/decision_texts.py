"""The words of a decision: from a template to a proposal, from the clerk's words to a PDF."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from rathaus.cases import sections as filed
from rathaus.cases.decision_faults import DecisionText
from rathaus.cases.models import Case
from rathaus.cases.placeholders import ANSWERS, fill
from rathaus.cases.procedures import TemplateDocument
from rathaus.cases.sections import Section
from rathaus.core.city import current_city
from rathaus.core.localized import SOURCE_LANGUAGE, localize
from rathaus.core.notation import address_lines
from rathaus.core.pdf import render


def proposal(
    case: Case, content: Sequence[Section], template: TemplateDocument, on: date
) -> DecisionText:
    """What the template says about this case, for the clerk to edit."""
    remedy = case.procedure.rules.remedy_on(on, template.slug).text
    return filled(
        DecisionText(
            outcome=template.outcome,
            title=template.title,
            ruling=template.ruling,
            reasons=template.reasons,
            remedy=localize(remedy, SOURCE_LANGUAGE) if template.remedy else "",
            template=template.slug,
        ),
        placeholder_values(case, content, on),
    )


def filled(text: DecisionText, values: Mapping[str, str]) -> DecisionText:
    """The text without placeholders. Raises `UnknownPlaceholder`."""
    return replace(
        text,
        title=fill(text.title, values),
        ruling=fill(text.ruling, values).strip(),
        reasons=fill(text.reasons, values).strip(),
        remedy=fill(text.remedy, values).strip(),
    )


def placeholder_values(case: Case, content: Sequence[Section], on: date) -> dict[str, str]:
    """What each placeholder stands for in this case."""
    city = current_city()
    answers = {ANSWERS + key: value for key, value in filed.answers(content).items()}
    return answers | {
        "abteilung": localize(case.department.name, SOURCE_LANGUAGE),
        "aktenzeichen": case.number,
        "anschrift": ", ".join(address_lines(case.applicant_address)),
        "behörde": case.procedure.rules.authority or city.authority,
        "eingelangt_am": _german(case.received_on),
        "heute": _german(on),
        "name": case.applicant_name,
        "stadt": city.name,
        "titel": case.title,
        "verfahren": localize(case.procedure.name, SOURCE_LANGUAGE),
    }


def document(case: Case, text: DecisionText, *, on: date, handled_by: str, signed_by: str) -> bytes:
    """The decision as a tagged PDF, or a plain letter where no remedy is possible."""
    with override(SOURCE_LANGUAGE):
        shared = {
            "title": text.title,
            "number": case.number,
            "authority": case.procedure.rules.authority or current_city().authority,
            "department": localize(case.department.name),
            "addressee": [case.applicant_name, *address_lines(case.applicant_address)],
            "facts": [
                {"label": _("Aktenzeichen"), "value": case.number},
                {"label": _("Datum"), "value": _german(on)},
                {"label": _("Bearbeitet von"), "value": handled_by},
            ],
            "signature": {"for": _("Für die Behörde:"), "name": signed_by},
        }
        if not text.remedy:
            body = "\n\n".join(part for part in (text.ruling, text.reasons) if part)
            return render("letter", {**shared, "text": body})
        return render(
            "decision",
            {
                **shared,
                "subject": case.title,
                "ruling": text.ruling,
                "reasons": text.reasons,
                "remedy": text.remedy,
            },
        )


def _german(day: date) -> str:
    with override(SOURCE_LANGUAGE):
        return date_format(day, "SHORT_DATE_FORMAT")

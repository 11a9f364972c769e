"""What the confirmation of receipt says: when, which number, and everything submitted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.template.defaultfilters import filesizeformat
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from rathaus.core.clock import VIENNA, local_date
from rathaus.core.localized import localize, localize_amount
from rathaus.core.money import Money
from rathaus.services.forms.compiled import CompiledForm
from rathaus.services.forms.evaluation import Answers
from rathaus.services.forms.outline import Outline
from rathaus.services.forms.posting import rows_of
from rathaus.services.forms.sheet import sheet
from rathaus.services.models import Application


def receipt_data(application: Application, form: CompiledForm) -> dict[str, object]:
    """The data of the house's template `receipt`, in the language of the reader."""
    submitted = application.submitted_at.astimezone(VIENNA)
    evaluation = form.evaluate(application.answers, today=local_date(application.submitted_at))
    parts = sheet(form.outline, evaluation, get_language() or "de")
    title = localize(form.document.title)
    return {
        "title": _("Eingangsbestätigung"),
        "number": application.case_number,
        "facts": [
            {"label": _("Aktenzeichen"), "value": application.case_number},
            {"label": _("Eingelangt"), "value": date_format(submitted, "SHORT_DATETIME_FORMAT")},
            *_amount(_("Gebühr"), application.fees),
            *_amount(_("Beantragte Förderung"), application.grants),
        ],
        "text": _("Ihr Anliegen „%(title)s“ ist bei uns eingelangt.") % {"title": title},
        "sections": [
            {
                "title": part.title,
                "rows": [{"label": line.label, "value": line.text or "–"} for line in part.lines],
            }
            for part in parts
        ],
        "files": list(_files(form.outline, application.answers)),
        "closing": localize(form.document.confirmation) if form.document.confirmation else "",
    }


def sum_of(lines: Iterable[Mapping[str, int]]) -> Money:
    """What the fees or grants of an application come to."""
    return Money(sum(line["cents"] for line in lines))


def _amount(label: str, lines: Iterable[Mapping[str, int]]) -> list[dict[str, str]]:
    total = sum_of(lines)
    return [{"label": label, "value": localize_amount(total)}] if total else []


def _files(outline: Outline, answers: Answers) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    for place in outline.places:
        if place.field.type != "files":
            continue
        for row in rows_of(answers.get(place.repeat.id)) if place.repeat else [answers]:
            found += [
                {
                    "name": file["name"],
                    "size": filesizeformat(str(file["size"])),
                    "sha256": file["sha256"],
                }
                for file in rows_of(row.get(place.field.id))
            ]
    return found

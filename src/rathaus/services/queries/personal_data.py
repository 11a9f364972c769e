"""What a person gets to read of themselves: drafts and applications, on request as a whole."""

from collections.abc import Iterator
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from rathaus.core.actor import Actor
from rathaus.core.clock import local_date
from rathaus.core.domain import BegunMatter, ExportSection, Matter
from rathaus.core.localized import localize, localize_amount
from rathaus.services.draft_access import Knock
from rathaus.services.forms.applicant import applicant_in
from rathaus.services.forms.evaluation import Answers
from rathaus.services.models import Application, Draft, GrantReservation
from rathaus.services.queries.forms import compiled, has_application, unfinished


def begun(citizen: Actor) -> list[BegunMatter]:
    """What a citizen has begun and not sent, from whatever device."""
    return [
        BegunMatter(draft.title, reverse("services:draft", args=[draft.draft]), draft.saved_at)
        for draft in unfinished(Knock(by=citizen))
    ]


def matters(person: UUID) -> Iterator[Matter]:
    """What a person has begun and not sent; what they sent is a case."""
    drafts = Draft.objects.filter(person_id=person, submitted_at=None, amends=None)
    for draft in drafts.select_related("version").defer("version__document"):
        document = compiled(draft.version.sha256).document
        yield Matter(
            reference=draft_reference(draft.pk),
            title=localize(document.title),
            since=local_date(draft.started_at),
            name=applicant_in(document, draft.answers).name,
        )


def draft_reference(draft: UUID) -> str:
    """What other domains call a draft."""
    return f"draft {draft}"


def personal_data(person: UUID) -> Iterator[ExportSection]:
    """Everything kept about a person: what they submitted, and what they have begun."""
    applications = Application.objects.filter(person_id=person).select_related("version")
    drafts = Draft.objects.filter(person_id=person, submitted_at=None).select_related("version")
    yield ExportSection(
        _("Anträge"),
        [
            {
                _("Antrag"): _title(application.version.sha256),
                _("Aktenzeichen"): application.case_number,
                _("abgesendet"): application.submitted_at,
                **_plain(application.answers),
            }
            for application in applications.order_by("submitted_at")
        ],
    )
    yield ExportSection(_("Förderungen"), list(_reservations(person)))
    yield ExportSection(
        _("Entwürfe"),
        [
            {
                _("Antrag"): _title(draft.version.sha256),
                _("gespeichert"): draft.saved_at,
                **_plain(draft.answers),
            }
            for draft in drafts.order_by("saved_at")
        ],
    )


def amend_address(origin: str, case: UUID) -> str | None:
    """Where the applicant corrects what came in through a form."""
    if origin != "services" or not has_application(case):
        return None
    return reverse("services:amend", args=[case])


def _reservations(person: UUID) -> Iterator[dict[str, object]]:
    rows = GrantReservation.objects.about(person).select_related("budget", "application")
    for row in rows.order_by("reserved_at"):
        yield {
            _("Fördertopf"): f"{localize(row.budget.name)} {row.budget.year}",
            _("Aktenzeichen"): row.application.case_number,
            _("Betrag"): localize_amount(row.amount),
            _("reserviert"): row.reserved_at,
            _("freigegeben"): row.released_at,
        }


def _title(sha256: str) -> str:
    return localize(compiled(sha256).document.title)


def _plain(answers: Answers) -> dict[str, object]:
    return {name: answer for name, answer in answers.items() if answer is not None}

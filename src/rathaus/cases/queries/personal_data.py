"""What the house keeps about a citizen in cases: for their export, and to tell what is theirs."""

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from rathaus.cases.models import Case, CaseContent, Decision, Message
from rathaus.core.domain import ExportSection, Matter


def matters(person: UUID) -> Iterable[Matter]:
    """Everything that a person has filed, by its number."""
    for case in Case.objects.filter(applicant=person):
        yield Matter(
            reference=case.number,
            title=case.title,
            since=case.received_on,
            number=case.number,
            name="" if case.name_confirmed else case.applicant_name,
        )


def personal_data(person: UUID) -> Iterable[ExportSection]:
    """Cases, what was filed, messages and decisions, as rows of plain values."""
    yield ExportSection(
        pgettext_lazy("mehrere", "Anliegen"),
        list(
            Case.objects.filter(applicant=person)
            .order_by("opened_at")
            .values("number", "title", "phase", "received_on", "due_on", "applicant_id")
        ),
    )
    yield ExportSection(
        _("Angaben in Anliegen"),
        list(
            CaseContent.objects.filter(subject_id=person)
            .order_by("case__number", "version")
            .values("case__number", "version", "at", "sections", "subject_id")
        ),
    )
    yield ExportSection(
        _("Nachrichten"),
        list(
            Message.objects.filter(subject_id=person)
            .order_by("at")
            .values("case__number", "direction", "at", "text", "subject_id")
        ),
    )
    yield ExportSection(
        _("Entscheidungen"),
        list(
            Decision.objects.filter(subject_id=person)
            .order_by("decided_at")
            .values("case__number", "outcome", "decided_at", "title", "ruling", "subject_id")
        ),
    )

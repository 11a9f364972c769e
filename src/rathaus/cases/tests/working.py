"""What a test needs to work on a case: a text for a decision, addresses, and all that must stay as
it is.
"""

from django.urls import reverse

from rathaus.cases.decision_faults import DecisionText
from rathaus.cases.models import (
    Case,
    CaseFile,
    CaseStep,
    CorrectionRequest,
    Decision,
    DecisionDraft,
    Message,
    Note,
)
from rathaus.core.models import OutgoingMail

TEXT = DecisionText(
    "granted",
    "Bescheid",
    "{{ name }} darf.",
    "Weil {{ angaben.rufname }} lieb ist.",
    "Beschwerde an {{ behörde }}.",
)


def state_of(case: Case) -> tuple[object, ...]:
    """Everything about a case that a refused action must leave alone."""
    case.refresh_from_db()
    return (
        case.phase,
        case.revision,
        case.department_id,
        case.assigned_to_id,
        case.state_id,
        Message.objects.count(),
        Note.objects.count(),
        CaseStep.objects.count(),
        list(CorrectionRequest.objects.values()),
        list(DecisionDraft.objects.values()),
        Decision.objects.count(),
        CaseFile.objects.count(),
        OutgoingMail.objects.count(),
    )


def address(name: str, case: Case, *more: object) -> str:
    return reverse(f"cases:{name}", args=[case.pk, *more])

"""Waiting for the applicant: the deadline may rest meanwhile, and runs again afterwards."""

from rathaus.cases.actions.changing import refresh_deadline
from rathaus.cases.models import Case, CorrectionRequest, Suspension
from rathaus.core.clock import now, today


def rest(case: Case, basis: str) -> None:
    """Let the deadline rest from today; `basis` is the law that allows it."""
    Suspension.objects.create(
        case=case, subject_id=case.applicant_id, starts_on=today(), basis=basis
    )
    case.suspended_since = today()
    refresh_deadline(case)


def stop_waiting(case: Case) -> None:
    """Nothing is expected of the applicant any more: the deadline runs again from today."""
    CorrectionRequest.objects.filter(case=case, closed_at=None).update(closed_at=now())
    Suspension.objects.filter(case=case, ends_on=None).update(ends_on=today())
    case.suspended_since = None
    refresh_deadline(case)

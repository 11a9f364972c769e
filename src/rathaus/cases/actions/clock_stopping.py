"""When the deadline for the decision rests, and when it runs again."""

from rathaus.cases.actions.changing import refresh_deadline
from rathaus.cases.models import Case, Suspension
from rathaus.core.clock import today


def rest(case: Case, basis: str) -> None:
    """Let the deadline rest from today; `basis` is the law that allows it."""
    Suspension.objects.create(
        case=case, subject_id=case.applicant_id, starts_on=today(), basis=basis
    )
    case.suspended_since = today()
    refresh_deadline(case)


def run_again(case: Case) -> None:
    """Let a resting deadline run again from today, longer by the days it rested."""
    Suspension.objects.filter(case=case, ends_on=None).update(ends_on=today())
    case.suspended_since = None
    refresh_deadline(case)

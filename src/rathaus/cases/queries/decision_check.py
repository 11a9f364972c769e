"""What the rules must know of a case before they judge a decision about it."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Max

from rathaus.cases.decision_faults import Circumstances, DecisionText, Found, faults
from rathaus.cases.models import Case, CorrectionRequest
from rathaus.core.clock import today


def faults_of(case: Case, text: DecisionText) -> Sequence[Found]:
    """What keeps a filled text from being delivered today in this case."""
    circumstances = Circumstances(
        is_formal=case.procedure.rules.is_formal(text.outcome),
        correction_until=_correction_until(case),
    )
    return faults(text, circumstances)


def _correction_until(case: Case) -> date | None:
    """The last day for a correction that may still come, even if the office went on without it."""
    running = CorrectionRequest.objects.filter(
        case=case, answered_at=None, due_on__gte=today()
    )
    return running.aggregate(until=Max("due_on"))["until"]

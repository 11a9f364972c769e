"""What the rules must know of a case before they judge a decision about it."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Max

from rathaus.cases.deadlines import Period, last_day
from rathaus.cases.decision_faults import (
    Circumstances,
    DecisionText,
    Found,
    faults,
    not_fillable,
)
from rathaus.cases.decision_texts import filled, placeholder_values
from rathaus.cases.errors import DecisionFaulty
from rathaus.cases.models import Case, CorrectionRequest
from rathaus.cases.queries.content import newest_sections
from rathaus.core.city import current_city
from rathaus.core.clock import today

DRAFTING_RIGHTS = ("cases.handle", "cases.decide")


def filled_for(case: Case, text: DecisionText) -> DecisionText:
    """The text as it would be delivered today, gaps included.

    Raises `DecisionFaulty` for placeholders that nothing fills.
    """
    values = placeholder_values(case, newest_sections(case), today())
    if found := not_fillable(text, values.keys()):
        raise DecisionFaulty(found)
    return filled(text, values)


def faults_of(case: Case, text: DecisionText) -> Sequence[Found]:
    """What keeps a filled text from being delivered today in this case."""
    circumstances = Circumstances(
        is_formal=case.procedure.rules.is_formal(text.outcome),
        correction_until=_correction_until(case),
    )
    return faults(text, circumstances)


def remedy_period(case: Case, text: DecisionText, delivered_on: date) -> Period:
    """How long a decision delivered on that day can be fought."""
    return case.procedure.rules.remedy_on(delivered_on, text.template).period


def remedy_until(case: Case, text: DecisionText, delivered_on: date) -> date | None:
    """The last day on which it can be fought; a letter cannot."""
    if not text.remedy:
        return None
    period = remedy_period(case, text, delivered_on)
    return last_day(delivered_on, period, current_city().federal_state)


def _correction_until(case: Case) -> date | None:
    """The last day for a correction that may still come, even if the office went on without it."""
    running = CorrectionRequest.objects.filter(case=case, answered_at=None, due_on__gte=today())
    until: date | None = running.aggregate(until=Max("due_on"))["until"]
    return until

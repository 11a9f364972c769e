"""A case's deadline as people read it, with the way it was computed and the law behind it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise

from rathaus.cases.deadlines import Computation, Level, Pause, compute, warning_level
from rathaus.cases.models import Case, CorrectionRequest, Suspension
from rathaus.cases.phases import Phase, is_open
from rathaus.cases.words import LEVEL_STATES, LEVEL_TONES, LEVELS
from rathaus.core.city import current_city
from rathaus.core.clock import today


@dataclass(frozen=True)
class DeadlineView:
    """The deadline of an open case; `state` is on_time, soon, overdue or suspended."""

    due_on: date
    state: str
    days_left: int
    level: Promise | str
    tone: str
    basis: str
    suspended_since: date | None
    suspensions: Sequence[Suspension]
    computation: Computation
    awaited: CorrectionRequest | None

    @property
    def overdue(self) -> bool:
        """Whether the office is late."""
        return self.state == "overdue"


def deadline_view(
    case: Case, suspensions: Sequence[Suspension], awaited: CorrectionRequest | None
) -> DeadlineView | None:
    """How the deadline stands today; `None` once nothing is owed any more.

    `awaited` is the correction that the office is waiting for.
    """
    if case.due_on is None or not is_open(Phase(case.phase)):
        return None
    ladder = case.procedure.rules.ladder_on(today(), case.period)
    level = warning_level(case.due_on, today(), ladder)
    resting = case.suspended_since is not None
    return DeadlineView(
        due_on=case.due_on,
        state="suspended" if resting else LEVEL_STATES[level],
        days_left=(case.due_on - today()).days,
        level=LEVELS[Level.ON_TIME if resting else level],
        tone="neutral" if resting else LEVEL_TONES[level],
        basis=case.period_basis,
        suspended_since=case.suspended_since,
        suspensions=suspensions,
        computation=compute(
            case.received_on,
            case.period,
            [Pause(row.starts_on, row.ends_on) for row in suspensions if row.ends_on],
            current_city().federal_state,
        ),
        awaited=awaited,
    )

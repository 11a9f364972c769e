"""The fixed phases of a case, and which may follow which; states are data inside a phase."""

from collections.abc import Mapping
from enum import StrEnum


class Phase(StrEnum):
    """Where a case stands, in the few words that program logic knows."""

    DRAFT = "draft"
    RECEIVED = "received"
    INCOMPLETE = "incomplete"
    EXAMINING = "examining"
    DECIDED = "decided"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


FOLLOWERS: Mapping[Phase, frozenset[Phase]] = {
    Phase.DRAFT: frozenset({Phase.RECEIVED, Phase.WITHDRAWN}),
    Phase.RECEIVED: frozenset(
        {Phase.INCOMPLETE, Phase.EXAMINING, Phase.DECIDED, Phase.CLOSED, Phase.WITHDRAWN}
    ),
    Phase.INCOMPLETE: frozenset({Phase.EXAMINING, Phase.DECIDED, Phase.WITHDRAWN}),
    Phase.EXAMINING: frozenset({Phase.INCOMPLETE, Phase.DECIDED, Phase.CLOSED, Phase.WITHDRAWN}),
    Phase.DECIDED: frozenset({Phase.CLOSED}),
    Phase.WITHDRAWN: frozenset({Phase.CLOSED}),
    Phase.CLOSED: frozenset(),
}

# The office still owes a decision: the deadline runs, the citizen may still change their mind.
OPEN = frozenset({Phase.RECEIVED, Phase.INCOMPLETE, Phase.EXAMINING})


def may_follow(current: Phase, wanted: Phase) -> bool:
    """Whether a case may go from one phase to the other; staying in the phase is no step."""
    return wanted in FOLLOWERS[current]


def is_open(phase: Phase) -> bool:
    """Whether the office still owes a decision."""
    return phase in OPEN

"""What accounts tells the domains above."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class MattersTakenOver:
    """A citizen made matters of a guest their own; each domain lets its rows follow.

    `references` are those of `core.domain.Matter`.
    """

    guest: UUID
    citizen: UUID
    references: frozenset[str]


@dataclass(frozen=True)
class PersonDeactivated:
    """A member of staff left: whoever assigned work to them may want to give it to others."""

    person: UUID

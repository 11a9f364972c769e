"""What accounts tells the domains above."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class PersonDeactivated:
    """A member of staff left: whoever assigned work to them may want to give it to others."""

    person: UUID

"""Who acts: the one value that actions and queries ask for permission."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from rathaus.core.errors import NotAllowed


class ActorKind(StrEnum):
    """How somebody came in; decides which face of the house they see."""

    ANONYMOUS = "anonymous"
    GUEST = "guest"
    CITIZEN = "citizen"
    STAFF = "staff"
    SYSTEM = "system"


@dataclass(frozen=True)
class Grant:
    """A right in one department, or in all of them (`department is None`)."""

    right: str
    department: int | None


@dataclass(frozen=True)
class Actor:
    """A person (or the machine itself) at work, with what permission needs and nothing more."""

    kind: ActorKind
    person: UUID | None = None
    name: str = ""
    office: str = ""
    grants: frozenset[Grant] = field(default_factory=frozenset)

    @property
    def is_staff(self) -> bool:
        """At work for the city."""
        return self.kind is ActorKind.STAFF

    @property
    def is_citizen(self) -> bool:
        """Signed in as a private person, by e-mail code or by eID."""
        return self.kind in (ActorKind.GUEST, ActorKind.CITIZEN)

    def may(self, right: str, department: int | None = None) -> bool:
        """Whether the right is held in that department; without one, held anywhere at all."""
        if self.kind is ActorKind.SYSTEM:
            return True
        return any(
            grant.right == right and (department is None or grant.department in (None, department))
            for grant in self.grants
        )

    def may_one_of(self, rights: Iterable[str], department: int | None = None) -> bool:
        """Whether at least one of these rights is held there."""
        return any(self.may(right, department) for right in rights)

    def require(self, right: str, department: int | None = None) -> None:
        """Raise `NotAllowed` unless `may`."""
        if not self.may(right, department):
            raise NotAllowed

    def departments(self, right: str) -> frozenset[int] | None:
        """Ids of the departments where the right is held; `None` stands for all of them."""
        held = {grant.department for grant in self.grants if grant.right == right}
        if self.kind is ActorKind.SYSTEM or None in held:
            return None
        return frozenset(department for department in held if department is not None)


ANONYMOUS = Actor(kind=ActorKind.ANONYMOUS)
SYSTEM = Actor(kind=ActorKind.SYSTEM, name="Rathaus", office="Rathaus")

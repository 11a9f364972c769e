"""The people of the demo at work: as actors, each looked up once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from rathaus.accounts.queries import actor_by_id
from rathaus.core.actor import Actor
from rathaus.demo.lindenfurt.people import Desk, desks, person_id


@dataclass(frozen=True)
class Colleagues:
    """Who acts when something happens in the demo city."""

    _desks: Mapping[str, Desk] = field(default_factory=desks)
    _known: dict[str, Actor] = field(default_factory=dict)

    def person(self, slug: str) -> Actor:
        """Somebody by their slug."""
        if slug not in self._known:
            self._known[slug] = actor_by_id(person_id(slug))
        return self._known[slug]

    def account_holder(self, person: UUID) -> str:
        """The name under which somebody's bank knows them; a guest pays under their address."""
        return actor_by_id(person).name

    def clerk(self, department: str) -> Actor:
        """Who handles what comes to that department."""
        return self.person(self._desks[department].clerk)

    def head(self, department: str) -> Actor:
        """Who decides there."""
        return self.person(self._desks[department].head)

"""Who may open a draft: its person, or whoever holds a key to one that belongs to nobody yet.

A key to somebody's draft no longer opens it for reading. For some hours it still takes in what was
being written when their session ended: nothing is lost, nothing is shown.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import OuterRef, Q, QuerySet, Subquery

from rathaus.core.actor import ANONYMOUS, Actor
from rathaus.core.clock import now
from rathaus.services.draft_tokens import hashed
from rathaus.services.models import Draft, DraftKey

WRITES_ON_FOR = timedelta(hours=12)
LINK_LASTS = timedelta(days=14)


@dataclass(frozen=True)
class Knock:
    """Somebody at the door of a draft: the person signed in, if any, and their device's secret."""

    by: Actor
    device: str = ""

    def proofs(self, drafts: QuerySet[Draft]) -> QuerySet[Draft]:
        """The drafts, each with the moment at which this device last proved that it may open it."""
        keys = DraftKey.objects.filter(
            draft=OuterRef("pk"), kind=DraftKey.Kind.DEVICE, token_hash=hashed(self.device)
        )
        return drafts.annotate(proved_at=Subquery(keys.values("proved_at")[:1]))

    def opens(self, draft: Draft, *, to_write: bool = False) -> bool:
        """Whether the draft (from `proofs`) may be read, or just be written to."""
        if draft.person_id is None:
            return proved_at(draft) is not None
        if self.by.is_citizen:
            return self.by.person == draft.person_id
        return to_write and is_fresh(draft)

    def misses_its_person(self, draft: Draft) -> bool:
        """Whether nobody is signed in, on a device on which the draft's person wrote."""
        return self.by == ANONYMOUS and proved_at(draft) is not None

    def own(self, drafts: QuerySet[Draft]) -> QuerySet[Draft]:
        """Those of the drafts that this person may read."""
        mine = Q(person_id=self.by.person) if self.by.is_citizen else Q(pk__in=())
        if self.device:
            keys = DraftKey.objects.filter(
                kind=DraftKey.Kind.DEVICE, token_hash=hashed(self.device)
            )
            mine |= Q(person=None, pk__in=keys.values("draft"))
        return drafts.filter(mine)


def proved_at(draft: Draft) -> datetime | None:
    """When the device at the door (asked by `Knock.proofs`) last proved itself; never without."""
    moment: datetime | None = getattr(draft, "proved_at", None)
    return moment


def is_fresh(draft: Draft) -> bool:
    """Whether the device proved itself not long ago."""
    moment = proved_at(draft)
    return moment is not None and moment > now() - WRITES_ON_FOR

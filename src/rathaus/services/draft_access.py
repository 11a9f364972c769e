"""Who may open a draft: its person, or whoever holds a key to one that belongs to nobody yet.

A key to somebody's draft no longer opens it for reading. For some hours it still takes in what was
being written when their session ended: nothing is lost, nothing is shown.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from rathaus.core.actor import Actor
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
        """The drafts, each with what this device proves about it."""
        keys = DraftKey.objects.filter(
            draft=OuterRef("pk"), kind=DraftKey.Kind.DEVICE, token_hash=hashed(self.device)
        )
        fresh = keys.filter(proved_at__gt=now() - WRITES_ON_FOR)
        return drafts.annotate(has_key=Exists(keys), has_fresh_key=Exists(fresh))

    def opens(self, draft: Draft, *, to_write: bool = False) -> bool:
        """Whether the draft (from `proofs`) may be read, or just be written to."""
        proof = {
            "key": getattr(draft, "has_key", False),
            "fresh": getattr(draft, "has_fresh_key", False),
        }
        if draft.person_id is None:
            return bool(self.device) and proof["key"]
        if self.by.is_citizen:
            return self.by.person == draft.person_id
        return to_write and bool(self.device) and proof["fresh"]

    def own(self, drafts: QuerySet[Draft]) -> QuerySet[Draft]:
        """Those of the drafts that this person may read."""
        mine = Q(person_id=self.by.person) if self.by.is_citizen else Q(pk__in=())
        if self.device:
            keys = DraftKey.objects.filter(
                kind=DraftKey.Kind.DEVICE, token_hash=hashed(self.device)
            )
            mine |= Q(person=None, pk__in=keys.values("draft"))
        return drafts.filter(mine)


def proves(draft: Draft, proof: str) -> bool:
    """What `Knock.proofs` found out about a draft; nothing if nobody asked."""
    return bool(getattr(draft, proof, False))

"""Who reads the lines about somebody whose matters another person has taken over.

The trail itself says so: the entry of a take-over, which like all the others nobody can change.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Q

from rathaus.audit.models import TAKEN_OVER, Act, Entry

__all__ = ["TAKEN_OVER", "OwnTrail", "share", "trail_of"]


@dataclass(frozen=True)
class OwnTrail:
    """Which entries somebody may read, and under which ids they stand there themselves."""

    entries: Q
    selves: frozenset[UUID]


def share(matters: Collection[str], *, is_last: bool) -> Mapping[str, object]:
    """The details of a `TAKEN_OVER` entry, whose actor took over these matters (case numbers and
    the like) of the person it is on.

    From then on the lines about these matters are the actor's alone. Lines that name no matter
    concern everybody who had a share until then; with the last matter goes all the rest.
    """
    return {"matters": sorted(matters), "is_last": is_last}


def trail_of(reader: UUID) -> OwnTrail:
    """What is about the reader, and what was about them before under another id."""
    takings = _takings_about([reader])
    taken = [taking for taking in takings if taking.actor == reader]
    former = {_former(taking) for taking in taken}
    shares = _takings_about(former)
    own = _about(reader) & ~_names_one_of(taking for taking in takings if taking not in taken)
    inherited = (_inherited(taking, shares) for taking in taken)
    return OwnTrail(reduce(or_, inherited, own), frozenset({reader, *former}))


def _takings_about(people: Collection[UUID]) -> list[Entry]:
    if not people:
        return []
    found = Entry.objects.filter(did=TAKEN_OVER, act=Act.CHANGE, about__overlap=list(people))
    return list(found.order_by("seq"))


def _inherited(taking: Entry, shares: Iterable[Entry]) -> Q:
    about = _about(_former(taking))
    if taking.details["is_last"]:
        others = (
            share
            for share in shares
            if share.actor != taking.actor and share.thing_id == taking.thing_id
        )
        return about & ~_names_one_of(others)
    return about & (_names_one_of([taking]) | Q(case="", seq__lt=taking.seq))


def _former(taking: Entry) -> UUID:
    return UUID(taking.thing_id)


def _about(person: UUID) -> Q:
    return Q(about__contains=[person])


def _names_one_of(takings: Iterable[Entry]) -> Q:
    return Q(case__in=[matter for taking in takings for matter in taking.details["matters"]])

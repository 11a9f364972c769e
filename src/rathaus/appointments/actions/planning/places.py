"""The counters of a location, and which share of its time each channel may have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rathaus.appointments.actions.planning.changing import (
    NOTHING,
    Decided,
    alone,
    planned_location,
    require_unchanged,
    watched,
)
from rathaus.appointments.channels import Channel
from rathaus.appointments.models import Counter, Quota
from rathaus.appointments.planning_errors import NobodyMayCome, NumberTaken, UnknownPlan
from rathaus.audit.actions import record
from rathaus.core.actor import Actor
from rathaus.core.transaction import atomic

WHOLE = 100


@dataclass(frozen=True)
class CounterFacts:
    """What is said of a counter."""

    number: int
    name: str
    kind: str
    active: bool = True


@atomic
def save_counter(
    *,
    by: Actor,
    location: int,
    facts: CounterFacts,
    counter: int | None = None,
    seen: str = "",
    decided: Decided = NOTHING,
) -> int:
    """Open a counter, or change what it is; closing it down takes nothing away that was.

    Raises `UnknownPlan`, `NumberTaken`, `PlanChanged`, `AppointmentsHit`.
    """
    alone()
    place = planned_location(by, location)
    row = Counter(location=place)
    if counter is not None:
        found = Counter.objects.filter(pk=counter, location=place).first()
        if found is None:
            raise UnknownPlan
        row = found
        require_unchanged(seen, row)
    if place.counters.filter(number=facts.number).exclude(pk=row.pk).exists():
        raise NumberTaken
    with watched(by, [place.pk], decided):
        row.number, row.name, row.kind = facts.number, facts.name, facts.kind
        row.active = facts.active
        row.save()
    record(by=by, did="appointments.counter_saved", on=row, details={"active": row.active})
    return row.pk


@atomic
def set_quotas(*, by: Actor, location: int, shares: Mapping[str, int], seen: str) -> None:
    """Let each of these channels have at most so many percent of a day; others have no limit.

    Times that a channel got while it had no limit do not count against a new one. Raises
    `UnknownPlan`, `PlanChanged`, `NobodyMayCome` where all channels are limited and nobody may have
    the rest. `ValueError` for a share that is none.
    """
    alone()
    place = planned_location(by, location)
    held = list(Quota.objects.filter(location=place).order_by("pk"))
    require_unchanged(seen, *held)
    if not all(0 <= share <= WHOLE for share in shares.values()):
        raise ValueError("a share is between 0 and 100 percent")
    if len(shares) == len(Channel) and sum(shares.values()) < WHOLE:
        raise NobodyMayCome
    Quota.objects.filter(location=place).exclude(channel__in=list(shares)).delete()
    for channel, share in shares.items():
        Quota.objects.update_or_create(
            location=place, channel=Channel(channel), defaults={"share": share}
        )
    record(by=by, did="appointments.quotas_set", on=place, details=dict(shares))

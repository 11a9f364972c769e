"""What people can book."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from rathaus.appointments.actions.planning.changing import (
    NOTHING,
    Decided,
    alone,
    require_unchanged,
    watched,
)
from rathaus.appointments.models import Location, Offer, Skill
from rathaus.appointments.planning_errors import NameTaken, StepsTooFar, UnknownPlan
from rathaus.appointments.queries.planning.places import PLAN, may_plan_offer
from rathaus.audit.actions import record
from rathaus.core.actor import Actor
from rathaus.core.errors import NotAllowed
from rathaus.core.localized import Localized
from rathaus.core.transaction import atomic

LONGEST = 480  # minutes with all persons: a working day


@dataclass(frozen=True)
class OfferFacts:
    """What is said of an offer; times in minutes but `horizon_days`."""

    title: Localized
    advice: Localized
    minutes: int
    further_minutes: int
    max_persons: int
    buffer_minutes: int
    step_minutes: int
    lead_minutes: int
    horizon_days: int
    hold_minutes: int
    open_limit: int
    kinds: list[str]
    skill_id: int | None
    service_slug: str
    active: bool


@atomic
def save_offer(
    *,
    by: Actor,
    facts: OfferFacts,
    slug: str = "",
    offer: int | None = None,
    seen: str = "",
    decided: Decided = NOTHING,
) -> int:
    """Offer something new under a short name that stays, or change what is offered; its number.

    Appointments that were given keep their length. Raises `NotAllowed` for those who plan no
    location where it is served, `UnknownPlan`, `NameTaken`, `StepsTooFar`, `PlanChanged`,
    `AppointmentsHit`.
    """
    by.require(PLAN)
    alone()
    row = Offer(slug=slug) if offer is None else _own(by, offer)
    if offer is not None:
        require_unchanged(seen, row)
    elif Offer.objects.filter(slug=slug).exists():
        raise NameTaken
    if facts.minutes + facts.further_minutes * (facts.max_persons - 1) > LONGEST:
        raise StepsTooFar
    if facts.skill_id is not None and not Skill.objects.filter(pk=facts.skill_id).exists():
        raise UnknownPlan
    before = _values(row)
    everywhere = Location.objects.filter(active=True).values_list("pk", flat=True)
    with watched(by, list(everywhere), decided):
        for name, value in vars(facts).items():
            setattr(row, name, value)
        row.save()
    changed = sorted(name for name, value in asdict(facts).items() if before.get(name) != value)
    record(by=by, did="appointments.offer_saved", on=row, details={"changed": changed})
    return row.pk


def _own(by: Actor, offer: int) -> Offer:
    row = Offer.objects.filter(pk=offer).first()
    if row is None:
        raise UnknownPlan
    if not may_plan_offer(by, row):
        raise NotAllowed
    return row


def _values(row: Offer) -> dict[str, Any]:
    if row.pk is None:
        return {}
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}

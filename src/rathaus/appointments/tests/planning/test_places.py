"""Counters, shares and offers."""

import pytest
from tests.tables import nothing_changed

from rathaus.appointments.actions.planning.changing import Choice, stamp_of
from rathaus.appointments.actions.planning.offers import OfferFacts, save_offer
from rathaus.appointments.actions.planning.places import CounterFacts, save_counter, set_quotas
from rathaus.appointments.models import (
    Booking,
    Counter,
    Location,
    Offer,
    Quota,
    Skill,
)
from rathaus.appointments.planning_errors import (
    AppointmentsHit,
    NameTaken,
    NobodyMayCome,
    NumberTaken,
    PlanChanged,
    StepsTooFar,
)
from rathaus.appointments.queries.planning.unserved import unserved_bookings
from rathaus.appointments.tests.conftest import at
from rathaus.audit.models import Entry
from rathaus.core.actor import Actor
from rathaus.core.errors import NotAllowed

pytestmark = pytest.mark.django_db


def test_shares_within_a_hundred(location: Location, planner: Actor) -> None:
    named = {"by": planner, "location": location.pk}
    set_quotas(**named, shares={"online": 80, "phone": 40}, seen=stamp_of())  # type: ignore[arg-type]
    held = list(Quota.objects.order_by("pk"))
    assert {row.channel: row.share for row in held} == {"online": 80, "phone": 40}
    seen = stamp_of(*held)
    too_few = {"online": 50, "phone": 20, "walk_in": 20}
    with pytest.raises(NobodyMayCome), nothing_changed():
        set_quotas(**named, shares=too_few, seen=seen)
    with pytest.raises(ValueError, match="between 0 and 100"):
        set_quotas(**named, shares={"online": 101}, seen=seen)  # type: ignore[arg-type]
    set_quotas(**named, shares={"online": 60}, seen=seen)  # type: ignore[arg-type]
    assert Quota.objects.get().share == 60
    with pytest.raises(PlanChanged), nothing_changed():
        set_quotas(**named, shares={}, seen=seen)


def test_counters_are_opened_and_closed_down(
    location: Location, booked: Booking, planner: Actor
) -> None:
    named = {"by": planner, "location": location.pk}
    with pytest.raises(NumberTaken), nothing_changed():
        save_counter(**named, facts=CounterFacts(1, "Neu", "in_person"))
    save_counter(**named, facts=CounterFacts(3, "Video", "video"))  # type: ignore[arg-type]
    row = Counter.objects.get(pk=booked.counter_id)
    closed_down = CounterFacts(row.number, row.name, row.kind, active=False)
    change = {**named, "facts": closed_down, "counter": row.pk, "seen": stamp_of(row)}
    with pytest.raises(AppointmentsHit), nothing_changed():
        save_counter(**change)
    save_counter(**change, decided={booked.pk: Choice.KEEP})  # type: ignore[arg-type]
    assert unserved_bookings([location.pk]) == {booked.pk}


def facts(offer: Offer, **changed: object) -> OfferFacts:
    names = OfferFacts.__dataclass_fields__
    return OfferFacts(**{**{name: getattr(offer, name) for name in names}, **changed})


def test_offers_are_made_and_changed(
    location: Location, offer: Offer, booked: Booking, planner: Actor, elsewhere: Actor
) -> None:
    made = save_offer(by=planner, facts=facts(offer, minutes=20), slug="personalausweis")
    assert Offer.objects.get(pk=made).minutes == 20
    with pytest.raises(NameTaken), nothing_changed():
        save_offer(by=planner, facts=facts(offer), slug="ausweis")
    long = facts(offer, minutes=240, further_minutes=120, max_persons=4)
    seen = stamp_of(offer)
    with pytest.raises(StepsTooFar), nothing_changed():
        save_offer(by=planner, facts=long, offer=offer.pk, seen=seen)
    with pytest.raises(NotAllowed), nothing_changed():
        save_offer(by=elsewhere, facts=facts(offer), offer=offer.pk, seen=seen)

    save_offer(by=planner, facts=facts(offer, minutes=45), offer=offer.pk, seen=seen)

    with pytest.raises(PlanChanged), nothing_changed():
        save_offer(by=planner, facts=facts(offer), offer=offer.pk, seen=seen)
    booked.refresh_from_db()
    assert booked.ends_at == at("2026-09-15", "09:30")
    entry = Entry.objects.filter(did="appointments.offer_saved").latest("seq")
    assert entry.details == {"changed": ["minutes"]}


def test_another_skill_for_an_offer_hits_who_has_it(
    location: Location, offer: Offer, booked: Booking, planner: Actor
) -> None:
    skill = Skill.objects.create(slug="bauen", name={"de": "Bauen"})
    with pytest.raises(AppointmentsHit), nothing_changed():
        save_offer(
            by=planner, facts=facts(offer, skill_id=skill.pk), offer=offer.pk, seen=stamp_of(offer)
        )

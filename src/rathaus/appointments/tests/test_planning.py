"""What planners change: with a right, checked, on record, and without losing anybody."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, time
from uuid import UUID

import pytest
from tests.factories import make_clerk
from tests.tables import tables

from rathaus.accounts.models import Department, Person
from rathaus.accounts.queries import actor_of
from rathaus.appointments import actions
from rathaus.appointments.actions import Whom
from rathaus.appointments.actions.planning.absences import Away, remove_absence, save_absence
from rathaus.appointments.actions.planning.asking import ask_to_move
from rathaus.appointments.actions.planning.changing import Choice, stamp_of
from rathaus.appointments.actions.planning.closures import Closed, remove_closure, save_closure
from rathaus.appointments.actions.planning.duties import (
    AtCounter,
    add_duties,
    change_duty,
    end_duty,
)
from rathaus.appointments.actions.planning.hours import Open, add_hours, change_hours, end_hours
from rathaus.appointments.actions.planning.offers import OfferFacts, save_offer
from rathaus.appointments.actions.planning.people import save_skill, set_skills
from rathaus.appointments.actions.planning.places import CounterFacts, save_counter, set_quotas
from rathaus.appointments.actions.planning.weekly_rows import Times
from rathaus.appointments.models import (
    Absence,
    Booking,
    Closure,
    Counter,
    Duty,
    Location,
    MoveRequest,
    Offer,
    OpeningHours,
    Quota,
    Skill,
    StaffSkill,
)
from rathaus.appointments.planning_errors import (
    AbsentAlready,
    AppointmentsHit,
    BeginsInThePast,
    DutiesOverlap,
    EndsBeforeItBegins,
    HoursOverlap,
    LastBeforeFirst,
    NameTaken,
    NeverComes,
    NobodyMayCome,
    NobodyToTell,
    NoDayChosen,
    NumberTaken,
    OverAlready,
    PlanChanged,
    SkillExists,
    StepsTooFar,
    UnknownPlan,
)
from rathaus.appointments.queries.planning.unserved import unserved_bookings
from rathaus.appointments.tests.conftest import at, want
from rathaus.appointments.time_off import TimeOff
from rathaus.audit.models import Act, Entry
from rathaus.core.actor import Actor
from rathaus.core.errors import DomainError, NotAllowed
from rathaus.core.models import OutgoingMail

pytestmark = pytest.mark.django_db
MONDAY, TUESDAY, NEXT_MONDAY = date(2026, 9, 14), date(2026, 9, 15), date(2026, 9, 21)
IDA = Whom(name="Ida Gast", email="ida@example.org", phone="+43 1 23")
REASON = {"de": "Wegen Umbau", "en": "Building works"}


@pytest.fixture
def planner(office: Department) -> Actor:
    return actor_of(make_clerk(office, "appointments.serve", "appointments.plan"))


@pytest.fixture
def elsewhere(city: None) -> Actor:
    """Plans another department."""
    return actor_of(make_clerk("anderswo", "appointments.serve", "appointments.plan"))


@pytest.fixture
def booked(offer: Offer, planner: Actor) -> Booking:
    """Ida's appointment on Tuesday at nine, at one of the counters."""
    held = actions.book(
        by=planner, wanted=want(channel="phone"), begins_at=at("2026-09-15", "09:00"), whom=IDA
    )
    OutgoingMail.objects.all().delete()
    return Booking.objects.get(pk=held.booking)


def closed(location: Location, **changed: object) -> Closed:
    """The whole location on Tuesday."""
    return replace(Closed(location.pk, None, TimeOff(TUESDAY, TUESDAY), REASON), **changed)  # type: ignore[arg-type]


def times(starts: str, ends: str, since: date = MONDAY, until: date | None = None) -> Times:
    return Times(time.fromisoformat(starts), time.fromisoformat(ends), since, until)


def opens(
    starts: str, ends: str, since: date = MONDAY, channels: Iterable[str] = ("online",)
) -> Open:
    return Open(times(starts, ends, since), list(channels))


def deeds() -> list[str]:
    return list(Entry.objects.filter(act=Act.CHANGE).order_by("seq").values_list("did", flat=True))


def refused(error: type[DomainError], action: object, **named: object) -> DomainError:
    """The refusal, after which everything is as it was."""
    before = tables()
    with pytest.raises(error) as raised:
        action(**named)  # type: ignore[operator]
    assert tables() == before
    return raised.value


def test_a_closure_takes_free_time_away_and_gives_it_back(
    location: Location, offer: Offer, planner: Actor
) -> None:
    number = save_closure(by=planner, closed=closed(location))

    row = Closure.objects.get()
    assert (row.during.lower, row.during.upper) == (
        at("2026-09-15", "00:00"),
        at("2026-09-16", "00:00"),
    )
    assert (row.location, row.counter, row.reason) == (location, None, REASON)
    remove_closure(by=planner, closure=number, seen=stamp_of(row))
    assert not Closure.objects.exists()
    assert deeds() == ["appointments.closure_saved", "appointments.closure_removed"]


@pytest.mark.parametrize(
    ("during", "error"),
    [
        (TimeOff(TUESDAY, MONDAY), LastBeforeFirst),
        (TimeOff(TUESDAY, TUESDAY, time(12), time(12)), EndsBeforeItBegins),
        (TimeOff(date(2026, 9, 1), date(2026, 9, 13)), OverAlready),
    ],
)
def test_a_closure_that_makes_no_sense(
    location: Location, planner: Actor, during: TimeOff, error: type[DomainError]
) -> None:
    refused(error, save_closure, by=planner, closed=closed(location, during=during))


def test_only_who_plans_there_closes(
    location: Location, clerk: Actor, elsewhere: Actor, applicant: Actor
) -> None:
    for stranger in (clerk, elsewhere, applicant):
        refused(UnknownPlan, save_closure, by=stranger, closed=closed(location))
    row = Closure.objects.create(
        location=location, during=(at("2026-09-15", "08:00"), at("2026-09-15", "12:00"))
    )
    for stranger in (clerk, elsewhere, applicant):
        refused(UnknownPlan, remove_closure, by=stranger, closure=row.pk, seen=stamp_of(row))


def test_a_closure_that_hits_somebody_is_decided_first(
    location: Location, booked: Booking, planner: Actor
) -> None:
    hit = refused(AppointmentsHit, save_closure, by=planner, closed=closed(location))

    assert isinstance(hit, AppointmentsHit)
    assert hit.bookings == {booked.pk}
    assert not OutgoingMail.objects.exists()


def test_kept_appointments_stay_and_are_shown_as_nobodys(
    location: Location, booked: Booking, planner: Actor
) -> None:
    decided = {booked.pk: Choice.KEEP}
    save_closure(by=planner, closed=closed(location), decided=decided)

    booked.refresh_from_db()
    assert booked.state == "booked"
    assert unserved_bookings([location.pk]) == {booked.pk}
    assert not OutgoingMail.objects.exists()


def test_whoever_is_told_moves_with_one_click_and_is_served_again(
    location: Location, booked: Booking, planner: Actor
) -> None:
    save_closure(by=planner, closed=closed(location), decided={booked.pk: Choice.TELL})

    [mail] = OutgoingMail.objects.all()
    assert (mail.recipient, "Wegen Umbau" in mail.text) == ("ida@example.org", True)
    assert MoveRequest.objects.get().begins_at == booked.begins_at
    token = re.search(r"/termine/verschieben/([\w-]+)/", mail.text)
    assert token
    actions.move_by_link(token=token[1], begins_at=at("2026-09-16", "09:00"))
    booked.refresh_from_db()
    assert booked.begins_at == at("2026-09-16", "09:00")
    assert unserved_bookings([location.pk]) == set()
    assert "appointments.asked_to_move" in deeds()


def test_who_has_an_account_is_led_to_it(
    location: Location, offer: Offer, applicant: Actor, planner: Actor
) -> None:
    held = actions.hold(by=applicant, wanted=want(), begins_at=at("2026-09-15", "09:00"))
    actions.confirm(by=applicant, booking=held.booking)
    OutgoingMail.objects.all().delete()

    save_closure(by=planner, closed=closed(location), decided={held.booking: Choice.TELL})

    [mail] = OutgoingMail.objects.all()
    assert f"/termine/meine/{held.booking}/verschieben/" in mail.text
    entry = Entry.objects.get(did="appointments.asked_to_move", act=Act.CHANGE)
    assert entry.about == [applicant.person]


def test_nobody_is_told_without_an_address(
    location: Location, booked: Booking, planner: Actor
) -> None:
    Booking.objects.update(guest_email="")
    decided = {booked.pk: Choice.TELL}
    refused(NobodyToTell, save_closure, by=planner, closed=closed(location), decided=decided)


def test_a_closure_of_one_counter_hits_only_its_appointments(
    location: Location, booked: Booking, planner: Actor
) -> None:
    other = Counter.objects.exclude(pk=booked.counter_id).get()
    save_closure(by=planner, closed=closed(location, counter=other.pk))
    refused(
        AppointmentsHit,
        save_closure,
        by=planner,
        closed=closed(location, counter=booked.counter_id),
    )


def test_two_planners_do_not_overwrite_each_other(location: Location, planner: Actor) -> None:
    number = save_closure(by=planner, closed=closed(location))
    seen = stamp_of(Closure.objects.get())
    longer = closed(location, during=TimeOff(TUESDAY, date(2026, 9, 16)))
    save_closure(by=planner, closed=longer, closure=number, seen=seen)

    refused(
        PlanChanged, save_closure, by=planner, closed=closed(location), closure=number, seen=seen
    )
    refused(PlanChanged, remove_closure, by=planner, closure=number, seen=seen)


def test_an_absence_hits_who_is_alone_at_the_counter(
    location: Location, booked: Booking, planner: Actor
) -> None:
    person = Duty.objects.filter(counter=booked.counter_id).first().person_id  # type: ignore[union-attr]
    away = Away(person, TimeOff(TUESDAY, TUESDAY))
    hit = refused(AppointmentsHit, save_absence, by=planner, away=away)
    assert isinstance(hit, AppointmentsHit)
    assert hit.bookings == {booked.pk}

    number = save_absence(by=planner, away=away, decided={booked.pk: Choice.KEEP})

    refused(AbsentAlready, save_absence, by=planner, away=Away(person, TimeOff(MONDAY, TUESDAY)))
    row = Absence.objects.get()
    remove_absence(by=planner, absence=number, seen=stamp_of(row))
    assert not Absence.objects.exists()
    assert unserved_bookings([location.pk]) == set()


def test_an_absence_that_others_cover_hits_nobody(
    location: Location, booked: Booking, planner: Actor, office: Department
) -> None:
    duty = Duty.objects.get(counter=booked.counter_id, weekday=1)
    other = make_clerk(office, "appointments.serve")
    StaffSkill.objects.create(person=other, skill=Skill.objects.get())
    wanted = AtCounter(other.pk, booked.counter_id, times("08:00", "12:00"))
    add_duties(by=planner, weekdays=[1], wanted=wanted)

    save_absence(by=planner, away=Away(duty.person_id, TimeOff(TUESDAY, TUESDAY)))

    assert Absence.objects.count() == 1


def test_nobody_notes_absences_of_people_they_do_not_plan(
    location: Location, planner: Actor, elsewhere: Actor, citizen: Person
) -> None:
    colleague = Duty.objects.first().person_id  # type: ignore[union-attr]
    off = TimeOff(TUESDAY, TUESDAY)
    refused(UnknownPlan, save_absence, by=elsewhere, away=Away(colleague, off))
    refused(UnknownPlan, save_absence, by=planner, away=Away(citizen.pk, off))


def test_hours_are_added_where_they_overlap_with_none(location: Location, planner: Actor) -> None:
    add_hours(by=planner, location=location.pk, weekdays=[1, 3], wanted=opens("13:00", "17:00"))

    assert OpeningHours.objects.filter(opens="13:00").count() == 2
    named = {"by": planner, "location": location.pk}
    refused(HoursOverlap, add_hours, **named, weekdays=[1], wanted=opens("11:59", "12:30"))
    refused(NoDayChosen, add_hours, **named, weekdays=[], wanted=opens("18:00", "19:00"))
    refused(EndsBeforeItBegins, add_hours, **named, weekdays=[1], wanted=opens("19:00", "18:00"))
    past = opens("18:00", "19:00", since=date(2026, 9, 13))
    refused(BeginsInThePast, add_hours, **named, weekdays=[1], wanted=past)
    never = Open(times("18:00", "19:00", TUESDAY, date(2026, 9, 20)), ["online"])
    refused(NeverComes, add_hours, **named, weekdays=[0], wanted=never)


def test_hours_of_other_channels_may_overlap(location: Location, planner: Actor) -> None:
    OpeningHours.objects.update(channels=["online"])
    wanted = opens("08:00", "10:00", channels=["walk_in"])
    add_hours(by=planner, location=location.pk, weekdays=[0], wanted=wanted)
    assert OpeningHours.objects.filter(weekday=0).count() == 2


def test_changed_hours_hold_from_a_day_on(location: Location, planner: Actor) -> None:
    row = OpeningHours.objects.get(weekday=0)
    all_channels = row.channels
    change_hours(
        by=planner,
        hours=row.pk,
        wanted=opens("09:00", "13:00", NEXT_MONDAY, all_channels),
        seen=stamp_of(row),
    )

    held = OpeningHours.objects.filter(weekday=0).order_by("valid_from")
    assert [(one.opens, one.valid_from, one.valid_until) for one in held] == [
        (time(8), date(2026, 1, 1), date(2026, 9, 20)),
        (time(9), NEXT_MONDAY, None),
    ]


def test_hours_in_the_future_are_changed_in_place(location: Location, planner: Actor) -> None:
    row = OpeningHours.objects.get(weekday=0)
    OpeningHours.objects.filter(pk=row.pk).update(valid_from=NEXT_MONDAY)
    row.refresh_from_db()
    wanted = opens("09:00", "13:00", MONDAY, row.channels)
    change_hours(by=planner, hours=row.pk, wanted=wanted, seen=stamp_of(row))
    row.refresh_from_db()
    assert (row.opens, row.valid_from) == (time(9), MONDAY)
    assert OpeningHours.objects.filter(weekday=0).count() == 1


def test_what_was_cannot_be_changed(location: Location, planner: Actor) -> None:
    row = OpeningHours.objects.get(weekday=0)
    wanted = opens("09:00", "13:00", date(2026, 9, 1), row.channels)
    refused(
        BeginsInThePast, change_hours, by=planner, hours=row.pk, wanted=wanted, seen=stamp_of(row)
    )


def test_an_end_alone_leaves_the_row_and_its_beginning(location: Location, planner: Actor) -> None:
    row = OpeningHours.objects.get(weekday=0)
    wanted = Open(times("08:00", "12:00", MONDAY, NEXT_MONDAY), row.channels)
    change_hours(by=planner, hours=row.pk, wanted=wanted, seen=stamp_of(row))
    row.refresh_from_db()
    assert (row.valid_from, row.valid_until) == (date(2026, 1, 1), NEXT_MONDAY)


def test_hours_end_and_what_lies_behind_is_decided(
    location: Location, booked: Booking, planner: Actor
) -> None:
    row = OpeningHours.objects.get(weekday=1)
    named = {"by": planner, "hours": row.pk, "last": MONDAY, "seen": stamp_of(row)}
    refused(AppointmentsHit, end_hours, **named)

    end_hours(**named, decided={booked.pk: Choice.KEEP})  # type: ignore[arg-type]

    row.refresh_from_db()
    assert row.valid_until == MONDAY


def test_hours_that_never_began_are_gone(location: Location, planner: Actor) -> None:
    row = OpeningHours.objects.get(weekday=0)
    OpeningHours.objects.filter(pk=row.pk).update(valid_from=NEXT_MONDAY)
    row.refresh_from_db()
    end_hours(by=planner, hours=row.pk, last=MONDAY, seen=stamp_of(row))
    assert not OpeningHours.objects.filter(weekday=0).exists()
    other = OpeningHours.objects.get(weekday=1)
    early = date(2026, 9, 1)
    refused(OverAlready, end_hours, by=planner, hours=other.pk, last=early, seen=stamp_of(other))


def test_nobody_is_in_two_places(location: Location, planner: Actor) -> None:
    first, second = Counter.objects.order_by("number")
    person = first.duties.first().person_id  # type: ignore[union-attr]
    wanted = AtCounter(person, second.pk, times("11:00", "13:00"))
    refused(DutiesOverlap, add_duties, by=planner, weekdays=[0], wanted=wanted)

    add_duties(by=planner, weekdays=[0], wanted=replace(wanted, times=times("12:00", "13:00")))

    assert second.duties.filter(person=person).count() == 1


def test_a_duty_goes_over_to_somebody_else_from_a_day_on(
    location: Location, booked: Booking, planner: Actor, office: Department
) -> None:
    row = Duty.objects.get(counter=booked.counter_id, weekday=1)
    heir = make_clerk(office, "appointments.serve")
    wanted = AtCounter(heir.pk, booked.counter_id, times("08:00", "12:00", TUESDAY))
    named = {"by": planner, "duty": row.pk, "wanted": wanted, "seen": stamp_of(row)}
    refused(AppointmentsHit, change_duty, **named)  # the heir cannot do passports yet
    set_skills(by=planner, person=heir.pk, skills=[Skill.objects.get().pk], seen=stamp_of())

    change_duty(**named)  # type: ignore[arg-type]

    row.refresh_from_db()
    assert row.valid_until == MONDAY
    taken_over = Duty.objects.get(person=heir)
    assert (taken_over.weekday, taken_over.valid_from) == (1, TUESDAY)
    assert unserved_bookings([location.pk]) == set()


def test_a_duty_ends(location: Location, booked: Booking, planner: Actor) -> None:
    row = Duty.objects.get(counter=booked.counter_id, weekday=1)
    named = {"by": planner, "duty": row.pk, "last": MONDAY, "seen": stamp_of(row)}
    refused(AppointmentsHit, end_duty, **named)
    end_duty(**named, decided={booked.pk: Choice.KEEP})  # type: ignore[arg-type]
    row.refresh_from_db()
    assert row.valid_until == MONDAY


def test_a_skill_taken_away_hits_what_needs_it(
    location: Location, booked: Booking, planner: Actor
) -> None:
    row = Duty.objects.get(counter=booked.counter_id, weekday=1)
    [held] = StaffSkill.objects.filter(person=row.person_id)
    named = {"by": planner, "person": row.person_id, "skills": [], "seen": stamp_of(held)}
    refused(AppointmentsHit, set_skills, **named)
    set_skills(**named, decided={booked.pk: Choice.KEEP})  # type: ignore[arg-type]
    assert not StaffSkill.objects.filter(person=row.person_id).exists()
    refused(PlanChanged, set_skills, **named)


def test_skills_have_names_of_their_own(location: Location, planner: Actor, clerk: Actor) -> None:
    name = {"de": "Führerscheine", "en": "Driving licences"}
    number = save_skill(by=planner, name=name)
    row = Skill.objects.get(pk=number)
    assert row.slug == "fuhrerscheine"
    refused(SkillExists, save_skill, by=planner, name={"de": "führerscheine"})
    refused(NotAllowed, save_skill, by=clerk, name={"de": "Anderes"})
    renamed = {"de": "Lenkberechtigungen"}
    save_skill(by=planner, name=renamed, skill=number, seen=stamp_of(row))
    row.refresh_from_db()
    assert (row.name, row.slug) == (renamed, "fuhrerscheine")


def test_shares_within_a_hundred(location: Location, planner: Actor) -> None:
    named = {"by": planner, "location": location.pk}
    set_quotas(**named, shares={"online": 80, "phone": 40}, seen=stamp_of())  # type: ignore[arg-type]
    held = list(Quota.objects.order_by("pk"))
    assert {row.channel: row.share for row in held} == {"online": 80, "phone": 40}
    seen = stamp_of(*held)
    too_few = {"online": 50, "phone": 20, "walk_in": 20}
    refused(NobodyMayCome, set_quotas, **named, shares=too_few, seen=seen)
    with pytest.raises(ValueError, match="between 0 and 100"):
        set_quotas(**named, shares={"online": 101}, seen=seen)  # type: ignore[arg-type]
    set_quotas(**named, shares={"online": 60}, seen=seen)  # type: ignore[arg-type]
    assert Quota.objects.get().share == 60
    refused(PlanChanged, set_quotas, **named, shares={}, seen=seen)


def test_counters_are_opened_and_closed_down(
    location: Location, booked: Booking, planner: Actor
) -> None:
    named = {"by": planner, "location": location.pk}
    refused(NumberTaken, save_counter, **named, facts=CounterFacts(1, "Neu", "in_person"))
    save_counter(**named, facts=CounterFacts(3, "Video", "video"))  # type: ignore[arg-type]
    row = Counter.objects.get(pk=booked.counter_id)
    closed_down = CounterFacts(row.number, row.name, row.kind, active=False)
    change = {**named, "facts": closed_down, "counter": row.pk, "seen": stamp_of(row)}
    refused(AppointmentsHit, save_counter, **change)
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
    refused(NameTaken, save_offer, by=planner, facts=facts(offer), slug="ausweis")
    long = facts(offer, minutes=240, further_minutes=120, max_persons=4)
    seen = stamp_of(offer)
    refused(StepsTooFar, save_offer, by=planner, facts=long, offer=offer.pk, seen=seen)
    refused(NotAllowed, save_offer, by=elsewhere, facts=facts(offer), offer=offer.pk, seen=seen)

    save_offer(by=planner, facts=facts(offer, minutes=45), offer=offer.pk, seen=seen)

    refused(PlanChanged, save_offer, by=planner, facts=facts(offer), offer=offer.pk, seen=seen)
    booked.refresh_from_db()
    assert booked.ends_at == at("2026-09-15", "09:30")
    entry = Entry.objects.filter(did="appointments.offer_saved").latest("seq")
    assert entry.details == {"changed": ["minutes"]}


def test_another_skill_for_an_offer_hits_who_has_it(
    location: Location, offer: Offer, booked: Booking, planner: Actor
) -> None:
    skill = Skill.objects.create(slug="bauen", name={"de": "Bauen"})
    refused(
        AppointmentsHit,
        save_offer,
        by=planner,
        facts=facts(offer, skill_id=skill.pk),
        offer=offer.pk,
        seen=stamp_of(offer),
    )


def test_asking_is_for_those_who_plan_or_serve_there(
    booked: Booking, planner: Actor, clerk: Actor, elsewhere: Actor, applicant: Actor
) -> None:
    for stranger in (elsewhere, applicant):
        refused(UnknownPlan, ask_to_move, by=stranger, booking=booked.pk, reason={})
    ask_to_move(by=clerk, booking=booked.pk, reason={})
    ask_to_move(by=planner, booking=booked.pk, reason={})
    assert (OutgoingMail.objects.count(), MoveRequest.objects.count()) == (2, 1)


def test_what_is_over_or_only_held_is_nobodys_loss(
    location: Location, offer: Offer, applicant: Actor, planner: Actor
) -> None:
    actions.hold(by=applicant, wanted=want(), begins_at=at("2026-09-15", "09:00"))
    save_closure(by=planner, closed=closed(location))
    found: set[UUID] = unserved_bookings([location.pk])
    assert found == set()

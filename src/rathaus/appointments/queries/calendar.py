"""The calendar of a location: who has which time at which counter, what is closed, what is free."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q

from rathaus.appointments.day_grid import HOUR, Grid, Placed, grid_around
from rathaus.appointments.free_slots import Timetable, staffed_spans
from rathaus.appointments.models import Booking, Closure, Counter, Duty, Location, Offer
from rathaus.appointments.opening import (
    VIENNA,
    midnight,
    minute_of,
    minutes_after_midnight,
    moment_of,
    spans_on,
)
from rathaus.appointments.queries.planning.hits import asked_at
from rathaus.appointments.queries.timetables import Period, read_picture
from rathaus.appointments.spans import Span, common, joined, without
from rathaus.appointments.states import BLOCKING, State
from rathaus.appointments.unserved import Promised, unserved
from rathaus.audit.reading import reading
from rathaus.core.actor import Actor
from rathaus.core.clock import now
from rathaus.core.localized import Localized

ONE_DAY = timedelta(days=1)
DAYS = 7
WORKING_DAYS = 5
NOT_SHOWN = (State.CANCELLED, State.EXPIRED)


@dataclass(frozen=True)
class Appointment:
    """Somebody's appointment as the calendar shows it."""

    booking: UUID
    name: str
    titles: Sequence[Localized]
    persons: int
    state: str
    status: str
    is_unserved: bool
    asked_at: datetime | None


@dataclass(frozen=True)
class Block:
    """A stretch of a counter's day: an appointment, or time that is free, closed, or unstaffed.

    `kind` is booking, free, closed or away; `notes` say why nobody is there, in languages or as
    names.
    """

    kind: str
    begins_at: datetime
    ends_at: datetime
    place: Placed
    appointment: Appointment | None = None
    reasons: Sequence[Localized] = ()
    people: Sequence[str] = ()


@dataclass(frozen=True)
class Column:
    """One counter on one day."""

    counter: Counter
    day: date
    people: Sequence[str]
    blocks: Sequence[Block]
    bookings: int
    free_minutes: int
    is_closed: bool

    @property
    def free(self) -> str:
        """How much is free, as people say it; empty for nothing."""
        return duration(self.free_minutes)


@dataclass(frozen=True)
class Calendar:
    """Columns beside each other on one grid; `hours` are those of its lines, `tall` how many."""

    location: Location
    first: date
    last: date
    columns: Sequence[Column]
    hours: Sequence[int]
    tall: int


@dataclass(frozen=True)
class DayFacts:
    """What is known of a location's day, for all counters."""

    day: date
    span: Span
    hours: Sequence[Span]
    staffed: Mapping[int, Sequence[Span]]


@dataclass(frozen=True)
class Facts:
    """Everything that was read for the days of a calendar."""

    timetable: Timetable
    duties: Sequence[Duty]
    closures: Sequence[Closure]


def day_calendar(*, by: Actor, location: Location, day: date) -> Calendar:
    """All counters on one day. Names are read, and that is on record."""
    return _calendar(by, location, counters_on(location, [day]), [day])


def counter_week(*, by: Actor, counter: Counter, day: date) -> Calendar:
    """One counter on the days of the week in which `day` lies."""
    return _calendar(by, counter.location, [counter], week_of(day))


def counters_on(location: Location, days: Sequence[date]) -> list[Counter]:
    """The counters in use, and those closed down where somebody still has an appointment."""
    still = Booking.objects.filter(
        begins_at__gte=moment_of(midnight(days[0])),
        begins_at__lt=moment_of(midnight(days[-1] + ONE_DAY)),
        state=State.BOOKED,
    )
    rows = location.counters.filter(Q(active=True) | Q(pk__in=still.values("counter")))
    return list(rows.order_by("number"))


def week_of(day: date) -> list[date]:
    """Monday to Sunday."""
    monday = day - timedelta(days=day.weekday())
    return [monday + timedelta(days=number) for number in range(DAYS)]


def _calendar(
    by: Actor, location: Location, counters: Sequence[Counter], days: Sequence[date]
) -> Calendar:
    rows = _bookings(by, location, counters, days)
    facts = facts_of(location, rows, days)
    titles: dict[str, Localized] = dict(Offer.objects.values_list("slug", "title"))
    lost = unserved(facts.timetable, _promised(rows))
    asked = asked_at(rows)
    shown = {row.pk: _appointment(row, titles, lost, asked.get(row.pk)) for row in rows}
    found: list[tuple[DayFacts, Counter, list[Booking]]] = []
    for day in days:
        known = day_facts(facts.timetable, day)
        for counter in counters:
            own = [row for row in rows if row.counter_id == counter.pk and _lies_on(row, known)]
            found.append((known, counter, own))
    if len(days) > 1:
        found = [each for each in found if each[0].day.weekday() < WORKING_DAYS or _any(each)]
    grid = _grid(found)
    columns = [_column(facts, known, counter, own, shown, grid) for known, counter, own in found]
    return Calendar(
        location=location,
        first=days[0],
        last=days[-1],
        columns=columns,
        hours=[minute // HOUR for minute in grid.hours],
        tall=len(grid.hours),
    )


def _bookings(
    by: Actor, location: Location, counters: Sequence[Counter], days: Sequence[date]
) -> list[Booking]:
    since = moment_of(midnight(days[0]))
    until = moment_of(midnight(days[-1] + ONE_DAY))
    rows = Booking.objects.visible_to(by).filter(
        location=location,
        counter__in=counters,
        begins_at__gte=since,
        begins_at__lt=until,
    )
    rows = rows.exclude(state__in=NOT_SHOWN).exclude(state=State.HELD, hold_until__lte=now())
    with reading(by=by, did="appointments.read"):
        return list(rows.select_related("person", "counter").order_by("begins_at"))


def facts_of(location: Location, rows: Iterable[Booking], days: Sequence[date]) -> Facts:
    """What a location's days depend on; the skills of people as far as these bookings need them."""
    offers = sorted({wish["offer"] for row in rows for wish in row.chosen})
    period = Period(days[0], days[-1], now())
    picture = read_picture(location.slug, offers, period)
    since, until = moment_of(midnight(days[0])), moment_of(midnight(days[-1] + ONE_DAY))
    duties = Duty.objects.filter(counter__location=location, valid_from__lte=days[-1])
    closures = Closure.objects.filter(during__overlap=(since, until))
    return Facts(
        timetable=picture.plan.timetable if picture else Timetable({}, (), ()),
        duties=list(duties.select_related("person")),
        closures=[
            closure
            for closure in closures.select_related("counter")
            if location.pk == closure.location_id
            or (closure.counter is not None and closure.counter.location_id == location.pk)
        ],
    )


def day_facts(timetable: Timetable, day: date) -> DayFacts:
    """The hours of a location's day, and when somebody is at each counter."""
    hours: list[Span] = []
    if day not in timetable.holidays:
        for each in timetable.hours:
            if each.weekly.holds_on(day):
                hours += spans_on(day, each.weekly.starts, each.weekly.ends)
    span = midnight(day), midnight(day + ONE_DAY)
    return DayFacts(day, span, joined(hours), staffed_spans(timetable, day))


def _lies_on(row: Booking, known: DayFacts) -> bool:
    return known.span[0] <= minute_of(row.begins_at) < known.span[1]


def _any(each: tuple[DayFacts, Counter, list[Booking]]) -> bool:
    known, _counter, own = each
    return bool(known.hours or own)


def _grid(found: Sequence[tuple[DayFacts, Counter, list[Booking]]]) -> Grid:
    """One grid for all days, by the clock on the wall."""
    return grid_around(
        _on_the_clock(span)
        for known, _counter, own in found
        for span in [*known.hours, *map(_span_of, own)]
    )


def _on_the_clock(span: Span) -> Span:
    """When it begins by the clock on the wall, in minutes after midnight, and so much later."""
    begin = minutes_after_midnight(moment_of(span[0]).astimezone(VIENNA).time())
    return begin, begin + span[1] - span[0]


def _span_of(row: Booking) -> Span:
    return minute_of(row.begins_at), minute_of(row.ends_at)


def _column(
    facts: Facts,
    known: DayFacts,
    counter: Counter,
    own: Sequence[Booking],
    shown: Mapping[UUID, Appointment],
    grid: Grid,
) -> Column:
    staffed = known.staffed.get(counter.pk, ())
    seen = joined(map(_span_of, own))
    free = without(staffed, joined(_whole(row) for row in own if State(row.state) in BLOCKING))
    closed = _closed(facts, known, counter)
    duties = [duty for duty in facts.duties if duty.counter_id == counter.pk]
    on_duty = [(duty, duty_spans(duty, known)) for duty in duties]
    meant = common(joined(span for _duty, spans in on_duty for span in spans), known.hours)
    away = without(meant, joined([*staffed, *seen, *(span for span, _reason in closed)]))
    blocks = [_block("booking", _span_of(row), grid, appointment=shown[row.pk]) for row in own]
    blocks += [_block("free", span, grid) for span in without(free, seen)]
    blocks += [
        _block("closed", span, grid, reasons=[reason])
        for whole, reason in closed
        for span in without([whole], seen)
    ]
    blocks += [_block("away", span, grid, people=_people(on_duty, span)) for span in away]
    return Column(
        counter=counter,
        day=known.day,
        people=_people(on_duty, None),
        blocks=sorted(blocks, key=lambda block: (block.begins_at, block.kind)),
        bookings=len(own),
        free_minutes=sum(end - begin for begin, end in free),
        is_closed=not known.hours,
    )


def _closed(facts: Facts, known: DayFacts, counter: Counter) -> list[tuple[Span, Localized]]:
    """What of the open hours is closed at a counter, each stretch once, and why."""
    found: list[tuple[Span, Localized]] = []
    for closure in facts.closures:
        if closes(closure, counter):
            already = joined(span for span, _reason in found)
            spans = without(common(clipped(closure, known), known.hours), already)
            found += [(span, closure.reason) for span in spans]
    return found


def _whole(row: Booking) -> Span:
    return minute_of(row.begins_at), minute_of(row.frees_at)


def closes(closure: Closure, counter: Counter) -> bool:
    """Whether a closure of the location, or of one of its counters, closes this one."""
    return closure.counter_id in (None, counter.pk)


def clipped(closure: Closure, known: DayFacts) -> list[Span]:
    """What of a closure lies on a day."""
    begin, end = minute_of(closure.during.lower), minute_of(closure.during.upper)
    return joined([(max(begin, known.span[0]), min(end, known.span[1]))])


def duration(minutes: int) -> str:
    """`2 h 30 min`; empty for nothing."""
    hours, rest = divmod(minutes, HOUR)
    parts = [f"{hours} h"] if hours else []
    return " ".join([*parts, f"{rest} min"] if rest else parts)


def duty_spans(duty: Duty, known: DayFacts) -> list[Span]:
    """When a duty would be on a day, holiday or not."""
    holds = (
        duty.weekday == known.day.weekday()
        and duty.valid_from <= known.day
        and (duty.valid_until is None or known.day <= duty.valid_until)
    )
    if not holds:
        return []
    starts, ends = minutes_after_midnight(duty.starts), minutes_after_midnight(duty.ends)
    return spans_on(known.day, starts, ends)


def _people(on_duty: Iterable[tuple[Duty, Sequence[Span]]], span: Span | None) -> list[str]:
    """Whose duty it is then (or at any time of the day), each once."""
    names = [
        duty.person.full_name
        for duty, spans in on_duty
        if (spans if span is None else common(joined(spans), [span]))
    ]
    return list(dict.fromkeys(names))


def _block(
    kind: str,
    span: Span,
    grid: Grid,
    *,
    appointment: Appointment | None = None,
    reasons: Sequence[Localized] = (),
    people: Sequence[str] = (),
) -> Block:
    return Block(
        kind=kind,
        begins_at=moment_of(span[0]),
        ends_at=moment_of(span[1]),
        place=grid.place(_on_the_clock(span)),
        appointment=appointment,
        reasons=[reason for reason in reasons if reason],
        people=people,
    )


def _appointment(
    row: Booking, titles: Mapping[str, Localized], lost: set[UUID], asked: datetime | None
) -> Appointment:
    return Appointment(
        booking=row.pk,
        name=row.name,
        titles=[titles[wish["offer"]] for wish in row.chosen if wish["offer"] in titles],
        persons=row.persons,
        state=row.state,
        status=row.get_state_display(),
        is_unserved=row.pk in lost,
        asked_at=asked,
    )


def _promised(rows: Iterable[Booking]) -> list[Promised]:
    """The coming appointments of these, with what is needed to serve them."""
    skills: dict[str, str] = dict(
        Offer.objects.exclude(skill=None).values_list("slug", "skill__slug")
    )
    return [
        Promised(
            row.pk,
            row.counter_id,
            *_span_of(row),
            frozenset(skills[wish["offer"]] for wish in row.chosen if wish["offer"] in skills),
        )
        for row in rows
        if row.state == State.BOOKED and row.begins_at > now()
    ]

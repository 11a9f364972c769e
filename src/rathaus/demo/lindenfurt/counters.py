"""The counters of the citizen service, and a queue of today that runs up to this moment."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from heapq import heappop, heappush
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import yaml

from rathaus.accounts.queries import actor_by_id, departments
from rathaus.appointments.actions import calling, counters, tickets
from rathaus.appointments.models import (
    Booking,
    Counter,
    Duty,
    Location,
    Offer,
    OpeningHours,
    Skill,
    StaffSkill,
    Ticket,
    TicketSeries,
)
from rathaus.appointments.queue_errors import NobodyWaiting
from rathaus.appointments.states import State
from rathaus.core.actor import ANONYMOUS, Actor
from rathaus.core.clock import VIENNA, as_of, now, today
from rathaus.demo.lindenfurt.people import CITY, person_id

BEGAN = date(2026, 1, 1)
OPENED_BEFORE = timedelta(minutes=70)
ARRIVES_EVERY = timedelta(minutes=2)
WALKS = timedelta(seconds=40)
Row = Mapping[str, Any]


def load() -> None:
    """Make the place, and let a queue run there if there is none today; twice changes nothing."""
    document: Row = yaml.safe_load(Path(__file__).with_name("counters.yaml").read_text("utf-8"))
    location = _place(document["location"])
    for row in document["skills"]:
        Skill.objects.get_or_create(slug=row["slug"], defaults={"name": row["name"]})
    for row in document["offers"]:
        _offer(row)
    for row in document["series"]:
        _series(location, row)
    for row in document["hours"]:
        _hours(location, row)
    for row in document["clerks"]:
        _clerk(location, row, document["hours"])
    if not Ticket.objects.filter(location=location, day=today()).exists():
        _appointments(location, document["appointments"])
        Morning(location, document, _begin()).tell()


def _begin() -> datetime:
    """When the counters opened: lately, and in any case today."""
    midnight = datetime.combine(today(), time(), VIENNA)
    return max(now() - OPENED_BEFORE, midnight)


@dataclass
class Morning:
    """What happened at the counters since they were opened, each thing at its own moment."""

    location: Location
    document: Row
    begin: datetime
    luck: random.Random = field(default_factory=lambda: random.Random(4890))
    _coming: list[tuple[datetime, int, Callable[[], None]]] = field(default_factory=list)
    _order: Iterator[int] = field(default_factory=count)

    def tell(self) -> None:
        """Let it happen in order, until now."""
        until = now()
        for row in self.document["clerks"]:
            if row.get("is_there"):
                self._at(self.begin, partial(self._open, row))
        moment = self.begin
        while moment < until:
            self._at(moment, self._draw)
            moment += ARRIVES_EVERY * self.luck.uniform(0.4, 1.6)
        while self._coming and self._coming[0][0] < until:
            moment, _number, deed = heappop(self._coming)
            with as_of(moment):
                deed()

    def _at(self, moment: datetime, deed: Callable[[], None]) -> None:
        heappush(self._coming, (moment, next(self._order), deed))

    def _draw(self) -> None:
        offer = self.luck.choice(self.document["offers"])
        tickets.draw_ticket(
            by=ANONYMOUS,
            location=self.location.slug,
            wished=tickets.Wished([offer["slug"]]),
        )

    def _open(self, row: Row) -> None:
        clerk = actor_by_id(person_id(row["slug"]))
        counter = Counter.objects.get(location=self.location, number=row["counter"])
        counters.open_counter(by=clerk, counter=counter.pk)
        self._at(now() + timedelta(minutes=1), partial(self._call, clerk))

    def _call(self, clerk: Actor) -> None:
        try:
            ticket = calling.call_next(by=clerk)
        except NobodyWaiting:
            self._at(now() + timedelta(minutes=1), partial(self._call, clerk))
            return
        self._at(now() + WALKS, partial(self._begin_with, clerk, ticket))

    def _begin_with(self, clerk: Actor, ticket: UUID) -> None:
        calling.begin(by=clerk, ticket=ticket)
        slug = Ticket.objects.values_list("offers", flat=True).get(pk=ticket)[0]
        planned = next(row["minutes"] for row in self.document["offers"] if row["slug"] == slug)
        takes = timedelta(minutes=planned * self.luck.uniform(0.6, 1.5))
        self._at(now() + takes, partial(self._finish, clerk, ticket))

    def _finish(self, clerk: Actor, ticket: UUID) -> None:
        calling.finish_ticket(by=clerk, ticket=ticket)
        pause = timedelta(seconds=self.luck.randint(5, 60))
        self._at(now() + pause, partial(self._call, clerk))


def _place(row: Row) -> Location:
    location, _made = Location.objects.get_or_create(
        slug=row["slug"],
        defaults={
            "name": row["name"],
            "department": next(each for each in departments() if each.slug == row["department"]),
            "address": row["address"],
        },
    )
    for number in range(1, row["counters"] + 1):
        Counter.objects.get_or_create(
            location=location, number=number, defaults={"name": f"Schalter {number}"}
        )
    return location


def _offer(row: Row) -> None:
    values = {name: value for name, value in row.items() if name not in ("slug", "skill")}
    if "skill" in row:
        values["skill"] = Skill.objects.get(slug=row["skill"])
    Offer.objects.get_or_create(slug=row["slug"], defaults=values)


def _series(location: Location, row: Row) -> None:
    series, made = TicketSeries.objects.get_or_create(
        location=location, letter=row["letter"], defaults={"title": row["title"]}
    )
    if made:
        series.offers.set(Offer.objects.filter(slug__in=row["offers"]))


def _hours(location: Location, row: Row) -> None:
    for weekday in row["days"]:
        OpeningHours.objects.get_or_create(
            location=location,
            weekday=weekday,
            opens=row["opens"],
            closes=row["closes"],
            valid_from=BEGAN,
        )


def _clerk(location: Location, row: Row, hours: list[Row]) -> None:
    person = person_id(row["slug"])
    for slug in row["skills"]:
        StaffSkill.objects.get_or_create(person_id=person, skill=Skill.objects.get(slug=slug))
    counter = Counter.objects.get(location=location, number=row["counter"])
    for shift in hours:
        for weekday in shift["days"]:
            Duty.objects.get_or_create(
                person_id=person,
                counter=counter,
                weekday=weekday,
                starts=shift["opens"],
                ends=shift["closes"],
                valid_from=BEGAN,
            )


def _appointments(location: Location, rows: list[Row]) -> None:
    """Of today, each at a counter of its own, so that none is in the way of another."""
    for number, row in enumerate(rows, 1):
        begins_at = _next_five_minutes(now() + timedelta(minutes=row["minutes_ahead"]))
        offer = Offer.objects.get(slug=row["offer"])
        ends_at = begins_at + timedelta(minutes=offer.minutes)
        booking = uuid5(CITY, f"{row['person']} {begins_at:%Y-%m-%d}")
        Booking.objects.get_or_create(
            pk=booking,
            defaults={
                "place": booking,
                "location": location,
                "counter": Counter.objects.get(location=location, number=number),
                "chosen": [{"offer": offer.slug, "persons": 1}],
                "channel": "online",
                "begins_at": begins_at,
                "ends_at": ends_at,
                "frees_at": ends_at,
                "state": State.BOOKED,
                "person_id": person_id(row["person"]),
                "made_at": now(),
                "changed_at": now(),
            },
        )


def _next_five_minutes(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0) + timedelta(minutes=5 - moment.minute % 5)

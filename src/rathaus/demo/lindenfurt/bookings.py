"""What people of Lindenfurt booked lately, moved, gave up or wait for: by real actions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from rathaus.appointments import actions
from rathaus.appointments.actions import Held, Waits, Whom
from rathaus.appointments.queries import Wanted, Wish, next_free
from rathaus.appointments.waitlist_order import DayPart, Suits
from rathaus.core.actor import ANONYMOUS, SYSTEM
from rathaus.core.clock import VIENNA, now, today
from rathaus.demo.lindenfurt.agenda import Agenda
from rathaus.demo.lindenfurt.appointments import Row
from rathaus.demo.lindenfurt.colleagues import Colleagues

WITHIN_DAYS = 40
BOOKED_AT = time(10, 15)
GIVEN_UP_BEFORE = timedelta(minutes=10)


@dataclass
class Bookings:
    """The rows `bookings` and `waitlist` of `appointments.yaml`."""

    document: Row
    colleagues: Colleagues
    until: datetime
    _held: dict[tuple[str, str], UUID] = field(default_factory=dict)

    def __call__(self, agenda: Agenda) -> None:
        """Each on the day on which it was made; a time that is given up just now comes last."""
        for row in self.document["bookings"]:
            agenda.at(self._morning(-row["made"]), partial(self._book, row))
        for row in self.document["waitlist"]:
            agenda.at(self._morning(-row["made"], after=1), partial(self._wait, row))
            if "freed" in row:
                agenda.at(self._morning(-row["made"] - 1), partial(self._take_away, row))
                agenda.at(self.until - GIVEN_UP_BEFORE, partial(self._give_up, row))

    def _book(self, row: Row) -> None:
        wanted = Wanted(row["location"], (Wish(row["offer"], row.get("persons", 1)),))
        held = self._hold(row, wanted, self._morning(row["in_days"]))
        by = self.colleagues.person(row["who"]) if "who" in row else SYSTEM
        actions.confirm(by=by, booking=held.booking)
        self._held[row.get("who", ""), row["offer"]] = held.booking
        if "moved_to" in row:
            again = Wanted(wanted.location, wanted.wishes, moving=held.booking)
            slot = first_free(again, self._morning(row["moved_to"]))
            actions.move(by=by, booking=held.booking, begins_at=slot)
        if row.get("cancelled"):
            actions.cancel(by=by, booking=held.booking)

    def _hold(self, row: Row, wanted: Wanted, after: datetime) -> Held:
        guest: Mapping[str, Any] = row.get("guest", {})
        by = self.colleagues.person(row["who"]) if "who" in row else ANONYMOUS
        begins_at = first_free(wanted, after)
        return actions.hold(by=by, wanted=wanted, begins_at=begins_at, whom=Whom(**guest))

    def _wait(self, row: Row) -> None:
        """For anything that becomes free within two months."""
        suits = Suits(
            earliest=today(),
            latest=today() + timedelta(days=60),
            weekdays=frozenset(range(5)),
            parts=frozenset(DayPart),
            notice_hours=24,
        )
        own = self._held[row["who"], row["offer"]] if row.get("with_booking") else None
        persons = 2 if own else 1
        waits = Waits((Wish(row["offer"], persons),), (row["location"],), suits)
        actions.join_waitlist(by=self.colleagues.person(row["who"]), waits=waits, booking=own)

    def _take_away(self, row: Row) -> None:
        """Somebody else has the time that will be given up."""
        wanted = Wanted(row["location"], (Wish(row["offer"]),))
        freed = {"guest": row["freed"]["by"]}
        held = self._hold(freed, wanted, self._morning(row["freed"]["in_days"]))
        actions.confirm(by=SYSTEM, booking=held.booking)
        self._held["", row["offer"]] = held.booking

    def _give_up(self, row: Row) -> None:
        actions.cancel(by=SYSTEM, booking=self._held["", row["offer"]])

    def _morning(self, days: int, *, after: int = 0) -> datetime:
        day = self.until.astimezone(VIENNA).date() + timedelta(days=days)
        return datetime.combine(day, BOOKED_AT, VIENNA) + timedelta(hours=after)


def first_free(wanted: Wanted, after: datetime) -> datetime:
    """The first free time at or after that moment. Raises `LookupError` where there is none."""
    found = next_free(wanted, max(after, now()), count=1, within=WITHIN_DAYS)
    if not found:
        raise LookupError(f"no free time for {wanted}")
    return found[0].begins_at

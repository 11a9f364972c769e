"""How a time is taken and given back in the database, in an order in which nobody waits in a ring.

Everybody locks in this order: who they are, their own booking, counters to clear by their number, a
time at a counter, and at the very end quotas by place and day, then the audit trail. Rows of others
are only ever locked if nobody else holds them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from functools import cache
from typing import Any
from uuid import UUID, uuid4

from django.db import connection
from psycopg.types.json import Jsonb

from rathaus.appointments.actions.quotas import return_quota
from rathaus.appointments.limits import Having
from rathaus.appointments.models import Booking
from rathaus.appointments.opening import VIENNA
from rathaus.appointments.queries.timetables import Period, Picture, Plan, read_turn
from rathaus.appointments.states import State
from rathaus.core.clock import local_date, now

# Whoever holds one of these rows is confirming it, or puts it away like us: it is left to them.
RUN_OUT = """
    SELECT id, channel, quota_minutes FROM appointments_booking
    WHERE counter_id = %(counter)s AND state = 'held' AND hold_until <= %(at)s
        AND begins_at < %(until)s AND frees_at > %(since)s
    FOR UPDATE SKIP LOCKED
"""
ALONE = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"
EXPIRE = """
    UPDATE appointments_booking
    SET state = 'expired', revision = revision + 1, changed_at = %s, quota_minutes = 0
    WHERE id = ANY (%s)
"""
MOVE = """
    UPDATE appointments_booking
    SET location_id = %(location)s, counter_id = %(counter)s, begins_at = %(begins_at)s,
        ends_at = %(ends_at)s, frees_at = %(frees_at)s, quota_minutes = %(quota_minutes)s,
        revision = revision + 1, changed_at = %(at)s, reminded_at = NULL
    WHERE id = %(booking)s
"""


@dataclass(frozen=True)
class Turn:
    """What somebody has already, counted while nobody else can act as them; `same` is the booking
    that was made with the same key.
    """

    having: Having
    same: UUID | None


def picture_in_turn(
    plan: Plan, period: Period, *, identity: str, key: UUID | None, lasting: bool
) -> tuple[Picture, Turn]:
    """What a location has, and what somebody has: one after the other act as the same person,
    until the end of the transaction. All in one statement.
    """
    day_began = datetime.combine(local_date(period.at), time(), VIENNA)
    turn = (identity, day_began, period.at, key)
    picture, row = read_turn(plan, period, turn, lasting=lasting)
    by_offer: dict[str, int] = {}
    for chosen in row["offers"]:
        for wish in chosen:
            by_offer[wish["offer"]] = by_offer.get(wish["offer"], 0) + 1
    same = UUID(row["same"]) if row["same"] else None
    return picture, Turn(Having(row["open"], row["today"], by_offer), same)


def take(booking: Booking, counters: Sequence[int]) -> bool:
    """Insert the booking at the first of these counters that has its time; False where none has.

    A hold that ran out is put away and does not stand in the way. Whoever puts away does so alone
    at its counter, and goes from one counter to the next in the order in which everybody does: two
    of them could else each put away what the other waits for.
    """
    if any(_inserted(booking, counter) for counter in counters):
        return True
    return any(_inserted_after_clearing(booking, counter) for counter in sorted(counters))


def _inserted_after_clearing(booking: Booking, counter: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(ALONE, [f"counter {counter}"])
    booking.counter_id = counter
    put_away(booking)
    return _inserted(booking, counter)  # whoever cleared it before us may have taken another part


def put_away(wanted: Booking) -> None:
    """Let the holds end that ran out and stand in the way of this one."""
    values: dict[str, Any] = {
        "counter": wanted.counter_id,
        "at": now(),
        "since": wanted.begins_at,
        "until": wanted.frees_at,
    }
    with connection.cursor() as cursor:
        cursor.execute(RUN_OUT, values)
        gone = cursor.fetchall()
        if not gone:
            return
        cursor.execute(EXPIRE, [now(), [booking for booking, *_rest in gone]])
    day = local_date(wanted.begins_at)
    for _booking, channel, minutes in gone:
        return_quota(wanted.location_id, day, channel, minutes)


def move_to(booking: Booking, target: Booking, counters: Sequence[int]) -> bool:
    """Bring the booking to the target's time at the first counter that has it, as one row.

    A second row takes the new time before the old one is given up. False, and nothing has changed,
    where no counter has it.
    """
    target.pk, target.place, target.made_with = uuid4(), booking.pk, None
    target.identity, target.state = "", booking.state
    if not take(target, counters):
        return False
    names = ("location_id", "begins_at", "ends_at", "frees_at", "quota_minutes")
    values = {name.removesuffix("_id"): getattr(target, name) for name in names}
    values |= {"booking": booking.pk, "counter": target.counter_id, "at": now()}
    with connection.cursor() as cursor:
        cursor.execute(MOVE, values)
        cursor.execute("DELETE FROM appointments_booking WHERE id = %s", [target.pk])
    return True


def give_back(booking: Booking, state: State) -> None:
    """Put the booking into a state that blocks nobody, and return what it has of a quota.

    The caller saves the row.
    """
    booking.state = state
    day = local_date(booking.begins_at)
    return_quota(booking.location_id, day, booking.channel, booking.quota_minutes)
    booking.quota_minutes = 0


@cache
def _insert() -> tuple[str, list[str]]:
    """The statement and its attributes; a conflict of any kind inserts nothing and nobody waits
    in a ring, as a plain INSERT against an exclusion constraint does.
    """
    fields = [field for field in Booking._meta.concrete_fields if not field.generated]
    columns = ", ".join(str(field.column) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    statement = (
        f"INSERT INTO appointments_booking ({columns}) VALUES ({places}) ON CONFLICT DO NOTHING"  # noqa: S608 - names of our own columns
    )
    return statement, [field.attname for field in fields]


def _inserted(booking: Booking, counter: int) -> bool:
    booking.counter_id = counter
    statement, names = _insert()
    values = [getattr(booking, name) for name in names]
    values[names.index("chosen")] = Jsonb(booking.chosen)
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return bool(cursor.rowcount)

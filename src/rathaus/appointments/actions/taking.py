"""How a time is taken and given back in the database, in an order in which nobody waits in a ring.

Everybody locks in this order: who they are, their own booking, counters to clear by their number, a
time at a counter, and at the very end quotas by place and day, then the audit trail. Rows of others
are only ever locked if nobody else holds them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from typing import Any
from uuid import UUID, uuid4

from django.db import DatabaseError, connection

from rathaus.appointments.actions.quotas import return_quota
from rathaus.appointments.errors import QuotaExhausted
from rathaus.appointments.limits import MOST_A_DAY, MOST_OPEN, Having
from rathaus.appointments.models import Booking
from rathaus.appointments.opening import VIENNA
from rathaus.appointments.queries.timetables import Plan
from rathaus.appointments.states import State
from rathaus.core.clock import local_date, now

# One statement that takes a turn, counts, tries every counter, and waits in no ring: a conflict of
# any kind inserts nothing, where a plain INSERT against an exclusion constraint would deadlock.
TAKE = """
    SELECT stale, turn::text, open::text, won
    FROM appointments_take(%s, %s, %s, %s, %s, %s::jsonb, %s::bigint[], %s::jsonb)
"""
QUOTA_USED_UP = "RQ001"
NOBODY = ""

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
# The second row has the same `place`, so that the two never stand in each other's way.
MOVE = """
    WITH gone AS (DELETE FROM appointments_booking WHERE id = %(keeper)s)
    UPDATE appointments_booking
    SET location_id = %(location)s, counter_id = %(counter)s, begins_at = %(begins_at)s,
        ends_at = %(ends_at)s, frees_at = %(frees_at)s, quota_minutes = %(quota_minutes)s,
        revision = revision + 1, changed_at = %(at)s, reminded_at = NULL
    WHERE id = %(booking)s
"""


@dataclass(frozen=True)
class Bounds:
    """What a time that is taken without any other statement must keep: how many somebody may have
    of each offer, and how many minutes of the `day` may be online.
    """

    offers: Mapping[str, int]
    day: date
    allowed: int

    def as_json(self) -> str:
        """For `appointments_take`."""
        limits = {"open": MOST_OPEN, "today": MOST_A_DAY, "offers": dict(self.offers)}
        return json.dumps({**limits, "day": self.day.isoformat(), "allowed": self.allowed})


@dataclass(frozen=True)
class Turn:
    """How it went, and what somebody had already, counted while nobody else could act as them.

    `same` is the booking that was made with the same key; then nothing was taken, nor where
    `counter` is None. `open` are the counters where nobody was, or only holds that ran out.
    """

    having: Having
    same: UUID | None
    counter: int | None
    open: Sequence[int]


def take_in_turn(
    booking: Booking,
    counters: Sequence[int],
    *,
    plan: Plan,
    who: str = NOBODY,
    lasting: bool = True,
    bounds: Bounds | None = None,
) -> Turn | None:
    """Insert the booking at the first of these counters that has its time, one after the other as
    the identity `who` until the end of the transaction. None, and nothing has happened, where the
    plan is not the newest any more.

    With `bounds` it is a whole deed, which needs no transaction around it: where somebody has too
    many nothing is taken, and `QuotaExhausted` is raised. Without, limits and quota are for the
    caller to ask about: whoever raises takes the booking with them. Without `lasting`, the commit
    does not wait for the disk.
    """
    try:
        return _take(booking, counters, known=plan.version, who=who, lasting=lasting, bounds=bounds)
    except DatabaseError as error:
        if getattr(error.__cause__, "sqlstate", "") == QUOTA_USED_UP:
            raise QuotaExhausted from error
        raise


def take(booking: Booking, counters: Sequence[int]) -> bool:
    """The same whoever it is for and whatever was planned: whether it has its time."""
    turn = _take(booking, counters)
    return turn is not None and settled(booking, turn)


def settled(booking: Booking, turn: Turn) -> bool:
    """Whether the booking has its time, perhaps after holds that ran out were put away.

    Whoever puts away does so alone at its counter, and goes from one counter to the next in the
    order in which everybody does: two could else each put away what the other waits for.
    """
    if turn.counter is not None:
        return True
    return any(_inserted_after_clearing(booking, counter) for counter in sorted(turn.open))


def _take(
    booking: Booking,
    counters: Sequence[int],
    *,
    known: int | None = None,
    who: str = NOBODY,
    lasting: bool = True,
    bounds: Bounds | None = None,
) -> Turn | None:
    moment = now()
    day_began = datetime.combine(local_date(moment), time(), VIENNA)
    values = [known, who, day_began, moment, lasting, _as_json(booking), list(counters)]
    values.append(bounds.as_json() if bounds else None)
    with connection.cursor() as cursor:
        cursor.execute(TAKE, values)
        stale, turn, open_ones, won = cursor.fetchone()
    if stale:
        return None
    if won is not None:
        booking.counter_id = won
    return _turn(json.loads(turn), won, json.loads(f"[{(open_ones or '')[1:-1]}]"))


def _turn(row: dict[str, Any], won: int | None, open_ones: Sequence[int]) -> Turn:
    by_offer: dict[str, int] = {}
    for chosen in row["offers"]:
        for wish in chosen:
            by_offer[wish["offer"]] = by_offer.get(wish["offer"], 0) + 1
    same = UUID(row["same"]) if row["same"] else None
    return Turn(Having(row["open"], row["today"], by_offer), same, won, open_ones)


def _inserted_after_clearing(booking: Booking, counter: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(ALONE, [f"counter {counter}"])
    booking.counter_id = counter
    put_away(booking)
    turn = _take(booking, [counter])  # whoever cleared it before us may have taken another part
    return turn is not None and turn.counter is not None


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


def move_to(
    booking: Booking, target: Booking, counters: Sequence[int], *, plan: Plan
) -> bool | None:
    """Bring the booking to the target's time at the first counter that has it, as one row.

    A second row takes the new time before the old one is given up. False, and nothing has changed,
    where no counter has it; None where the plan is not the newest any more.
    """
    target.pk, target.place, target.made_with = uuid4(), booking.pk, None
    target.identity, target.state = "", booking.state
    turn = take_in_turn(target, counters, plan=plan)
    if turn is None:
        return None
    if not settled(target, turn):
        return False
    names = ("location_id", "counter_id", "begins_at", "ends_at", "frees_at", "quota_minutes")
    for name in names:
        setattr(booking, name, getattr(target, name))
    booking.revision, booking.changed_at, booking.reminded_at = booking.revision + 1, now(), None
    values = {name.removesuffix("_id"): getattr(booking, name) for name in names}
    values |= {"booking": booking.pk, "keeper": target.pk, "at": booking.changed_at}
    with connection.cursor() as cursor:
        cursor.execute(MOVE, values)
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
def _columns() -> list[str]:
    return [field.attname for field in Booking._meta.concrete_fields if not field.generated]


def _as_json(booking: Booking) -> str:
    return json.dumps({name: getattr(booking, name) for name in _columns()}, default=str)

"""Calls for help as staff see them: what is open for me now, and what was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from rathaus.appointments.help_calls import HelpTerms, hears, may_close
from rathaus.appointments.models import (
    CounterSession,
    HelpAnswer,
    HelpCall,
    HelpTermsRow,
    Location,
)
from rathaus.appointments.queries.finding import SERVE
from rathaus.core.actor import Actor
from rathaus.core.clock import VIENNA, local_date, now, today
from rathaus.core.errors import NotFound
from rathaus.core.live import Topic
from rathaus.core.localized import Localized

PLAN = "appointments.plan"
MOST_PAST = 100
NO_TERMS = HelpTerms()


@dataclass(frozen=True)
class HeardCall:
    """An open call as one of the staff sees it; `coming` are the names of those who come.

    `is_own` where they called themselves: then it is shown so that nobody in front of the desk
    would notice.
    """

    id: int
    where: str
    location: Localized
    called_at: datetime
    is_of_today: bool
    coming: Sequence[str]
    is_own: bool
    i_come: bool
    may_close: bool


@dataclass(frozen=True)
class PastCall:
    """A call in the list of the head; times in seconds after the call."""

    id: int
    where: str
    called_at: datetime
    caller: str
    coming: Sequence[str]
    answered_after: int | None
    closed_after: int | None
    outcome: str
    reported: bool
    note: str


def help_topic(location: int) -> Topic:
    """What staff watch to hear of calls at a location."""
    return Topic("help", location)


def help_topics(by: Actor) -> list[Topic]:
    """What somebody watches: all locations where they serve."""
    return [help_topic(pk) for pk in _served(by).values_list("pk", flat=True)]


def heard_calls(by: Actor) -> list[HeardCall]:
    """The open calls that concern somebody now, the oldest first; usually none, in one query."""
    rows = list(
        _with_answers(HelpCall.objects.filter(closed_at=None, location__in=_served(by)))
        .select_related("location", "counter")
        .order_by("called_at")
    )
    if not rows:
        return []
    here = _open_counter_of(by.person)
    return [
        _heard(row, by)
        for row in rows
        if row.called_by_id == by.person or hears(here, row.location_id)
    ]


def _heard(row: HelpCall, by: Actor) -> HeardCall:
    answers = list(row.answers.all())
    coming = {answer.person_id for answer in answers}
    heads = by.may(PLAN, row.location.department_id)
    return HeardCall(
        id=row.pk,
        where=where_of(row),
        location=row.location.name,
        called_at=row.called_at,
        is_of_today=local_date(row.called_at) == today(),
        coming=[answer.person.full_name for answer in answers],
        is_own=row.called_by_id == by.person,
        i_come=by.person in coming,
        may_close=may_close(by.person, row.called_by_id, coming, heads=heads),
    )


def past_calls(*, by: Actor, location: Location) -> list[PastCall]:
    """The newest hundred calls of a location that somebody heads, open ones too."""
    if not by.may(PLAN, location.department_id):
        raise NotFound
    rows = _with_answers(HelpCall.objects.filter(location=location))
    found = rows.select_related("counter", "called_by").order_by("-called_at")[:MOST_PAST]
    return [_past(row) for row in found]


def _past(row: HelpCall) -> PastCall:
    answers = list(row.answers.all())
    first = answers[0].at if answers else None
    return PastCall(
        id=row.pk,
        where=where_of(row),
        called_at=row.called_at,
        caller=row.called_by.full_name,
        coming=[answer.person.full_name for answer in answers],
        answered_after=_seconds(row.called_at, first),
        closed_after=_seconds(row.called_at, row.closed_at),
        outcome=row.get_outcome_display() if row.outcome else _("läuft"),
        reported=row.escalated_at is not None,
        note=row.note,
    )


def help_terms(location: int, on: date) -> HelpTerms:
    """The terms in force at a location on a day."""
    rows = HelpTermsRow.objects.filter(location_id=location, valid_from__lte=on)
    row = rows.order_by("-valid_from").first()
    return HelpTerms(row.seconds, tuple(row.emails)) if row else NO_TERMS


def coming_terms(location: Location) -> list[HelpTermsRow]:
    """Terms that hold from a later day on, in order."""
    rows = HelpTermsRow.objects.filter(location=location, valid_from__gt=today())
    return list(rows.order_by("valid_from"))


def overdue_calls() -> list[int]:
    """Open calls that nobody answered in time and that were not reported."""
    rows = HelpCall.objects.filter(closed_at=None, escalated_at=None, answers=None)
    return [
        pk
        for pk, location, called_at in rows.values_list("pk", "location_id", "called_at")
        if help_terms(location, today()).unanswered_at(called_at) <= now()
    ]


def where_of(row: HelpCall) -> str:
    """ "an Schalter 3", "am Empfang"."""
    if row.counter is None:
        return _("am Empfang")
    return _("an %(counter)s") % {"counter": row.counter.name}


def _with_answers(rows: QuerySet[HelpCall]) -> QuerySet[HelpCall]:
    answers = HelpAnswer.objects.select_related("person").order_by("at", "pk")
    return rows.prefetch_related(Prefetch("answers", answers))


def _served(by: Actor) -> QuerySet[Location]:
    rows = Location.objects.filter(active=True)
    departments = by.departments(SERVE)
    return rows if departments is None else rows.filter(department_id__in=departments)


def _open_counter_of(person: UUID | None) -> int | None:
    if person is None:
        return None
    midnight = datetime.combine(today(), time(), VIENNA)  # one left open overnight says nothing
    rows = CounterSession.objects.filter(person_id=person, closed_at=None, opened_at__gte=midnight)
    return rows.values_list("counter__location_id", flat=True).first()


def _seconds(begin: datetime, end: datetime | None) -> int | None:
    return None if end is None else int((end - begin).total_seconds())

"""Whatever happens at the counters in whatever order: the fold of the log equals the tables."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from uuid import UUID, uuid4

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.factories import make_clerk

from rathaus.accounts.queries import actor_of
from rathaus.appointments.actions import calling, counters, forwarding, tickets
from rathaus.appointments.actions.tickets import Wished
from rathaus.appointments.learnt_document import learnt_document, learnt_in
from rathaus.appointments.models import Counter, CounterSession, Location, Offer, Ticket
from rathaus.appointments.queries.past_days import past_day, replay_of
from rathaus.appointments.queue_figures import figures
from rathaus.appointments.queue_replay import Deed, Desk, Happening, MoveRefused, after, replayed
from rathaus.appointments.tests.conftest import at
from rathaus.appointments.ticket_states import FOLLOWERS, TicketState
from rathaus.appointments.untaught import untaught
from rathaus.appointments.wait_rounding import ShownWait, shown
from rathaus.appointments.waiting_time import Wait
from rathaus.core.actor import ANONYMOUS, Actor
from rathaus.core.clock import today
from rathaus.core.errors import DomainError

TEN = at("2026-09-14", "10:00")
MINUTE = timedelta(minutes=1)
DRAWN = {"rank": 1, "offers": ["a"], "skills": [], "arrived_at": TEN.isoformat(), "turn": 3}
OFFERS = ("ausweis", "auskunft")
Step = tuple[str, int, int]

steps = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "draw",
                "next",
                "call",
                "recall",
                "begin",
                "finish",
                "reopen",
                "park",
                "unpark",
                "miss",
                "leave",
                "forward",
                "pause",
                "resume",
                "close",
                "open",
            ]
        ),
        st.integers(0, 1),
        st.integers(0, 4),
    ),
    min_size=5,
    max_size=40,
)


@pytest.fixture
def clerks(location: Location, offer: Offer) -> list[Actor]:
    Offer.objects.update(skill=None)
    Offer.objects.create(slug="auskunft", title={"de": "Auskunft"}, minutes=5)
    return [actor_of(make_clerk(location.department, "appointments.serve")) for _ in range(2)]


def do(step: Step, clerks: list[Actor]) -> None:
    """One press somewhere, on one of the first tickets; most are refused, as in life."""
    what, who, which = step
    by = clerks[who]
    known = list(Ticket.objects.order_by("rank")[: which + 1])
    ticket = known[-1].pk if known else uuid4()
    wished = Wished((OFFERS[which % 2],))
    counter = Counter.objects.get(number=who + 1).pk
    deeds: dict[str, Callable[[], object]] = {
        "draw": partial(tickets.draw_ticket, by=ANONYMOUS, location="rathaus", wished=wished),
        "next": partial(calling.call_next, by=by),
        "leave": partial(tickets.leave, token=tickets.token_of(ticket)),
        "forward": partial(forwarding.forward, by=by, ticket=ticket, offer=OFFERS[which % 2]),
        "pause": partial(counters.pause, by=by),
        "resume": partial(counters.resume, by=by),
        "close": partial(counters.close_counter, by=by),
        "open": partial(counters.open_counter, by=by, counter=counter),
    }
    on_ticket = {
        "call": calling.call_ticket, "recall": calling.recall, "begin": calling.begin,
        "finish": calling.finish_ticket, "reopen": calling.reopen, "park": calling.park,
        "unpark": calling.unpark, "miss": calling.miss_ticket,
    }  # fmt: skip
    try:
        with transaction.atomic():
            (deeds.get(what) or partial(on_ticket[what], by=by, ticket=ticket))()
    except DomainError:
        return


@pytest.mark.django_db
@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps)
def test_the_log_tells_the_tables(
    clerks: list[Actor], location: Location, presses: list[Step]
) -> None:
    with transaction.atomic(), time_machine.travel(TEN, tick=False) as clock:
        for number, by in enumerate(clerks, 1):
            counters.open_counter(by=by, counter=Counter.objects.get(number=number).pk)
        for step in presses:
            do(step, clerks)
            clock.shift(MINUTE / 2)
        told = replay_of(location, today())
        assert told.tickets == {one.pk: one.position for one in Ticket.objects.all()}
        assert told.desks == {
            one.counter_id: Desk(one.person_id, frozenset(one.skills), one.paused_at is not None)
            for one in CounterSession.objects.filter(closed_at=None)
        }
        day = past_day(location, today())
        assert figures(day.visits).people == Ticket.objects.count()
        transaction.set_rollback(True)


def happening(kind: Deed, minute: int, ticket: UUID, **details: object) -> Happening:
    return Happening(kind, TEN + minute * MINUTE, ticket, 1, UUID(int=7), details)


@given(st.lists(st.sampled_from(list(Deed)), max_size=30))
def test_only_moves_of_the_table_are_ever_made(deeds: list[Deed]) -> None:
    ticket = uuid4()
    position = after(None, happening(Deed.DRAWN, 0, ticket, **DRAWN))
    log = [happening(Deed.DRAWN, 0, ticket, **DRAWN)]
    for minute, deed in enumerate(deeds, 1):
        one = happening(deed, minute, ticket, offers=["b"], skills=[])
        try:
            found = after(position, one)
        except MoveRefused:
            continue
        assert found.state in FOLLOWERS[position.state]
        assert found.arrived_at == TEN, "nobody loses the time they have waited"
        position = found
        log.append(one)
    assert replayed(log).tickets == {ticket: position}
    if position.state in (TicketState.CALLED, TicketState.SERVING):
        assert position.counter == 1


def test_a_ticket_begins_by_being_drawn() -> None:
    with pytest.raises(MoveRefused):
        after(None, happening(Deed.CALLED, 0, uuid4()))


def test_what_was_learnt_survives_the_document() -> None:
    learnt = untaught({"a": 10 * MINUTE, "b": 3 * MINUTE})
    again = learnt_in(learnt_document(learnt))
    assert again.handling["a"].median == pytest.approx(learnt.handling["a"].median, rel=0.02)
    assert (again.pace_deviation, again.no_show) == (learnt.pace_deviation, learnt.no_show)
    assert learnt_in(learnt_document(again)) == again


@pytest.mark.parametrize(
    ("low", "high", "told"),
    [
        (0, 0, ShownWait(0, 5)),
        (1, 4.2, ShownWait(0, 5)),
        (6, 11, ShownWait(5, 15)),
        (12, 24, ShownWait(10, 25)),
        (10, 10, ShownWait(5, 10)),
        (47, 61, ShownWait(40, 70)),
    ],
)
def test_a_wait_is_told_in_steps(low: float, high: float, told: ShownWait) -> None:
    middle = (low + high) / 2
    assert shown(Wait(low * MINUTE, middle * MINUTE, high * MINUTE)) == told

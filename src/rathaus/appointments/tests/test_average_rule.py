"""Expected values follow Zmsentities/Collection/QueueList.php by hand."""

from datetime import UTC, datetime, timedelta

import pytest

from rathaus.appointments.average_rule import AverageWait, average_rule
from rathaus.appointments.calling_order import Punctuality, Turn, Waiting
from rathaus.appointments.queue_state import Expected, QueueState

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
TEN = timedelta(minutes=10)


def after(minutes):
    return NOW + timedelta(minutes=minutes)


def told(people, person, clerks=1, expected=()):
    state = QueueState((), tuple(people), tuple(expected), Punctuality(TEN, TEN))
    wait = average_rule(state, TEN, clerks, NOW, person)
    return wait.estimate / timedelta(minutes=1), wait.optimistic / timedelta(minutes=1)


@pytest.mark.parametrize(
    ("ahead", "clerks", "expected"),
    [
        (0, 1, (10, 0)),
        (1, 1, (20, 8)),
        (1, 2, (10, 0)),  # as their own test says of two people and two counters
        (5, 1, (60, 40)),
        (5, 3, (20, 8)),
        (5, 0, (60, 40)),
    ],
)
def test_walk_ins_count_slots_and_are_cut_to_minutes(ahead, clerks, expected):
    people = [Waiting(number, (), after(number - 30)) for number in range(ahead)]
    assert told(people, Waiting(99, (), NOW), clerks) == expected


def test_priorities_and_due_appointments_come_before_later_ones_do_not():
    me = Waiting(50, (), after(-30))
    urgent = Waiting(60, (), after(-1), turn=Turn.URGENT)
    due, later = Expected(61, (), after(0)), Expected(62, (), after(100))
    assert told([urgent], me) == (20, 8)
    assert told([], me, expected=[due]) == (20, 8)
    assert told([urgent], me, expected=[due, later]) == (30, 16)


def test_a_preferred_walk_in_comes_before_an_appointment_of_a_later_time():
    appointment = Expected(61, (), after(0))
    early = Waiting(50, (), after(-5), turn=Turn.PREFERRED)
    assert told([], early, expected=[appointment]) == (10, 0)
    assert told([early], Waiting(70, (), after(-9)), expected=[appointment]) == (30, 16)


def test_an_appointment_is_told_the_minutes_to_its_time():
    booked = Waiting(50, (), after(-3), after(25))
    assert told([], booked) == (33, 25)  # three empty slots of ten and two minutes before, plus one
    assert told([], Waiting(50, (), after(-3), after(1))) == (1, 1)
    assert told([], Waiting(50, (), after(-3), after(-1))) == (10, 0)


def test_both_numbers_are_times():
    state = QueueState((), (), (), Punctuality(TEN, TEN))
    nobody = average_rule(state, TEN, 1, NOW, Waiting(1, (), NOW))
    assert nobody == AverageWait(TEN, timedelta(0))

"""How good the wait estimate is: on days of six offices that the estimate has not learnt from."""

import random
import time
import timeit
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import mean, median

from _queue_days import PUNCTUALITY, Question, play
from _queue_offices import OFFICES, Office

from rathaus.appointments.average_rule import average_rule
from rathaus.appointments.calling_order import Waiting
from rathaus.appointments.handling_times import Learnt, as_today, learn
from rathaus.appointments.queue_log import Opening, PastDay
from rathaus.appointments.queue_state import Counter, Expected, QueueState, Serving
from rathaus.appointments.spread import without_outliers
from rathaus.appointments.waiting_time import (
    Calibration,
    Outcome,
    Wait,
    calibrate,
    estimate_wait,
    widened,
)
from rathaus.operate.measuring import percentile

Peers = dict[str, dict[str, float]]
FAR = 1_000  # test days are numbered from here, so that none is a training day

SHORT, LONG = 5, 30  # minutes that are foretold


@dataclass(frozen=True)
class Size:
    """How many days to learn from, to calibrate with and to test on, and questions of each."""

    learning: int
    calibrating: int
    testing: int
    asked_per_day: int


FULL, QUICK = Size(25, 15, 20, 60), Size(20, 8, 9, 14)


@dataclass(frozen=True)
class Answer:
    """One question answered by both rules; minutes, and `took` in milliseconds."""

    waited: float
    raw: Wait
    wait: Wait
    estimate: float
    optimistic: float
    crowd: int
    took: float

    @property
    def covered(self) -> bool:
        """Whether the truth lies in the interval."""
        return minutes(self.wait.low) <= self.waited <= minutes(self.wait.high)

    @property
    def covered_raw(self) -> bool:
        """Whether it would without calibration."""
        return minutes(self.raw.low) <= self.waited <= minutes(self.raw.high)

    @property
    def error(self) -> float:
        """Minutes by which the median is wrong."""
        return abs(self.waited - minutes(self.wait.median))


def minutes(length: timedelta) -> float:
    """As a number."""
    return length.total_seconds() / 60


def measure(*, quick: bool) -> tuple[dict[str, float], Peers]:
    """The figures of the estimate, and those of the peer's rule on the same questions."""
    size = QUICK if quick else FULL
    answers, unknown = {}, 0
    print(f"{'office':<12} {'asked':>6} {'wait':>6} {'cover':>6} {'raw':>6} {'width':>6} "
          f"{'error':>6} {'peer':>6} {'optim.':>6}")  # fmt: skip
    for office in OFFICES:
        answers[office.name], refused = answers_of(office, size)
        unknown += refused
        print_row(office.name, answers[office.name])
    everything = [one for some in answers.values() for one in some]
    print_row("all", everything)
    return figures(answers, everything, unknown), {"zms": peer_figures(everything)}


def answers_of(office: Office, size: Size) -> tuple[list[Answer], int]:
    """Learn, calibrate on later days, test on days after those."""
    planned = {matter.name: timedelta(minutes=matter.planned) for matter in office.matters}
    past = [play(office, number, of_test=False).log() for number in range(size.learning)]
    learnt, average = learn(past, planned), average_handling(past)
    later = range(size.learning, size.learning + size.calibrating)
    outcomes = []
    for question in questions(office, later, size, of_test=False):
        known = as_today(learnt, question.today)
        guess = estimate_wait(question.state, known, question.now, question.person)
        if isinstance(guess, Wait):
            outcomes.append(Outcome(guess, question.waited))
    calibration = calibrate(outcomes)
    tested = questions(office, range(FAR, FAR + size.testing), size, of_test=True)
    answers = [answer(question, learnt, calibration, average) for question in tested]
    known = [one for one in answers if one is not None]
    return known, len(answers) - len(known)


def questions(office: Office, days: Iterable[int], size: Size, *, of_test: bool) -> list[Question]:
    """Some of the questions of each day, by lot."""
    chosen: list[Question] = []
    for number in days:
        asked = list(play(office, number, of_test=of_test).questions())
        lot = random.Random(number)
        chosen += lot.sample(asked, min(size.asked_per_day, len(asked)))
    return chosen


def average_handling(days: Sequence[PastDay]) -> timedelta:
    """The one average of the peer, without the times of forgotten clicks, which favours it."""
    seconds = [
        (visit.finished_at - visit.began_at).total_seconds()
        for day in days
        for visit in day.visits
        if visit.finished_at is not None and visit.began_at is not None
    ]
    return timedelta(seconds=mean(without_outliers(seconds)))


def answer(
    question: Question, learnt: Learnt, calibration: Calibration, average: timedelta
) -> Answer | None:
    """Both rules on one question; nothing where the estimate names no wait."""
    begin = time.perf_counter()
    known = as_today(learnt, question.today)
    raw = estimate_wait(question.state, known, question.now, question.person)
    took = 1000 * (time.perf_counter() - begin)
    if not isinstance(raw, Wait):
        return None
    peer = average_rule(question.state, average, question.clerks, question.now, question.person)
    return Answer(
        waited=minutes(question.waited),
        raw=raw,
        wait=widened(raw, calibration),
        estimate=minutes(peer.estimate),
        optimistic=minutes(peer.optimistic),
        crowd=len(question.state.waiting),
        took=took,
    )


def error_of(answers: Sequence[Answer]) -> float:
    """Our median absolute error."""
    return median(one.error for one in answers)


def errors_of_peer(answers: Sequence[Answer]) -> tuple[float, float]:
    """The median absolute errors of the peer's two numbers."""
    return (
        median(abs(one.waited - one.estimate) for one in answers),
        median(abs(one.waited - one.optimistic) for one in answers),
    )


def gain(answers: Sequence[Answer]) -> float:
    """Percent by which our error is below that of the better of the peer's two numbers."""
    return 100 * (1 - error_of(answers) / min(errors_of_peer(answers)))


def cover(answers: Sequence[Answer]) -> float:
    """Percent of truths within the interval."""
    return 100 * mean(one.covered for one in answers)


def figures(
    answers: dict[str, list[Answer]], everything: Sequence[Answer], unknown: int
) -> dict[str, float]:
    """What the bars are about, and what stands behind them."""
    busy = [one for one in everything if one.crowd > 5]
    short = [one for one in everything if minutes(one.wait.median) < SHORT]
    long = [one for one in everything if minutes(one.wait.median) >= LONG]
    took = [one.took for one in everything]
    return {
        "interval_cover": round(cover(everything), 1),
        "wait_gain": round(gain(everything), 1),
        "wait_gain_busy": round(gain(busy), 1),
        "wait_error_min": round(error_of(everything), 2),
        "interval_width_min": round(width(everything), 1),
        "cover_uncalibrated": round(100 * mean(one.covered_raw for one in everything), 1),
        "cover_worst_office": round(min(cover(some) for some in answers.values()), 1),
        "cover_best_office": round(max(cover(some) for some in answers.values()), 1),
        "cover_of_short": round(cover(short), 1),
        "cover_of_long": round(cover(long), 1),
        "gain_worst_office": round(min(gain(some) for some in answers.values()), 1),
        "questions": len(everything),
        "called_though_unknown": unknown,
        "estimate_p95_ms": round(percentile(took, 0.95), 1),
        "estimate_60_ms": round(of_sixty(), 1),
    }


def of_sixty() -> float:
    """Milliseconds of processor time: the last of 60 people, 10 counters, 20 appointments."""
    now = datetime(2026, 3, 2, 9, tzinfo=UTC)
    learnt = learn((), {"any": timedelta(minutes=10)})
    hours = Opening("", now, now + timedelta(hours=8))
    busy = Serving(("any",), now, now)
    counters = tuple(
        Counter(f"{number}", frozenset({"id"} if number % 2 else ()), (hours,), serving=busy)
        for number in range(10)
    )
    waiting = tuple(
        Waiting(number, ("any",), now - timedelta(minutes=60 - number)) for number in range(60)
    )
    expected = tuple(
        Expected(100 + number, ("any",), now + timedelta(minutes=3 * number))
        for number in range(20)
    )
    state = QueueState(counters, waiting, expected, PUNCTUALITY)
    return 1000 * median(
        timeit.repeat(
            lambda: estimate_wait(state, learnt, now, waiting[-1]),
            timer=time.thread_time,
            number=1,
            repeat=9,
        )
    )


def width(answers: Sequence[Answer]) -> float:
    """The median width of the interval in minutes."""
    return median(minutes(one.wait.high - one.wait.low) for one in answers)


def peer_figures(answers: Sequence[Answer]) -> dict[str, float]:
    """The same errors of the peer's two numbers."""
    estimate, optimistic = errors_of_peer(answers)
    return {
        "wait_error_min": round(estimate, 2),
        "wait_error_optimistic_min": round(optimistic, 2),
    }


def print_row(name: str, answers: Sequence[Answer]) -> None:
    """A line of the table."""
    estimate, optimistic = errors_of_peer(answers)
    raw = 100 * mean(one.covered_raw for one in answers)
    print(
        f"{name:<12} {len(answers):>6} {median(one.waited for one in answers):>6.1f} "
        f"{cover(answers):>6.1f} {raw:>6.1f} {width(answers):>6.1f} {error_of(answers):>6.2f} "
        f"{estimate:>6.2f} {optimistic:>6.2f}",
        flush=True,
    )

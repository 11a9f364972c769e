"""Which entries of the trail were one occurrence for the person whose data they touched.

One click of a clerk writes several entries: the change, the rows read for it, the page shown after
it, each in a transaction of its own. And a list that is opened again and again writes the same
entry all day long. Nothing is left out: every entry is in exactly one occurrence.
"""

from bisect import bisect_right
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain

from rathaus.audit.chain import Content

LOOK = "read"  # the act of an entry about which nothing else was done
SAME_CLICK = timedelta(seconds=5)

DayOf = Callable[[datetime], date]


@dataclass(frozen=True)
class Occurrence:
    """What one person did in one matter: by one click, or by looking `times` times on one day.

    The newest of its `entries` is the first.
    """

    entries: tuple[Content, ...]
    times: int = 1

    @property
    def began(self) -> datetime:
        """The moment of the oldest entry."""
        return self.entries[-1].at

    @property
    def ended(self) -> datetime:
        """The moment of the newest entry."""
        return self.entries[0].at

    @property
    def told(self) -> list[Content]:
        """The entries that say what was done, the oldest first: looking only where it was all."""
        done = [entry for entry in reversed(self.entries) if entry.act != LOOK]
        return done or list(reversed(self.entries))


def occurrences_of(entries: Iterable[Content], day_of: DayOf) -> list[Occurrence]:
    """What entries, the newest first, were about; the latest first.

    `day_of` says on which day of the calendar a moment was.
    """
    gathered: dict[Hashable, list[list[Content]]] = {}
    for number, click in enumerate(_clicks(entries)):
        gathered.setdefault(_told_with(click, number, day_of), []).append(click)
    return [
        Occurrence(tuple(chain.from_iterable(clicks)), times=len(clicks))
        for clicks in gathered.values()
    ]


def how_many_fit(entries: Sequence[Content], most: int, day_of: DayOf) -> int:
    """How many of the newest entries make at most `most` occurrences: where a page may end.

    More entries never make fewer occurrences, so the place is found by halving.
    """

    def made_by(length: int) -> int:
        return len(occurrences_of(entries[:length], day_of))

    return bisect_right(range(len(entries) + 1), most, key=made_by) - 1


def _clicks(entries: Iterable[Content]) -> list[list[Content]]:
    """The entries of one person, office and matter that follow each other within seconds."""
    latest: dict[Hashable, list[Content]] = {}
    clicks: list[list[Content]] = []
    for entry in entries:
        click = latest.get(_thread(entry))
        if click is None or abs(click[-1].at - entry.at) > SAME_CLICK:
            click = latest[_thread(entry)] = []
            clicks.append(click)
        click.append(entry)
    return clicks


def _thread(entry: Content) -> tuple[Hashable, ...]:
    return entry.actor_kind, entry.actor, entry.office, entry.case


def _told_with(click: Sequence[Content], number: int, day_of: DayOf) -> Hashable:
    """What a click that was only a look shares with the others of that day; a deed is its own."""
    if any(entry.act != LOOK for entry in click):
        return number
    return (*_thread(click[0]), day_of(click[0].at))

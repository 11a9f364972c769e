"""What happened in Lindenfurt, before it happens: matters with their steps, each with its moment.

Knows no database. The same day gives the same city.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any  # what a form asks for, and what a step needs

from pydantic import JsonValue

from rathaus.core.calendar import add_working_days, is_working_day
from rathaus.core.clock import VIENNA
from rathaus.demo.lindenfurt.ingredients import Luck, merged, read, repeated
from rathaus.demo.lindenfurt.residents import Neighbourhood, Resident
from rathaus.services.actions.addresses import NumberedStreet

STORIES = Path(__file__).parent / "stories"
DAYS_TOLD = 205
STATE = "AT-4"
BY_APPLICANT = frozenset({"reply", "answer", "withdraw"})
AWAKE = (time(6, 30), time(22, 30))
AT_WORK = (time(7, 45), time(16, 15))
COUNTER = (time(8, 0), time(12, 0))
WEEKDAYS = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")


@dataclass(frozen=True)
class Step:
    """Something that office or applicant did with a matter."""

    at: datetime
    deed: str
    detail: Any = None


@dataclass(frozen=True)
class Matter:
    """What somebody wanted, and what became of it.

    `who` is the slug of a person (empty: nobody gives a name), `account` what is known of them. A
    procedure with a form has `answers`, one without has `rows`. `files` are names by question.
    """

    procedure: str
    who: str
    filed_at: datetime
    title: str = ""
    on_paper: bool = False
    account: Mapping[str, JsonValue] = field(default_factory=dict)
    answers: Mapping[str, Any] = field(default_factory=dict)
    rows: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    steps: Sequence[Step] = ()


def stories(
    everybody: Sequence[Resident], streets: Sequence[NumberedStreet], today: date
) -> list[Matter]:
    """All matters of the last months; whatever lies on `today` or later has not happened yet."""
    return [
        matter
        for file in sorted(STORIES.glob("*.yaml"))
        for matter in Storyteller(read(file), everybody, Neighbourhood(streets), today).matters()
    ]


class Days:
    """Finds the moments at which people do things."""

    def __init__(self, luck: Random) -> None:
        self._luck = luck

    def within(self, day: date, hours: tuple[time, time]) -> datetime:
        """A moment of that day between two times."""
        first, last = (datetime.combine(day, hour, VIENNA) for hour in hours)
        return first + timedelta(seconds=self._luck.randrange(int((last - first).total_seconds())))

    def filing(self, day: date, *, on_paper: bool) -> datetime:
        """When something is filed: online at waking hours, on paper while the counter is open."""
        while on_paper and not is_working_day(day, STATE):
            day -= timedelta(days=1)
        return self.within(day, COUNTER if on_paper else AWAKE)

    def later(self, moment: datetime, days: int, *, by_applicant: bool) -> datetime:
        """So many days on: working days of the office, calendar days of the applicant."""
        if days == 0:
            return moment + timedelta(minutes=self._luck.randint(8, 40))
        if by_applicant:
            return self.within(moment.date() + timedelta(days=days), AWAKE)
        return self.within(add_working_days(moment.date(), days, STATE), AT_WORK)


class Storyteller:
    """Tells the matters of one procedure out of its ingredients."""

    def __init__(
        self,
        ingredients: Mapping[str, Any],
        everybody: Sequence[Resident],
        houses: Neighbourhood,
        today: date,
    ) -> None:
        self._told = ingredients
        self._today = today
        self._houses = houses
        self._random = Random(f"Lindenfurt, {ingredients['procedure']}")
        self._days = Days(self._random)
        first, last = ingredients.get("born", (1900, 2010))
        self._waiting = [person for person in everybody if first <= person.born.year <= last]
        self._random.shuffle(self._waiting)

    def matters(self) -> Iterator[Matter]:
        """One for each scene, the oldest some seven months old, the newest from yesterday."""
        scenes = repeated(self._told["scenes"])
        self._random.shuffle(scenes)
        for number, scene in enumerate(scenes):
            part = (number + self._random.random()) / len(scenes)
            drawn = max(1, round(DAYS_TOLD * part ** self._told["newer"]))
            yield self._matter(scene, age=scene.get("days_ago", drawn))

    def _matter(self, scene: Mapping[str, Any], age: int) -> Matter:
        on_paper = self._random.random() < self._told["paper"] and "anonymous" not in scene
        person = self._applicant(on_paper=on_paper)
        filed_at = self._days.filing(self._today - timedelta(days=age), on_paper=on_paper)
        luck = Luck(self._random, filed_at.date(), person.address, self._houses.address)
        words = _words_about(person, filed_at) | {"ziffern": luck.digits(6)}
        answers: dict[str, Any] = {}
        for key, value in merged(self._told.get("answers", {}), scene.get("answers", {})).items():
            answers[key] = luck.fill(value, {**_plain(answers), **words})
        words = {**_plain(answers), **words, **scene.get("words", {})}
        is_nobody = "anonymous" in scene
        return Matter(
            procedure=self._told["procedure"],
            title=self._told.get("title", ""),
            who="" if is_nobody else person.slug,
            account={} if is_nobody else person.account,
            filed_at=filed_at,
            on_paper=on_paper,
            answers=answers,
            rows=scene.get("rows", {}),
            files=merged(self._told.get("files", {}), scene.get("files", {})),
            steps=tuple(self._steps(self._course(scene, age), filed_at, luck, words)),
        )

    def _applicant(self, *, on_paper: bool) -> Resident:
        """The next one in turn who comes that way: guests online, who has no e-mail on paper."""
        fitting = (
            person
            for person in self._waiting
            if (not person.is_guest if on_paper else bool(person.email))
        )
        person = next(fitting)
        self._waiting.remove(person)
        self._waiting.append(person)
        return person

    def _course(self, scene: Mapping[str, Any], age: int) -> Mapping[str, Any]:
        courses: Mapping[str, Mapping[str, Any]] = self._told["courses"]
        if "course" in scene:
            return courses[scene["course"]]
        possible = [
            course
            for course in courses.values()
            if course.get("youngest", 0) <= age <= course.get("oldest", DAYS_TOLD)
        ]
        return self._random.choices(possible, [course["share"] for course in possible])[0]

    def _steps(
        self, course: Mapping[str, Any], filed_at: datetime, luck: Luck, words: Mapping[str, str]
    ) -> Iterator[Step]:
        moment = filed_at
        for days, deed, *detail in course["steps"]:
            moment = self._days.later(moment, days, by_applicant=deed in BY_APPLICANT)
            if moment.date() >= self._today:
                return
            known = {**words, "termin": appointment(moment.date())}
            yield Step(moment, deed, luck.fill(detail[0], known) if detail else None)


def appointment(day: date) -> str:
    """A working day in the week after, as one writes it to somebody."""
    found = add_working_days(day, 5, STATE)
    return f"{WEEKDAYS[found.weekday()]}, {found:%d.%m.}"


def _words_about(person: Resident, filed_at: datetime) -> dict[str, str]:
    return {
        "name": person.name,
        "family_name": person.family_name,
        "email": person.email,
        "born": person.born.isoformat(),
        "eingelangt": f"{filed_at:%d.%m.%Y}",
    }


def _plain(answers: Mapping[str, Any]) -> dict[str, str]:
    return {key: value for key, value in answers.items() if isinstance(value, str)}

"""The levies of a city as a document: what they cost, when they are due, how they begin and end.

One YAML file holds all of them, each figure with the day from which it holds and its source.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, field_validator, model_validator

from rathaus.core.dated import Dated
from rathaus.core.documents.mistakes import checked
from rathaus.core.documents.parts import Line, LocalText, NumberPrefix, Part, ShortSlug
from rathaus.core.documents.source import BadDocument, Location, Mistake, read_yaml
from rathaus.core.money import Money
from rathaus.payments.levies import LevyRules, YearlyDay, YearShare

LONGEST_LEAD = 120
Amount = Annotated[str, StringConstraints(pattern=r"^\d{1,7}\.\d{2}$")]
MonthDay = Annotated[str, StringConstraints(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")]
Flaw = tuple[Location, str]


class _DatedRow(Part):
    valid_from: date
    source: Line


class AmountRow(_DatedRow):
    """Euros for a whole year."""

    amount: Amount


class DueRow(_DatedRow):
    """The days of the year on which it is due, `02-15`; several share the amount."""

    days: Annotated[tuple[MonthDay, ...], Field(min_length=1, max_length=12)]

    @field_validator("days")
    @classmethod
    def days_of_the_calendar(cls, days: tuple[str, ...]) -> tuple[str, ...]:
        """Refuse 31 April and the like; 29 February is fine."""
        for day in days:
            date(2028, *_month_and_day(day))
        return days


class ShareRow(_DatedRow):
    """What is owed for a year in which the levy begins or ends."""

    share: Literal["full", "months"]


class RateEntry(Part):
    """One rate, with its amounts over the years."""

    slug: ShortSlug
    name: LocalText
    amounts: Annotated[tuple[AmountRow, ...], Field(min_length=1)]


class LevyEntry(Part):
    """One levy of the city; `about` says what one is owed for, "Hund" for example."""

    slug: ShortSlug
    name: LocalText
    about: LocalText
    number_prefix: NumberPrefix
    department: ShortSlug
    lead_days: Annotated[int, Field(ge=0, le=LONGEST_LEAD)]
    rates: Annotated[tuple[RateEntry, ...], Field(min_length=1)]
    due: Annotated[tuple[DueRow, ...], Field(min_length=1)]
    first_year: Annotated[tuple[ShareRow, ...], Field(min_length=1)]
    last_year: Annotated[tuple[ShareRow, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def each_rate_once(self) -> Self:
        """Refuse two rates of one name."""
        if len({rate.slug for rate in self.rates}) < len(self.rates):
            raise ValueError("jeder Tarif steht nur einmal da")
        return self

    def rate(self, slug: str) -> RateEntry | None:
        """The rate of that name."""
        return next((rate for rate in self.rates if rate.slug == slug), None)

    def rules(self, rate: str) -> LevyRules:
        """What the rules need of one rate. Raises `LookupError` for one that there is not."""
        found = self.rate(rate)
        if found is None:
            raise LookupError(f"{self.slug} has no rate {rate!r}")
        return LevyRules(
            amounts=[
                Dated(row.valid_from, Money.of(row.amount).cents, row.source)
                for row in found.amounts
            ],
            due=[
                Dated(row.valid_from, [_month_and_day(day) for day in row.days], row.source)
                for row in self.due
            ],
            first_year=_shares(self.first_year),
            last_year=_shares(self.last_year),
            lead_days=self.lead_days,
        )


class LevyDocument(Part):
    """All levies of the city."""

    levies: Annotated[tuple[LevyEntry, ...], Field(min_length=1)]


def parse_levies(text: str, *, departments: Collection[str]) -> tuple[LevyEntry, ...]:
    """The levies of a YAML text. Raises `BadDocument` with line and reason of every mistake."""
    source = read_yaml(text)
    entries = checked(LevyDocument, source).levies
    flaws = [*_doubled(entries), *_strange(entries, departments)]
    if flaws:
        raise BadDocument(*(Mistake(source.line_of(place), reason) for place, reason in flaws))
    return entries


def _doubled(entries: Sequence[LevyEntry]) -> Iterator[Flaw]:
    slugs = Counter(entry.slug for entry in entries)
    prefixes = Counter(entry.number_prefix for entry in entries)
    for place, entry in enumerate(entries):
        if slugs[entry.slug] > 1:
            yield ("levies", place, "slug"), f"„{entry.slug}“ steht hier zweimal"
        if prefixes[entry.number_prefix] > 1:
            at = ("levies", place, "number_prefix")
            yield at, f"„{entry.number_prefix}“ haben hier zwei Abgaben"


def _strange(entries: Sequence[LevyEntry], departments: Collection[str]) -> Iterator[Flaw]:
    for place, entry in enumerate(entries):
        if entry.department not in departments:
            at = ("levies", place, "department")
            yield at, f"die Abteilung „{entry.department}“ gibt es nicht"


def _month_and_day(text: str) -> YearlyDay:
    month, day = text.split("-")
    return int(month), int(day)


def _shares(rows: Sequence[ShareRow]) -> list[Dated[YearShare]]:
    return [Dated(row.valid_from, YearShare(row.share), row.source) for row in rows]

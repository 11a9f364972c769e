"""What a city brings along: its houses with counters, what people come for, who can do what.

One YAML file holds all of it. Who serves where and when is no part of it: planners say so on their
pages, after people have been invited.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from rathaus.core.documents.mistakes import checked
from rathaus.core.documents.parts import Line, LocalText, OpeningHours, Part, ShortSlug, Text
from rathaus.core.documents.source import BadDocument, Location, Mistake, read_yaml

Flaw = tuple[Location, str]
Minutes = Annotated[int, Field(ge=0, le=480)]
KindName = Literal["in_person", "video"]
ChannelName = Literal["online", "phone", "walk_in"]
Share = Annotated[int, Field(ge=0, le=100)]
Letter = Annotated[str, StringConstraints(pattern=r"^[A-Z]$")]


class HoursEntry(OpeningHours):
    """When a house is open on some days of the week, from a day on."""

    valid_from: date | None = None


class CounterEntry(Part):
    """One place at which one appointment takes place at a time."""

    number: Annotated[int, Field(ge=1, le=999)]
    name: Annotated[Line, Field(max_length=80)]
    kind: KindName = "in_person"


class SeriesEntry(Part):
    """Matters whose numbers share a letter at the kiosk."""

    letter: Letter
    title: LocalText
    offers: Annotated[tuple[ShortSlug, ...], Field(min_length=1)]


class PlaceEntry(Part):
    """A house where people are served; whoever plans there has the right in its department."""

    slug: ShortSlug
    name: LocalText
    department: ShortSlug
    address: Text
    hours: tuple[HoursEntry, ...] = ()
    quotas: dict[ChannelName, Share] = {}
    counters: Annotated[tuple[CounterEntry, ...], Field(min_length=1)]
    series: tuple[SeriesEntry, ...] = ()


class OfferEntry(Part):
    """What people come for; the words are those of the model `Offer`."""

    slug: ShortSlug
    title: LocalText
    advice: LocalText | None = None
    minutes: Annotated[int, Field(ge=1, le=480)]
    further_minutes: Minutes = 0
    max_persons: Annotated[int, Field(ge=1, le=20)] = 1
    buffer_minutes: Minutes = 0
    step_minutes: Annotated[int, Field(ge=1, le=480)] = 5
    lead_minutes: Annotated[int, Field(ge=0, le=40_320)] = 60
    horizon_days: Annotated[int, Field(ge=1, le=400)] = 56
    hold_minutes: Annotated[int, Field(ge=1, le=240)] = 15
    open_limit: Annotated[int, Field(ge=1, le=20)] = 2
    kept_back_minutes: Minutes = 0
    kinds: Annotated[tuple[KindName, ...], Field(min_length=1)] = ("in_person",)
    skill: ShortSlug | None = None
    service: ShortSlug | None = None

    @model_validator(mode="after")
    def further_people_take_time(self) -> "OfferEntry":
        """Refuse minutes for further people where only one may come."""
        if self.further_minutes and self.max_persons == 1:
            raise ValueError("further_minutes ohne max_persons: es kommt nur eine Person")
        return self


class PlacesDocument(Part):
    """All of it."""

    skills: dict[ShortSlug, LocalText] = {}
    offers: Annotated[tuple[OfferEntry, ...], Field(min_length=1)]
    locations: Annotated[tuple[PlaceEntry, ...], Field(min_length=1)]


def parse_places(text: str, *, departments: Collection[str]) -> PlacesDocument:
    """The places of a YAML text. Raises `BadDocument` with line and reason of every mistake."""
    source = read_yaml(text)
    document = checked(PlacesDocument, source)
    flaws = [*_doubled(document), *_unknown(document, departments)]
    if flaws:
        raise BadDocument(*(Mistake(source.line_of(place), reason) for place, reason in flaws))
    return document


def _doubled(document: PlacesDocument) -> Iterator[Flaw]:
    yield from _twice(("offers",), "slug", [offer.slug for offer in document.offers])
    yield from _twice(("locations",), "slug", [place.slug for place in document.locations])
    for number, place in enumerate(document.locations):
        at = ("locations", number)
        yield from _twice((*at, "counters"), "number", [one.number for one in place.counters])
        yield from _twice((*at, "series"), "letter", [one.letter for one in place.series])


def _twice(at: Location, key: str, values: Iterable[str | int]) -> Iterator[Flaw]:
    found = list(values)
    counted = Counter(found)
    for place, value in enumerate(found):
        if counted[value] > 1:
            yield (*at, place, key), f"„{value}“ steht hier zweimal"


def _unknown(document: PlacesDocument, departments: Collection[str]) -> Iterator[Flaw]:
    offers = {offer.slug for offer in document.offers}
    for number, offer in enumerate(document.offers):
        if offer.skill is not None and offer.skill not in document.skills:
            yield (
                ("offers", number, "skill"),
                f"die Fähigkeit „{offer.skill}“ steht nicht in skills",
            )
    for number, place in enumerate(document.locations):
        at = ("locations", number)
        if place.department not in departments:
            yield (*at, "department"), f"die Abteilung „{place.department}“ gibt es nicht"
        for position, series in enumerate(place.series):
            for slug in sorted(set(series.offers) - offers):
                yield (
                    (*at, "series", position, "offers"),
                    f"das Angebot „{slug}“ steht nicht in offers",
                )

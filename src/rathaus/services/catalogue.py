"""The catalogue as a document: services, offices, life situations, synonyms.

Any YAML file may carry any of the four lists; a folder of files is read as one catalogue.
`services/README.md` shows an example.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from rathaus.core.documents.parts import Line, LocalText, OpeningHours, Part

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
Address = Annotated[str, StringConstraints(pattern=r"^(https?://|mailto:|tel:|/)\S+$")]


class LocalWords(Part):
    """Words people use for a service that its own text does not contain."""

    de: tuple[Line, ...] = ()
    en: tuple[Line, ...] = ()


class Channel(StrEnum):
    """A way to get a service done."""

    ONLINE = "online"
    APPOINTMENT = "appointment"
    PAPER = "paper"


class Source(Part):
    """A law, a page or a printed form, with an address where there is one."""

    title: Line
    url: Address | None = None


class GeoPoint(Part):
    """A place in WGS 84 degrees."""

    latitude: Annotated[float, Field(ge=-90, le=90)]
    longitude: Annotated[float, Field(ge=-180, le=180)]


class OfficeEntry(Part):
    """An office where people go, call or write."""

    slug: Slug
    external_id: str = ""
    name: LocalText
    street: Line
    postal_code: Annotated[str, StringConstraints(pattern=r"^\d{4,5}$")]
    town: Line
    hint: LocalText | None = None
    phone: str = ""
    email: str = ""
    opening_hours: tuple[OpeningHours, ...] = ()
    position: GeoPoint | None = None


class LifeSituationEntry(Part):
    """An occasion in life that brings several services together, in the order of the home page."""

    slug: Slug
    title: LocalText
    summary: LocalText
    icon: Slug | None = None


class ServiceEntry(Part):
    """One service of the city as people read it.

    `external_id` says which entry of another catalogue it was imported from. Offices and channels
    may be unknown there; `contradictions` asks for them in a catalogue of our own.
    """

    slug: Slug
    external_id: str = ""
    title: LocalText
    summary: LocalText | None = None
    body: LocalText | None = None
    for_whom: LocalText | None = None
    documents: tuple[LocalText, ...] = ()
    cost: LocalText | None = None
    duration: LocalText | None = None
    appointment_minutes: Annotated[int, Field(gt=0, le=480)] | None = None
    legal_basis: tuple[Source, ...] = ()
    links: tuple[Source, ...] = ()
    offices: tuple[Slug, ...] = ()
    channels: tuple[Channel, ...] = ()
    form: Slug | None = None
    leika: Annotated[str, StringConstraints(pattern=r"^\d{14}$")] | None = None
    life_situations: tuple[Slug, ...] = ()
    keywords: LocalWords = LocalWords()
    featured: bool = False
    published: bool = True

    @model_validator(mode="after")
    def form_is_an_online_channel(self) -> Self:
        """Refuse a form on a service that says it cannot be done online."""
        if self.form and Channel.ONLINE not in self.channels:
            raise ValueError("eine Leistung mit Formular braucht den Weg online")
        return self


class SynonymEntry(Part):
    """Words that mean the same to people who search: a hit for one is a hit for all."""

    words: Annotated[tuple[Line, ...], Field(min_length=2)]


class Catalogue(Part):
    """Everything one file says; several files are joined by `merged`."""

    offices: tuple[OfficeEntry, ...] = ()
    life_situations: tuple[LifeSituationEntry, ...] = ()
    services: tuple[ServiceEntry, ...] = ()
    synonyms: tuple[SynonymEntry, ...] = ()


def merged(catalogues: Iterable[Catalogue]) -> Catalogue:
    """All lists of several files behind one another."""
    read = list(catalogues)
    return Catalogue(
        offices=tuple(entry for catalogue in read for entry in catalogue.offices),
        life_situations=tuple(entry for catalogue in read for entry in catalogue.life_situations),
        services=tuple(entry for catalogue in read for entry in catalogue.services),
        synonyms=tuple(entry for catalogue in read for entry in catalogue.synonyms),
    )


def contradictions(catalogue: Catalogue) -> list[str]:
    """What one entry alone cannot see, in German.

    Slugs given twice, unknown offices and life situations, services of our own nobody can reach.
    """
    return [*_doubled(catalogue), *_dangling(catalogue), *_unreachable(catalogue)]


def _doubled(catalogue: Catalogue) -> Iterator[str]:
    kinds: tuple[tuple[str, Iterable[OfficeEntry | LifeSituationEntry | ServiceEntry]], ...] = (
        ("das Amt", catalogue.offices),
        ("die Lebenslage", catalogue.life_situations),
        ("die Leistung", catalogue.services),
    )
    for kind, entries in kinds:
        for slug, count in Counter(entry.slug for entry in entries).items():
            if count > 1:
                yield f"{kind} „{slug}“ steht {count}-mal im Katalog"


def _dangling(catalogue: Catalogue) -> Iterator[str]:
    offices = {entry.slug for entry in catalogue.offices}
    situations = {entry.slug for entry in catalogue.life_situations}
    for service in catalogue.services:
        for slug in service.offices:
            if slug not in offices:
                yield f"die Leistung „{service.slug}“ nennt ein unbekanntes Amt „{slug}“"
        for slug in service.life_situations:
            if slug not in situations:
                yield f"die Leistung „{service.slug}“ nennt eine unbekannte Lebenslage „{slug}“"


def _unreachable(catalogue: Catalogue) -> Iterator[str]:
    for service in catalogue.services:
        if not service.external_id and not service.offices:
            yield f"die Leistung „{service.slug}“ hat kein Amt"
        if not service.external_id and not service.channels:
            yield f"die Leistung „{service.slug}“ hat keinen Weg (online, appointment, paper)"

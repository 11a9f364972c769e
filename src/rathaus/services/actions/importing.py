"""Taking over a catalogue: our own documents, or another city's after translation."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import chain, count
from typing import Any, Generic, TypeVar, cast

from rathaus.audit.actions import record
from rathaus.core.actor import Actor
from rathaus.core.documents.parts import LocalText
from rathaus.core.documents.taken import Taken
from rathaus.core.transaction import atomic
from rathaus.services.actions.stamp import move_stamp
from rathaus.services.catalogue import (
    Catalogue,
    LifeSituationEntry,
    OfficeEntry,
    ServiceEntry,
)
from rathaus.services.models import LifeSituation, Office, Service, ServiceOffice, Synonym
from rathaus.services.sort_keys import sort_key

Row = TypeVar("Row", bound=Office | Service | LifeSituation)
Values = Mapping[str, Any]  # what a row's JSON, text and number columns are set to


@dataclass(frozen=True)
class ImportReport:
    """What an import did, kind by kind."""

    offices: Taken = field(default_factory=Taken)
    life_situations: Taken = field(default_factory=Taken)
    services: Taken = field(default_factory=Taken)
    synonyms: Taken = field(default_factory=Taken)


@atomic
def import_catalogue(*, by: Actor, catalogue: Catalogue) -> ImportReport:
    """Take over everything the catalogue says; the same one a second time changes nothing.

    An entry of another catalogue is known again by its `external_id`, one of our own by its slug:
    neither overwrites the other. What the catalogue does not name stays. Raises `NotAllowed`.
    """
    by.require("services.edit_catalogue")
    report = ImportReport()
    offices = _Table(Office, report.offices)
    situations = _Table(LifeSituation, report.life_situations)
    services = _Table(Service, report.services)
    for office in catalogue.offices:
        offices.take(office, _office_values(office))
    for position, situation in enumerate(catalogue.life_situations, start=1):
        situations.take(situation, {**_situation_values(situation), "position": position})
    for service in catalogue.services:
        row = services.take(service, _service_values(service))
        _place(row, [offices[slug] for slug in service.offices])
        row.life_situations.set([situations[slug] for slug in service.life_situations])
    _take_synonyms([group.words for group in catalogue.synonyms], report.synonyms)
    move_stamp()
    record(
        by=by,
        did="services.catalogue_imported",
        thing_type="catalogue",
        details={kind: asdict(taken) for kind, taken in vars(report).items()},
    )
    return report


class _Table(Generic[Row]):
    """The rows of one kind, those from elsewhere known by `external_id`, ours by slug."""

    def __init__(self, model: type[Row], taken: Taken) -> None:
        self._model: type[Row] = model
        self._taken = taken
        rows = cast("list[Row]", list(model._default_manager.all()))
        self._known = {_external_id(row) or row.slug: row for row in rows}
        self._slugs = {row.slug for row in rows}
        self._of_this_import: dict[str, Row] = {}

    def __getitem__(self, slug: str) -> Row:
        """The row of the entry that has this slug in the catalogue."""
        return self._of_this_import[slug]

    def take(self, entry: OfficeEntry | LifeSituationEntry | ServiceEntry, values: Values) -> Row:
        """Create the row, or change what differs."""
        row = self._known.get(_external_id(entry) or entry.slug)
        if row is None:
            row = self._model(slug=self._free_slug(entry.slug), **values)
            self._taken.new += 1
            row.save(force_insert=True)
        elif any(getattr(row, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(row, name, value)
            self._taken.changed += 1
            row.save()
        else:
            self._taken.same += 1
        self._of_this_import[entry.slug] = row
        return row

    def _free_slug(self, wanted: str) -> str:
        """The slug, or with a number behind it where an entry from elsewhere has it already."""
        numbered = (f"{wanted[:76]}-{number}" for number in count(2))
        slug = next(slug for slug in chain([wanted], numbered) if slug not in self._slugs)
        self._slugs.add(slug)
        return slug


def _external_id(thing: object) -> str:
    found: str = getattr(thing, "external_id", "")
    return found


def _office_values(entry: OfficeEntry) -> Values:
    position = entry.position
    return {
        "external_id": entry.external_id,
        "name": _text(entry.name),
        "sort_key": sort_key(entry.name.de),
        "street": entry.street,
        "postal_code": entry.postal_code,
        "town": entry.town,
        "hint": _text(entry.hint),
        "phone": entry.phone,
        "email": entry.email,
        "opening_hours": [hours.plain() for hours in entry.opening_hours],
        "latitude": position.latitude if position else None,
        "longitude": position.longitude if position else None,
    }


def _situation_values(entry: LifeSituationEntry) -> Values:
    return {
        "title": _text(entry.title),
        "summary": _text(entry.summary),
        "icon": entry.icon or "",
    }


def _service_values(entry: ServiceEntry) -> Values:
    texts = ("title", "summary", "body", "for_whom", "cost", "duration")
    return {name: _text(getattr(entry, name)) for name in texts} | {
        "external_id": entry.external_id,
        "sort_key": sort_key(entry.title.de),
        "documents": [_text(document) for document in entry.documents],
        "appointment_minutes": entry.appointment_minutes,
        "legal_basis": [source.model_dump() for source in entry.legal_basis],
        "links": [source.model_dump() for source in entry.links],
        "channels": [channel.value for channel in entry.channels],
        "form": entry.form or "",
        "leika": entry.leika or "",
        "keywords": {"de": list(entry.keywords.de), "en": list(entry.keywords.en)},
        "featured": entry.featured,
        "published": entry.published,
    }


def _text(text: LocalText | None) -> dict[str, str]:
    return text.plain() if text else {}


def _place(service: Service, offices: Sequence[Office]) -> None:
    """Make these the service's offices, in this order."""
    wanted = [(office.pk, position) for position, office in enumerate(offices)]
    if list(service.places.values_list("office_id", "position")) != wanted:
        service.places.all().delete()
        ServiceOffice.objects.bulk_create(
            ServiceOffice(service=service, office_id=office, position=position)
            for office, position in wanted
        )


def _take_synonyms(groups: Sequence[Sequence[str]], taken: Taken) -> None:
    known = {tuple(words) for words in Synonym.objects.values_list("words", flat=True)}
    new = [words for words in map(tuple, groups) if words not in known]
    Synonym.objects.bulk_create(Synonym(words=list(words)) for words in dict.fromkeys(new))
    taken.new += len(new)
    taken.same += sum(tuple(words) in known for words in groups)

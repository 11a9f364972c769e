"""Reads a catalogue in the format that Munich publishes (services_de.json, locations_de.json).

The files have a list under `data`. What has no place in our catalogue is named in the report.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.text import slugify
from pydantic import ValidationError

from rathaus.core.documents.files import Unreadable, text_of
from rathaus.core.documents.parts import LocalText
from rathaus.services.catalogue import (
    Catalogue,
    Channel,
    GeoPoint,
    LocalWords,
    OfficeEntry,
    ServiceEntry,
    Source,
)
from rathaus.services.texts import from_html, plain

# One record of the foreign file: nothing about its shape is certain until it is read.
Record = Mapping[str, Any]

SOURCE = "munich"
NOT_TAKEN = (
    "kombinierbare Leistungen und Höchstzahl (combinable, maxQuantity): gehören zu den Terminen",
    "Adressen der Terminseiten (appointment, url): führen zum Herausgeber",
    "Behörde, Organisation, Fax, Reihung: haben im Katalog keinen Platz",
)
_LEIKA = re.compile(r"\d{14}")
_NOT_UNDERSTOOD = (ValidationError, KeyError, TypeError, AttributeError)
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


@dataclass(frozen=True)
class Import:
    """What was read, and what was left out with its reason."""

    catalogue: Catalogue
    left_out: tuple[str, ...] = ()
    not_taken: tuple[str, ...] = NOT_TAKEN


def read(place: Path, offices: Path | None = None) -> Import:
    """Translate the files: a folder with both, or the services; their offices are found beside
    them by name (`services_de.json`, `locations_de.json`) unless named.

    Raises `Unreadable` with file, line and reason.
    """
    services = _services_file(place) if place.is_dir() else place
    offices = offices or _beside(services)
    left_out: list[str] = []
    taken_offices = tuple(_offices(_office_records(offices) if offices else [], left_out))
    known = {office.external_id: office.slug for office in taken_offices}
    taken_services = tuple(_services(_service_records(services), known, left_out))
    return Import(Catalogue(services=taken_services, offices=taken_offices), tuple(left_out))


def is_folder_of_json(place: Path) -> bool:
    """Whether it is a folder with a catalogue in this format, in it or one folder below."""
    return place.is_dir() and any([*place.glob("services*.json"), *place.glob("*/services*.json")])


def _services_file(folder: Path) -> Path:
    found = sorted(folder.glob("services*.json"))
    if len(found) == 1:
        return found[0]
    deeper = [file.parent for file in sorted(folder.glob("*/services*.json"))]
    choices = ", ".join(map(str, found or deeper))
    raise Unreadable(f"{folder}: hier liegt nicht genau ein Katalog; bitte einen wählen: {choices}")


def _beside(services: Path) -> Path | None:
    offices = services.with_name(services.name.replace("services", "locations"))
    return offices if offices != services and offices.exists() else None


def _service_records(file: Path) -> list[Record]:
    records = _records(file)
    if _are_offices(records):
        raise Unreadable(
            f"{file}: das sind Ämter, keine Leistungen. Bitte den Ordner angeben, in dem beide "
            "liegen, oder die Datei der Leistungen und diese hier mit --offices."
        )
    return records


def _office_records(file: Path) -> list[Record]:
    records = _records(file)
    if not _are_offices(records):
        raise Unreadable(f"{file}: das sind keine Ämter, denn sie haben keine Anschrift (address).")
    return records


def _are_offices(records: Iterable[Record]) -> bool:
    return any(isinstance(record, dict) and "address" in record for record in records)


def _records(file: Path) -> list[Record]:
    try:
        content = json.loads(text_of(file))
    except json.JSONDecodeError as error:
        raise Unreadable(
            f"{file}: Zeile {error.lineno}: kein gültiges JSON ({error.msg})"
        ) from error
    except RecursionError as error:
        raise Unreadable(f"{file}: zu tief verschachtelt") from error
    records = content.get("data") if isinstance(content, dict) else None
    if not isinstance(records, list):
        raise Unreadable(f"{file}: Zeile 1: erwartet wird eine Liste unter „data“")
    return records


def _offices(records: Iterable[Record], left_out: list[str]) -> Iterator[OfficeEntry]:
    slugs = _Slugs()
    for record in records:
        try:
            yield _office(record, slugs)
        except _NOT_UNDERSTOOD as error:
            left_out.append(_reason("Amt", record, error))


def _services(
    records: Iterable[Record], offices: Mapping[str, str], left_out: list[str]
) -> Iterator[ServiceEntry]:
    slugs = _Slugs()
    for record in records:
        try:
            yield _service(record, slugs, offices)
        except _NOT_UNDERSTOOD as error:
            left_out.append(_reason("Leistung", record, error))
            continue
        leika = record.get("leika")
        if leika and not _LEIKA.fullmatch(leika):
            left_out.append(
                f"Leistung {record['id']}: LeiKa-Schlüssel „{leika}“ hat nicht 14 Ziffern"
            )


def _office(record: Record, slugs: "_Slugs") -> OfficeEntry:
    address, contact, position = record["address"], record.get("contact") or {}, record.get("geo")
    name = record.get("displayName") or record["name"]
    return OfficeEntry(
        slug=slugs.new(name),
        external_id=f"{SOURCE}:{record['id']}",
        name=LocalText(de=name),
        street=f"{address['street']} {address.get('house_number') or ''}",
        postal_code=address["postal_code"],
        town=address["city"],
        phone=contact.get("phone") or "",
        email=contact.get("email") or "",
        position=GeoPoint(latitude=position["lat"], longitude=position["lon"])
        if position
        else None,
    )


def _service(record: Record, slugs: "_Slugs", offices: Mapping[str, str]) -> ServiceEntry:
    body = from_html(record.get("description") or "")
    cost = from_html(record.get("fees") or "")
    leika = record.get("leika") or ""
    places = [f"{SOURCE}:{place['location']}" for place in record["locations"]]
    bookable = any(place["appointment"]["allowed"] for place in record["locations"])
    return ServiceEntry(
        slug=slugs.new(record["name"]),
        external_id=f"{SOURCE}:{record['id']}",
        title=LocalText(de=record["name"]),
        summary=LocalText(de=first_sentence(body)) if body else None,
        body=LocalText(de=body) if body else None,
        cost=LocalText(de=cost) if cost else None,
        appointment_minutes=record.get("duration") or None,
        links=tuple(_links(record)),
        offices=tuple(dict.fromkeys(offices[place] for place in places if place in offices)),
        channels=(Channel.APPOINTMENT,) if bookable else (),
        leika=leika if _LEIKA.fullmatch(leika) else None,
        keywords=LocalWords(de=tuple(_keywords(record))),
        published=bool(record.get("public")),
    )


def _links(record: Record) -> Iterator[Source]:
    """Forms and further reading, each address once."""
    listed = [*(record.get("forms") or ()), *(record.get("links") or ())]
    for address, name in {link["link"]: link["name"] for link in listed}.items():
        yield Source(title=name, url=address)


def _keywords(record: Record) -> Iterator[str]:
    for word in (record["meta"].get("keywords") or "").split(","):
        if word.strip():
            yield word.strip()


def first_sentence(text: str) -> str:
    """The beginning of a text, up to its first full stop, without marks."""
    paragraph = plain(text).split("\n")[0]
    return re.split(r"(?<=[a-zäöüß)][.!?])\s+(?=[A-ZÄÖÜ])", paragraph, maxsplit=1)[0][:300]


def _reason(kind: str, record: object, error: Exception) -> str:
    known = record.get("id", "ohne Nummer") if isinstance(record, dict) else "ohne Nummer"
    if isinstance(error, ValidationError):
        details = error.errors(include_url=False)
        return f"{kind} {known}: " + "; ".join(
            f"{'.'.join(map(str, detail['loc']))}: {detail['msg']}" for detail in details
        )
    return f"{kind} {known}: das Feld {error} fehlt oder hat eine unbekannte Form"


class _Slugs:
    """Gives each name an address of its own; the second of the same name gets a number."""

    def __init__(self) -> None:
        self._given: Counter[str] = Counter()

    def new(self, name: str) -> str:
        """A slug nobody has yet."""
        slug = slugify(name.lower().translate(_UMLAUTS))[:70].strip("-") or "eintrag"
        self._given[slug] += 1
        return slug if self._given[slug] == 1 else f"{slug}-{self._given[slug]}"

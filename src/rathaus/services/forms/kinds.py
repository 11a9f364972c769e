"""What kind of value a path of a form has, and which comparisons make sense with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from rathaus.services.forms.conditions import field_of
from rathaus.services.forms.days import day_from
from rathaus.services.forms.fields import ChoiceField, Group, MultipleField
from rathaus.services.forms.outline import Outline, Place


class Kind(StrEnum):
    """Kinds of values as authors know them."""

    TEXT = "Text"
    NUMBER = "Zahl"
    DAY = "Datum"
    CHOICE = "Auswahl"
    MANY = "Mehrfachauswahl"
    BOOLEAN = "Ja oder Nein"
    FILES = "Dateien"
    ADDRESS = "Adresse"
    GROUP = "Gruppe ohne Wiederholung"


KIND_OF_TYPE = {
    "text": Kind.TEXT,
    "number": Kind.NUMBER,
    "date": Kind.DAY,
    "choice": Kind.CHOICE,
    "multiple": Kind.MANY,
    "yesno": Kind.BOOLEAN,
    "address": Kind.ADDRESS,
    "iban": Kind.TEXT,
    "email": Kind.TEXT,
    "phone": Kind.TEXT,
    "files": Kind.FILES,
    "declaration": Kind.BOOLEAN,
}
ADDRESS_PARTS = {
    "street": Kind.TEXT,
    "number": Kind.TEXT,
    "door": Kind.TEXT,
    "postcode": Kind.TEXT,
    "place": Kind.TEXT,
    "listed": Kind.BOOLEAN,
}
_SAME = frozenset({"eq", "ne", "in", "not_in", "present"})
_ORDERED = _SAME | {"gt", "ge", "lt", "le"}
OPERATORS_OF_KIND = {
    Kind.TEXT: _SAME,
    Kind.NUMBER: _ORDERED,
    Kind.DAY: _ORDERED,
    Kind.CHOICE: _SAME,
    Kind.MANY: frozenset({"in", "not_in", "present"}),
    Kind.BOOLEAN: frozenset({"eq", "ne", "present"}),
    Kind.FILES: frozenset({"present"}),
    Kind.ADDRESS: frozenset({"present"}),
    Kind.GROUP: frozenset(),
}


@dataclass(frozen=True)
class Target:
    """What a path leads to."""

    path: str
    place: Place
    kind: Kind
    values: frozenset[str] = frozenset()


def target_of(path: str, outline: Outline) -> Target:
    """The field (or part of an address) that a path names. Raises `ValueError` with the reason."""
    place = outline.by_id.get(field_of(path))
    if place is None:
        raise ValueError(f"das Feld „{field_of(path)}“ gibt es nicht")
    part = path.partition(".")[2]
    if part:
        return Target(path, place, _part_kind(place, part))
    field = place.field
    if isinstance(field, Group):
        return Target(path, place, Kind.NUMBER if field.repeat else Kind.GROUP)
    values = (
        frozenset(option.value for option in outline.options(field))
        if isinstance(field, ChoiceField | MultipleField)
        else frozenset()
    )
    return Target(path, place, KIND_OF_TYPE[field.type], values)


def _part_kind(place: Place, part: str) -> Kind:
    if place.field.type != "address":
        raise ValueError(f"„{place.field.id}“ ist keine Adresse und hat keine Teile")
    if part not in ADDRESS_PARTS:
        raise ValueError(
            f"eine Adresse hat keinen Teil „{part}“, sondern: {', '.join(ADDRESS_PARTS)}"
        )
    return ADDRESS_PARTS[part]


def check_value(target: Target, value: bool | int | str) -> None:
    """Raise `ValueError` with the reason if the value can never be an answer of this kind."""
    if target.kind is Kind.BOOLEAN:
        fits = isinstance(value, bool)
        wanted = "true oder false"
    elif target.kind is Kind.NUMBER:
        fits, wanted = _is_number(value), "eine Zahl"
    elif target.kind is Kind.DAY:
        fits, wanted = _is_day(value), "ein Tag wie „2026-12-31“ oder „today-18y“"
    elif target.values:
        fits, wanted = value in target.values, f"einer der Werte {', '.join(sorted(target.values))}"
    else:
        fits, wanted = isinstance(value, str), "ein Text"
    if not fits:
        raise ValueError(
            f"„{target.path}“ ist {target.kind.value}: "
            f"verglichen wird damit {wanted}, nicht {value!r}"
        )


def _is_number(value: bool | int | str) -> bool:
    if isinstance(value, bool):
        return False
    try:
        return Decimal(value).is_finite()
    except InvalidOperation:
        return False


def _is_day(value: bool | int | str) -> bool:
    try:
        return isinstance(value, str) and bool(day_from(value, today=date(2000, 1, 1)))
    except ValueError:
        return False

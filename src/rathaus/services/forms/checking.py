"""What must be right about a form as a whole, beyond its parts: names, types, circles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from rathaus.core.documents.source import Location
from rathaus.services.forms.conditions import (
    Comparison,
    Condition,
    Membership,
    OtherField,
    Present,
    operator_of,
    parts_of,
)
from rathaus.services.forms.days import day_from
from rathaus.services.forms.dependencies import CircularConditions, evaluation_order
from rathaus.services.forms.document import FormDocument
from rathaus.services.forms.fields import (
    ChoiceField,
    DateField,
    Field_,
    Group,
    MultipleField,
    NumberField,
    Option,
    TextField,
)
from rathaus.services.forms.kinds import OPERATORS_OF_KIND, Target, check_value, target_of
from rathaus.services.forms.outline import ConditionPlace, Outline, Place, conditions_of


@dataclass(frozen=True)
class Flaw:
    """Something wrong in a document: where, and why in a German sentence."""

    location: Location
    reason: str


def flaws_of(document: FormDocument) -> tuple[Flaw, ...]:
    """Everything that keeps a well-shaped document from being published."""
    outline = Outline(document)
    doubled = tuple(_doubled_ids(outline))
    if doubled:
        return doubled
    found = [flaw for look in _LOOKS for flaw in look(outline)]
    return tuple(found) or tuple(_circles(outline))


def _doubled_ids(outline: Outline) -> Iterator[Flaw]:
    document = outline.document
    lists: tuple[tuple[str, Iterable[tuple[Location, str]]], ...] = (
        ("Feld", ((place.location, place.field.id) for place in outline.places)),
        ("Seite", ((("pages", number), page.id) for number, page in enumerate(document.pages))),
        (
            "Widerspruch",
            ((("checks", number), entry.id) for number, entry in enumerate(document.checks)),
        ),
        (
            "Ausstieg",
            ((("exits", number), entry.id) for number, entry in enumerate(document.exits)),
        ),
        ("Gebühr", ((("fees", number), entry.id) for number, entry in enumerate(document.fees))),
        (
            "Förderung",
            ((("grants", number), entry.id) for number, entry in enumerate(document.grants)),
        ),
    )
    for what, named in lists:
        seen: set[str] = set()
        for location, identifier in named:
            if identifier in seen:
                yield Flaw(
                    (*location, "id"), f"{what} „{identifier}“ gibt es schon: jede id nur einmal"
                )
            seen.add(identifier)


def _groups(outline: Outline) -> Iterator[Flaw]:
    for place in outline.places:
        if not isinstance(place.field, Group) or not place.field.repeat:
            continue
        repeat = place.field.repeat
        if place.repeat is not None:
            yield Flaw(
                (*place.location, "repeat"), "eine Wiederholung darf nicht in einer anderen stehen"
            )
        if repeat.min > repeat.max:
            yield Flaw((*place.location, "repeat", "min"), "min ist größer als max")


def _fields(outline: Outline) -> Iterator[Flaw]:
    for place in outline.places:
        for key, reason in _field_flaws(place.field, outline):
            yield Flaw((*place.location, key), reason)


def _field_flaws(field: Field_, outline: Outline) -> Iterator[tuple[str, str]]:
    """Contradictions inside one field: the key and the reason."""
    match field:
        case TextField() if field.min_length > field.max_length:
            yield "min_length", "min_length ist größer als max_length"
        case NumberField(min=Decimal() as least, max=Decimal() as most) if least > most:
            yield "min", "min ist größer als max"
        case DateField():
            yield from _day_flaws(field)
        case ChoiceField() | MultipleField():
            yield from _choice_flaws(field, outline)


def _day_flaws(field: DateField) -> Iterator[tuple[str, str]]:
    for key, bound in (("min", field.min), ("max", field.max)):
        try:
            day_from(bound or "today", today=date(2000, 1, 1))
        except ValueError:
            yield key, f"„{bound}“ ist kein Tag"


def _choice_flaws(
    field: ChoiceField | MultipleField, outline: Outline
) -> Iterator[tuple[str, str]]:
    if (field.options is None) == (field.codelist is None):
        yield "id", "zu einer Auswahl gehören entweder options oder codelist"
    elif field.codelist and field.codelist not in outline.document.codelists:
        yield "codelist", f"die Liste „{field.codelist}“ gibt es nicht"
    yield from (("options", reason) for reason in _doubled_values(field.options or ()))


def _doubled_values(options: Iterable[Option]) -> Iterator[str]:
    for value, count in Counter(option.value for option in options).items():
        if count > 1:
            yield f"der Wert „{value}“ steht {count} Mal da"


def _codelists(outline: Outline) -> Iterator[Flaw]:
    for name, options in outline.document.codelists.items():
        yield from (Flaw(("codelists", name), reason) for reason in _doubled_values(options))


def _conditions(outline: Outline) -> Iterator[Flaw]:
    for placed in conditions_of(outline):
        for below, part in parts_of(placed.condition):
            try:
                _check_condition(part, placed, outline)
            except ValueError as error:
                yield Flaw((*placed.location, *below), str(error))


def _check_condition(condition: Condition, placed: ConditionPlace, outline: Outline) -> None:
    if isinstance(condition, Present):
        _readable(condition.present, placed, outline, "present")
    elif isinstance(condition, Membership):
        path, values = condition.sides
        target = _readable(path, placed, outline, operator_of(condition))
        for value in values:
            check_value(target, value)
    elif isinstance(condition, Comparison):
        path, operand = condition.sides
        target = _readable(path, placed, outline, operator_of(condition))
        if isinstance(operand, OtherField):
            _same_kind(target, _readable(operand.field, placed, outline, operator_of(condition)))
        else:
            check_value(target, operand)


def _readable(path: str, placed: ConditionPlace, outline: Outline, operator: str) -> Target:
    target = target_of(path, outline)
    if target.place.repeat is not None and target.place.repeat != placed.row:
        raise ValueError(
            f"„{path}“ steht in der Wiederholung „{target.place.repeat.id}“"
            " und ist nur in derselben Zeile bekannt"
        )
    if operator not in OPERATORS_OF_KIND[target.kind]:
        raise ValueError(f"„{path}“ ist {target.kind.value}: {operator} ist damit nicht möglich")
    return target


def _same_kind(left: Target, right: Target) -> None:
    if left.kind is not right.kind:
        raise ValueError(
            f"„{left.path}“ ist {left.kind.value}, „{right.path}“ ist {right.kind.value}:"
            " das lässt sich nicht vergleichen"
        )


def _checks(outline: Outline) -> Iterator[Flaw]:
    for number, check in enumerate(outline.document.checks):
        place = outline.by_id.get(check.at)
        if place is None or place.is_group or place.repeat:
            yield Flaw(
                ("checks", number, "at"), f"„{check.at}“ ist kein Feld außerhalb einer Wiederholung"
            )


def _fees(outline: Outline) -> Iterator[Flaw]:
    for number, fee in enumerate(outline.document.fees):
        if fee.per is None:
            continue
        place = outline.by_id.get(fee.per)
        if place is None or not _is_countable(place):
            yield Flaw(
                ("fees", number, "per"),
                f"„{fee.per}“ ist weder eine ganze Zahl noch eine Wiederholung",
            )


def _levies(outline: Outline) -> Iterator[Flaw]:
    document = outline.document
    for number, fee in enumerate(document.fees):
        if fee.levy is None:
            continue
        if fee.per is not None or fee.kind is not None or fee.owed != "granted":
            reason = "eine Abgabe ist immer granted und hat weder per noch kind"
            yield Flaw(("fees", number, "levy"), reason)
        if not _is_plain(outline, fee.levy.about, TextField):
            reason = f"„{fee.levy.about}“ ist kein Textfeld außerhalb einer Wiederholung"
            yield Flaw(("fees", number, "levy", "about"), reason)
    if document.ends_levy is not None:
        if not _is_plain(outline, document.ends_levy.number, TextField):
            reason = f"„{document.ends_levy.number}“ ist kein Textfeld außerhalb einer Wiederholung"
            yield Flaw(("ends_levy", "number"), reason)
        if not _is_plain(outline, document.ends_levy.day, DateField):
            reason = f"„{document.ends_levy.day}“ ist kein Datumsfeld außerhalb einer Wiederholung"
            yield Flaw(("ends_levy", "day"), reason)


def _is_plain(outline: Outline, identifier: str, kind: type[TextField] | type[DateField]) -> bool:
    place = outline.by_id.get(identifier)
    return place is not None and isinstance(place.field, kind) and not place.repeat


def _is_countable(place: Place) -> bool:
    field = place.field
    if isinstance(field, Group):
        return field.repeat is not None
    return isinstance(field, NumberField) and field.decimals == 0 and not place.repeat


def _grants(outline: Outline) -> Iterator[Flaw]:
    for number, grant in enumerate(outline.document.grants):
        place = outline.by_id.get(grant.of)
        if place is None or not _is_price(place):
            yield Flaw(
                ("grants", number, "of"),
                f"„{grant.of}“ ist kein Zahlenfeld mit 0 oder 2 Nachkommastellen"
                " außerhalb einer Wiederholung",
            )


def _is_price(place: Place) -> bool:
    field = place.field
    return isinstance(field, NumberField) and field.decimals in (0, 2) and not place.repeat


_PREFILL_TYPES = {
    "account.given_name": {"text"},
    "account.family_name": {"text"},
    "account.full_name": {"text"},
    "account.email": {"email"},
    "account.phone": {"phone"},
    "account.birth_date": {"date"},
    "account.address": {"address"},
}


def _prefill(outline: Outline) -> Iterator[Flaw]:
    for identifier, source in outline.document.prefill.items():
        place = outline.by_id.get(identifier)
        if place is None or place.repeat:
            yield Flaw(
                ("prefill", identifier),
                f"„{identifier}“ ist kein Feld außerhalb einer Wiederholung",
            )
        elif place.field.type not in _PREFILL_TYPES[source]:
            yield Flaw(
                ("prefill", identifier),
                f"{source} passt nicht zu einem Feld vom Typ {place.field.type}",
            )


def _circles(outline: Outline) -> Iterator[Flaw]:
    try:
        evaluation_order(outline)
    except CircularConditions as error:
        kind, identifier = error.nodes[0]
        if kind == "field":
            yield Flaw((*outline.by_id[identifier].location, "show"), str(error))
        else:
            numbers = {page.id: number for number, page in enumerate(outline.document.pages)}
            yield Flaw(("pages", numbers[identifier], "show"), str(error))


_LOOKS: tuple[Callable[[Outline], Iterator[Flaw]], ...] = (
    _groups, _fields, _codelists, _conditions, _checks, _fees, _levies, _grants, _prefill,
)  # fmt: skip

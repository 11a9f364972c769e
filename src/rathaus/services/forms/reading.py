"""From a stored answer to a value that conditions can compare, or to what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import TypeAlias

from pydantic import JsonValue

from rathaus.core.iban import compact, is_iban
from rathaus.core.notation import day_in
from rathaus.services.forms.days import day_from
from rathaus.services.forms.fields import (
    AddressField,
    ChoiceField,
    DateField,
    DeclarationField,
    EmailField,
    FilesField,
    IbanField,
    MultipleField,
    NumberField,
    PhoneField,
    Question,
    TextField,
    YesNoField,
)
from rathaus.services.forms.messages import Message, in_all, message
from rathaus.services.forms.outline import Outline
from rathaus.services.forms.quantities import quantity

Value: TypeAlias = (
    str | bool | Decimal | date | frozenset[str] | Mapping[str, str | bool] | tuple[JsonValue, ...]
)


@dataclass(frozen=True, slots=True)
class Reading:
    """An answer: `value` for conditions (`None`: absent), `stored` to keep, or a problem."""

    value: Value | None = None
    stored: JsonValue = None
    problem: Message | None = None


Reader: TypeAlias = Callable[[JsonValue, date], Reading]
ADDRESS_KEYS = ("street", "number", "door", "postcode", "place")
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_EMAIL = re.compile(r"[^@\s,;<>\"]{1,64}@[^@\s,;<>\".]+(?:\.[^@\s,;<>\".]+)+")
_PHONE = re.compile(r"\+?[0-9][0-9 /()-]{4,29}")
_NUMBER = re.compile(r"-?[0-9]{1,12}(?:\.[0-9]{1,12})?")
_WRITTEN_DAY = re.compile(r"\d{1,2}\.\s?\d{1,2}\.\s?\d{4}")
_POSTCODE = re.compile(r"[0-9]{4,5}")
_MISSING = {
    ChoiceField: "missing_choice",
    MultipleField: "missing_choice",
    YesNoField: "missing_choice",
    FilesField: "missing_file",
    DeclarationField: "missing_declaration",
}


def reader_for(field: Question, outline: Outline) -> Reader:
    """How answers to this question are read; made once for each published form."""
    read = _READERS[type(field)](field, outline)
    absent = Reading()
    if field.required:
        absent = Reading(problem=message(_MISSING.get(type(field), "missing"), field.label))

    def read_or_absent(raw: JsonValue, today: date) -> Reading:
        return absent if is_blank(raw) else read(raw, today)

    return read_or_absent


def is_blank(raw: JsonValue) -> bool:
    """Whether nothing was answered: white space, an empty list, an address without a word."""
    if isinstance(raw, str):
        return not raw or raw.isspace()
    if isinstance(raw, dict):
        return all(is_blank(raw.get(key)) for key in ADDRESS_KEYS)
    return raw is None or raw == []


def _text(field: TextField, outline: Outline) -> Reader:
    pattern = re.compile(field.pattern) if field.pattern else None
    unreadable = Reading(problem=message("unreadable", field.label))
    too_short = message("too_short", field.label, limit=field.min_length)
    too_long = message("too_long", field.label, limit=field.max_length)

    def read(raw: JsonValue, today: date) -> Reading:
        if not isinstance(raw, str) or _FORBIDDEN.search(raw):
            return unreadable
        text = raw.strip()
        problem: Message | None = None
        if len(text) > field.max_length:
            problem = too_long
        elif len(text) < field.min_length:
            problem = too_short
        elif pattern and not pattern.fullmatch(text):
            problem = field.pattern_message
        return Reading(text, text, problem)

    return read


def _number(field: NumberField, outline: Outline) -> Reader:
    wrong = "not_a_number" if field.decimals else "not_whole"
    unreadable = Reading(problem=message(wrong, field.label))
    too_fine = Reading(problem=message("too_many_decimals", field.label, limit=field.decimals))
    step = Decimal(1).scaleb(-field.decimals)

    def read(raw: JsonValue, today: date) -> Reading:
        text = str(raw)
        if isinstance(raw, bool) or not _NUMBER.fullmatch(text):
            return unreadable
        number = Decimal(text)
        # `2,500` is two and a half, unless somebody means two thousand five hundred.
        unclear = len(text.partition(".")[2]) == 3 > field.decimals
        if unclear or number != number.quantize(step):
            return too_fine if field.decimals else unreadable
        stored: JsonValue = str(number.quantize(step)) if field.decimals else int(number)
        return Reading(number, stored, _out_of_range(field, number))

    return read


def _out_of_range(field: NumberField, number: Decimal) -> Message | None:
    if field.min is not None and number < field.min:
        return message("too_small", field.label, limit=in_all(partial(quantity, field, field.min)))
    if field.max is not None and number > field.max:
        return message("too_large", field.label, limit=in_all(partial(quantity, field, field.max)))
    return None


def _date(field: DateField, outline: Outline) -> Reader:
    unreadable = Reading(problem=message("not_a_day", field.label))

    def read(raw: JsonValue, today: date) -> Reading:
        try:
            day = date.fromisoformat(raw) if isinstance(raw, str) and len(raw) == 10 else None
        except ValueError:
            day = None
        if day is None:
            return _no_such_day(field, raw) or unreadable
        return Reading(day, day.isoformat(), _outside_days(field, day, today))

    return read


def _no_such_day(field: DateField, raw: JsonValue) -> Reading | None:
    """What to say to `31.02.2026`: it is written well and yet no day."""
    if not isinstance(raw, str) or not _WRITTEN_DAY.fullmatch(raw):
        return None
    return Reading(problem=message("no_such_day", field.label, limit=raw))


def _outside_days(field: DateField, day: date, today: date) -> Message | None:
    for bound, key in ((field.min, "too_early"), (field.max, "too_late")):
        limit = day_from(bound, today=today) if bound else day
        if (day < limit) if key == "too_early" else (day > limit):
            if bound == "today":
                return message(f"{key}_by_today", field.label)
            return message(key, field.label, limit=in_all(partial(day_in, day=limit)))
    return None


def _choice(field: ChoiceField, outline: Outline) -> Reader:
    values = frozenset(option.value for option in outline.options(field))
    unknown = Reading(problem=message("not_an_option", field.label))
    readings = {value: Reading(value, value) for value in values}

    def read(raw: JsonValue, today: date) -> Reading:
        return readings.get(raw, unknown) if isinstance(raw, str) else unknown

    return read


def _multiple(field: MultipleField, outline: Outline) -> Reader:
    values = tuple(option.value for option in outline.options(field))
    unknown = Reading(problem=message("not_an_option", field.label))

    def read(raw: JsonValue, today: date) -> Reading:
        if not isinstance(raw, list) or not all(value in values for value in raw):
            return unknown
        stored: list[JsonValue] = [value for value in values if value in raw]
        return Reading(frozenset(map(str, stored)), stored, _wrong_count(field, len(stored)))

    return read


def _wrong_count(field: MultipleField, count: int) -> Message | None:
    if field.min is not None and count < field.min:
        return message("too_few_options", field.label, limit=field.min)
    if field.max is not None and count > field.max:
        return message("too_many_options", field.label, limit=field.max)
    return None


def _yesno(field: YesNoField, outline: Outline) -> Reader:
    unknown = Reading(problem=message("not_an_option", field.label))
    readings = {raw: Reading(raw, raw) for raw in (True, False)}

    def read(raw: JsonValue, today: date) -> Reading:
        return readings[raw] if isinstance(raw, bool) else unknown

    return read


def _declaration(field: DeclarationField, outline: Outline) -> Reader:
    missing = Reading(problem=message("missing_declaration", field.label))
    unticked = missing if field.required else Reading()

    def read(raw: JsonValue, today: date) -> Reading:
        return Reading(True, True) if raw is True else unticked

    return read


def _address(field: AddressField, outline: Outline) -> Reader:
    unreadable = Reading(problem=message("unreadable", field.label))

    def read(raw: JsonValue, today: date) -> Reading:
        parts = _address_parts(raw)
        if parts is None:
            return unreadable
        value: dict[str, str | bool] = {**parts, "listed": _listed(raw)}
        stored: dict[str, JsonValue] = {**value}
        return Reading(value, stored, _address_problem(field, parts, listed=_listed(raw)))

    return read


def _address_parts(raw: JsonValue) -> dict[str, str] | None:
    """The written parts, or `None` if a part is no text or far too long to be one."""
    if not isinstance(raw, dict):
        return None
    parts = {key: raw.get(key) or "" for key in ADDRESS_KEYS}
    texts = {key: part.strip() for key, part in parts.items() if isinstance(part, str)}
    if len(texts) < len(parts):
        return None
    if any(len(text) > 200 or _FORBIDDEN.search(text) for text in texts.values()):
        return None
    return texts


def _listed(raw: JsonValue) -> bool:
    return isinstance(raw, dict) and raw.get("listed") is True


def _address_problem(
    field: AddressField, parts: Mapping[str, str], *, listed: bool
) -> Message | None:
    if not all(parts[key] for key in ("street", "number", "postcode", "place")):
        return message("address_incomplete", field.label)
    if not _POSTCODE.fullmatch(parts["postcode"]):
        return message("address_postcode", field.label)
    if field.only_listed and not listed:
        return message("address_not_listed", field.label)
    return None


def _matched(field: Question, key: str, fits: Callable[[str], str | None]) -> Reader:
    """A text that either becomes its proper notation or is a problem."""
    wrong = Reading(problem=message(key, field.label))

    def read(raw: JsonValue, today: date) -> Reading:
        notation = fits(raw.strip()) if isinstance(raw, str) else None
        return Reading(notation, notation) if notation else wrong

    return read


def _proper_iban(text: str) -> str | None:
    number = compact(text)
    return number if is_iban(number) else None


def _proper_email(text: str) -> str | None:
    return text if len(text) <= 254 and _EMAIL.fullmatch(text) else None


def _proper_phone(text: str) -> str | None:
    return re.sub(r" +", " ", text) if _PHONE.fullmatch(text) else None


def _files(field: FilesField, outline: Outline) -> Reader:
    too_many = message("too_many_files", field.label, limit=field.max_files)
    unreadable = Reading(problem=message("missing_file", field.label))

    def read(raw: JsonValue, today: date) -> Reading:
        if not isinstance(raw, list) or not all(isinstance(entry, dict) for entry in raw):
            return unreadable
        return Reading(tuple(raw), raw, too_many if len(raw) > field.max_files else None)

    return read


_READERS: dict[type[Question], Callable[..., Reader]] = {
    TextField: _text,
    NumberField: _number,
    DateField: _date,
    ChoiceField: _choice,
    MultipleField: _multiple,
    YesNoField: _yesno,
    DeclarationField: _declaration,
    AddressField: _address,
    FilesField: _files,
    IbanField: lambda field, outline: _matched(field, "not_an_iban", _proper_iban),
    EmailField: lambda field, outline: _matched(field, "not_an_email", _proper_email),
    PhoneField: lambda field, outline: _matched(field, "not_a_phone", _proper_phone),
}

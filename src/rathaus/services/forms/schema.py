"""The JSON Schema (2020-12) of what is submitted with one version of a form."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from pydantic import JsonValue

from rathaus.services.forms.fields import (
    ChoiceField,
    DeclarationField,
    Field_,
    FilesField,
    Group,
    MultipleField,
    NumberField,
    TextField,
)
from rathaus.services.forms.outline import Outline

Schema = dict[str, JsonValue]
_TEXT: Schema = {"type": "string", "minLength": 1}
_PLAIN: dict[str, Schema] = {
    "date": {"type": "string", "format": "date"},
    "yesno": {"type": "boolean"},
    "iban": {"type": "string", "pattern": "^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$"},
    "email": {"type": "string", "format": "email", "maxLength": 254},
    "phone": {"type": "string", "maxLength": 30},
    "address": {
        "type": "object",
        "properties": {
            "street": _TEXT,
            "number": _TEXT,
            "door": {"type": "string"},
            "postcode": {"type": "string", "pattern": "^[0-9]{4,5}$"},
            "place": _TEXT,
            "listed": {"type": "boolean"},
        },
        "required": ["street", "number", "postcode", "place", "listed"],
        "additionalProperties": False,
    },
}


def submission_schema(outline: Outline) -> Schema:
    """Types and limits of all fields.

    Only what is asked of everybody is `required`; which of the others must be there depends on
    conditions, and that is what the evaluator is for.
    """
    document = outline.document
    always = [field for page in document.pages if page.show is None for field in page.fields]
    schema = _object([field for page in document.pages for field in page.fields], outline)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": document.title["de"],
        **schema,
        "required": _names(_required(always)),
    }


def _object(fields: Iterable[Field_], outline: Outline) -> Schema:
    properties: Schema = {}
    for field in fields:
        if isinstance(field, Group) and field.repeat is None:
            inner = _object(field.fields, outline)["properties"]
            properties |= inner if isinstance(inner, dict) else {}
        else:
            properties[field.id] = {"title": field.label["de"], **_schema_of(field, outline)}
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _required(fields: Iterable[Field_]) -> list[str]:
    names: list[str] = []
    for field in fields:
        if field.show is not None:
            continue
        if not isinstance(field, Group):
            names += [field.id] if field.required else []
        elif field.repeat is None:
            names += _required(field.fields)
        else:
            names.append(field.id)
    return names


def _names(names: list[str]) -> JsonValue:
    return [*sorted(names)]


def _schema_of(field: Field_, outline: Outline) -> Schema:
    describe = _DESCRIBERS.get(type(field))
    return describe(field, outline) if describe else _PLAIN[field.type]


def _text(field: TextField, outline: Outline) -> Schema:
    schema: Schema = {
        "type": "string",
        "minLength": max(field.min_length, 1),
        "maxLength": field.max_length,
    }
    return {**schema, "pattern": f"^(?:{field.pattern})$"} if field.pattern else schema


def _number(field: NumberField, outline: Outline) -> Schema:
    if field.decimals:
        return {"type": "string", "pattern": rf"^-?[0-9]+\.[0-9]{{{field.decimals}}}$"}
    limits: Schema = {}
    if field.min is not None:
        limits["minimum"] = int(field.min)
    if field.max is not None:
        limits["maximum"] = int(field.max)
    return {"type": "integer", **limits}


def _choice(field: ChoiceField, outline: Outline) -> Schema:
    return {"enum": [option.value for option in outline.options(field)]}


def _multiple(field: MultipleField, outline: Outline) -> Schema:
    values: list[JsonValue] = [option.value for option in outline.options(field)]
    limits: Schema = {"maxItems": field.max} if field.max else {}
    return {
        "type": "array",
        "items": {"enum": values},
        "uniqueItems": True,
        "minItems": field.min or 1,
        **limits,
    }


def _files(field: FilesField, outline: Outline) -> Schema:
    return {
        "type": "array",
        "items": {"type": "object", "required": ["id", "name"]},
        "minItems": 1,
        "maxItems": field.max_files,
    }


def _group(field: Group, outline: Outline) -> Schema:
    rows: Schema = {**_object(field.fields, outline), "required": _names(_required(field.fields))}
    limits: Schema = (
        {"minItems": field.repeat.min, "maxItems": field.repeat.max} if field.repeat else {}
    )
    return {"type": "array", "items": rows, **limits}


_DESCRIBERS: dict[type, Callable[..., Schema]] = {
    TextField: _text,
    NumberField: _number,
    ChoiceField: _choice,
    MultipleField: _multiple,
    FilesField: _files,
    Group: _group,
    DeclarationField: lambda field, outline: {"const": True},
}

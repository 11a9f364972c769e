"""Reads a form from YAML or JSON and reports every mistake with line and reason, all at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from pydantic import JsonValue, ValidationError
from pydantic_core import ErrorDetails

from rathaus.services.forms.checking import flaws_of
from rathaus.services.forms.document import FormDocument
from rathaus.services.forms.outline import Location
from rathaus.services.forms.source import BadDocument, Mistake, Source, read_json, read_yaml


def load_yaml(text: str) -> FormDocument:
    """The form written in this YAML. Raises `BadDocument` with line and reason of every mistake."""
    return _load(read_yaml(text))


def load_json(text: str) -> FormDocument:
    """The form written in this JSON. Raises `BadDocument` with line and reason of every mistake."""
    return _load(read_json(text))


def from_stored(data: Mapping[str, JsonValue]) -> FormDocument:
    """A published document from the database; it was checked when it was published."""
    return FormDocument.model_validate(data)


def _load(source: Source) -> FormDocument:
    if not isinstance(source.values, dict):
        raise BadDocument(Mistake(1, "ein Formular beginnt mit Schlüsseln wie „schema: 1“"))
    try:
        document = FormDocument.model_validate(source.values)
    except ValidationError as error:
        raise BadDocument(*shape_mistakes(error, source)) from error
    flaws = flaws_of(document)
    if flaws:
        raise BadDocument(*(Mistake(source.line_of(flaw.location), flaw.reason) for flaw in flaws))
    return document


def shape_mistakes(error: ValidationError, source: Source) -> Iterator[Mistake]:
    """What a schema refused, each with its line in the source and a German reason."""
    details = error.errors(include_url=False)
    for detail in details:
        if not _follows_from_another(detail, details):
            yield Mistake(source.line_of(detail["loc"]), _reason(detail))


def _follows_from_another(detail: ErrorDetails, details: list[ErrorDetails]) -> bool:
    """A list whose entry is wrong is reported as too short as well; that says nothing new."""
    place = detail["loc"]
    return detail["type"] == "too_short" and any(
        len(other["loc"]) > len(place) and other["loc"][: len(place)] == place for other in details
    )


def _key(location: Location) -> str:
    return str(location[-1]) if location else ""


_REASONS: dict[str, Callable[[ErrorDetails], str]] = {
    "missing": lambda detail: f"„{_key(detail['loc'])}“ fehlt",
    "extra_forbidden": lambda detail: f"den Schlüssel „{_key(detail['loc'])}“ gibt es hier nicht",
    "union_tag_invalid": lambda detail: (
        f"den Typ „{detail['ctx']['tag']}“ gibt es nicht, sondern: {detail['ctx']['expected_tags']}"
    ),
    "union_tag_not_found": lambda _: "„type“ fehlt",
    "condition": lambda _: "das ist keine Bedingung, geschrieben wird sie wie {eq: [feld, wert]}",
    "string_type": lambda _: "hier muss ein Text stehen (Zahlen und ja/nein in Anführungszeichen)",
    "string_pattern_mismatch": lambda detail: (
        f"„{detail['input']}“ passt nicht zur Schreibweise {detail['ctx']['pattern']}"
    ),
    "string_too_long": lambda detail: f"höchstens {detail['ctx']['max_length']} Zeichen",
    "string_too_short": lambda _: "der Text ist leer",
    "literal_error": lambda detail: f"erlaubt ist hier: {detail['ctx']['expected']}",
    "too_short": lambda _: "hier fehlen Einträge",
    "too_long": lambda _: "hier sind zu viele Einträge",
    "bool_type": lambda _: "hier steht true oder false",
    "bool_parsing": lambda _: "hier steht true oder false",
    "int_type": lambda _: "hier steht eine ganze Zahl",
    "decimal_parsing": lambda _: "hier steht eine Zahl",
    "greater_than": lambda detail: f"der Wert muss größer als {detail['ctx']['gt']} sein",
    "greater_than_equal": lambda detail: f"der Wert muss mindestens {detail['ctx']['ge']} sein",
    "less_than_equal": lambda detail: f"der Wert darf höchstens {detail['ctx']['le']} sein",
    "tuple_type": lambda _: "hier steht eine Liste",
    "dict_type": lambda _: "hier stehen Schlüssel und Werte",
    "model_type": lambda _: "hier stehen Schlüssel und Werte",
    "model_attributes_type": lambda _: "hier stehen Schlüssel und Werte",
}


def _reason(detail: ErrorDetails) -> str:
    if detail["type"] == "value_error":
        return str(detail["ctx"]["error"])
    say = _REASONS.get(detail["type"])
    return say(detail) if say else f"ungültiger Wert: {detail['msg']}"

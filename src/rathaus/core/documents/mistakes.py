"""What a schema says about a wrong value, in German and with the line where it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from rathaus.core.documents.source import BadDocument, Location, Mistake, Source

Document = TypeVar("Document", bound=BaseModel)


def checked(model: type[Document], source: Source, *, at: Location = ()) -> Document:
    """The document that stands in the source, or in the part of it at that location.

    Raises `BadDocument` with line and German reason of everything that the model refuses.
    """
    try:
        return model.model_validate(source.value_at(at))
    except ValidationError as error:
        raise BadDocument(*shape_mistakes(error, source, at=at)) from error


def shape_mistakes(
    error: ValidationError, source: Source, *, at: Location = ()
) -> Iterator[Mistake]:
    """What a schema refused, each with its line in the source and a German reason."""
    details = error.errors(include_url=False)
    for detail in details:
        if not _follows_from_another(detail, details):
            yield Mistake(source.line_of((*at, *detail["loc"])), _reason(detail))


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
    "enum": lambda detail: f"erlaubt ist hier: {detail['ctx']['expected']}",
    "time_parsing": lambda _: "hier steht eine Uhrzeit wie „07:30“",
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

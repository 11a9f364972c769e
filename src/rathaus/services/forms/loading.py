"""Reads a form from YAML or JSON and reports every mistake with line and reason, all at once."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import JsonValue

from rathaus.core.documents.mistakes import checked
from rathaus.core.documents.source import BadDocument, Mistake, Source, read_json, read_yaml
from rathaus.services.forms.checking import flaws_of
from rathaus.services.forms.document import FormDocument


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
    document = checked(FormDocument, source)
    flaws = flaws_of(document)
    if flaws:
        raise BadDocument(*(Mistake(source.line_of(flaw.location), flaw.reason) for flaw in flaws))
    return document

"""Forms as authors write them, and what the reader says to them."""

import pytest

from rathaus.core.documents.source import BadDocument
from rathaus.services.forms.document import FormDocument
from rathaus.services.forms.loading import load_yaml
from rathaus.services.forms.outline import Outline

HEAD = """schema: 1
form: x
service: x
title: X
pages:
  - id: p
    title: P
    fields:
"""


def mistakes(text: str, load=load_yaml) -> list[tuple[int, str]]:
    with pytest.raises(BadDocument) as bad:
        load(text)
    return [(mistake.line, mistake.reason) for mistake in bad.value.mistakes]


DOCUMENT = {
    "schema": 1,
    "form": "x",
    "service": "x",
    "title": {"de": "Ü"},
    "pages": [
        {"id": "p", "title": {"de": "P"}, "fields": [{"id": "a", "type": "text", "label": "A"}]}
    ],
}


def form_with(*fields: dict[str, object]) -> Outline:
    page = {"id": "p", "title": "P", "fields": [*fields]}
    hidden = {
        "id": "q",
        "title": "Q",
        "show": {"present": fields[0]["id"]},
        "fields": [{"id": "spaeter", "type": "text", "label": "SPAETER"}],
    }
    plain = {**DOCUMENT, "title": {"de": "Titel", "en": "Title"}, "pages": [page, hidden]}
    return Outline(FormDocument.model_validate(plain))

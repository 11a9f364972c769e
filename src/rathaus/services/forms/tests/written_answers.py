"""Options, addresses and small forms for tests of answers."""

from rathaus.services.forms.compiled import CompiledForm
from rathaus.services.forms.document import FormDocument

ADDRESS = {"street": "Rathausplatz", "number": "5", "postcode": "4890", "place": "Lindenfurt"}
STORED = {**ADDRESS, "door": "", "listed": False}
OPTIONS = [{"value": "x", "label": "X"}, {"value": "y", "label": {"de": "Ypsilon", "en": "Y"}}]
LABEL = {"de": "Frage", "en": "Question"}


def form_of(*fields: dict[str, object], **rest: object) -> CompiledForm:
    page = {"id": "p", "title": {"de": "Seite", "en": "Page"}, "fields": [*fields]}
    plain = {"schema": 1, "form": "x", "service": "x", "title": "X", "pages": [page], **rest}
    return CompiledForm(FormDocument.model_validate(plain))


def one(**field: object) -> CompiledForm:
    return form_of({"id": "f", "label": LABEL, **field})


GROUPS = [
    {"id": "v", "type": "text", "label": "V"},
    {
        "id": "g",
        "type": "group",
        "label": "G",
        "fields": [{"id": "a", "type": "number", "label": "A"}],
    },
    {
        "id": "r",
        "type": "group",
        "label": "R",
        "repeat": {"item": "I"},
        "fields": [
            {"id": "b", "type": "yesno", "label": "B"},
            {"id": "c", "type": "address", "label": "C"},
            {"id": "d", "type": "files", "label": "D"},
        ],
    },
    {"id": "m", "type": "multiple", "label": "M", "options": OPTIONS},
    {"id": "t", "type": "declaration", "label": "T"},
]

"""The JSON schemas of a submission and of the documents themselves."""

import pytest

from rathaus.services.forms.document import meta_schema
from rathaus.services.forms.schema import submission_schema
from rathaus.services.forms.tests.written_answers import OPTIONS
from rathaus.services.forms.tests.written_documents import form_with
from rathaus.services.forms.tests.written_forms import field

KINDS = [
    (field("a", "text"), {"type": "string", "minLength": 1, "maxLength": 200}),
    (
        field("a", "text", min_length=2, max_length=9, pattern="[a-z]+", pattern_message="M"),
        {"type": "string", "minLength": 2, "maxLength": 9, "pattern": "^(?:[a-z]+)$"},
    ),
    (field("a", "number"), {"type": "integer"}),
    (field("a", "number", min=1, max=9), {"type": "integer", "minimum": 1, "maximum": 9}),
    (
        field("a", "number", min=1, decimals=2),
        {"type": "string", "pattern": r"^-?[0-9]+\.[0-9]{2}$"},
    ),
    (field("a", "choice", options=OPTIONS), {"enum": ["x", "y"]}),
    (
        field("a", "multiple", options=OPTIONS),
        {"type": "array", "items": {"enum": ["x", "y"]}, "uniqueItems": True, "minItems": 1},
    ),
    (
        field("a", "multiple", options=OPTIONS, min=2, max=2),
        {
            "type": "array",
            "items": {"enum": ["x", "y"]},
            "uniqueItems": True,
            "minItems": 2,
            "maxItems": 2,
        },
    ),
    (
        field("a", "files", max_files=3),
        {
            "type": "array",
            "items": {"type": "object", "required": ["id", "name"]},
            "minItems": 1,
            "maxItems": 3,
        },
    ),
    (field("a", "declaration"), {"const": True}),
    (field("a", "yesno"), {"type": "boolean"}),
    (field("a", "date"), {"type": "string", "format": "date"}),
]


@pytest.mark.parametrize(("described", "schema"), KINDS)
def test_a_field_has_its_schema(described, schema):
    assert submission_schema(form_with(described)) == {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Titel",
        "type": "object",
        "properties": {
            "a": {"title": "A", **schema},
            "spaeter": {"title": "SPAETER", "type": "string", "minLength": 1, "maxLength": 200},
        },
        "additionalProperties": False,
        "required": ["a"],
    }


def test_groups_are_flat_and_rows_are_lists():
    rows = field(
        "r",
        "group",
        repeat={"item": "I", "min": 1, "max": 3},
        fields=[
            field("b", "yesno"),
            field("c", "yesno", required=False),
            field("d", "yesno", show={"eq": ["b", True]}),
        ],
    )
    flat = field("g", "group", fields=[field("e", "yesno"), field("f", "yesno", required=False)])
    shown = field("h", "group", show={"eq": ["e", True]}, fields=[field("i", "yesno")])
    schema = submission_schema(form_with(rows, flat, shown))
    assert schema["required"] == ["e", "r"]
    properties = schema["properties"]
    assert list(properties) == ["r", "e", "f", "i", "spaeter"]
    assert properties["r"] == {
        "title": "R",
        "type": "array",
        "items": {
            "type": "object",
            "properties": {
                "b": {"title": "B", "type": "boolean"},
                "c": {"title": "C", "type": "boolean"},
                "d": {"title": "D", "type": "boolean"},
            },
            "additionalProperties": False,
            "required": ["b"],
        },
        "minItems": 1,
        "maxItems": 3,
    }


def test_the_meta_schema_speaks_the_words_of_the_file():
    schema = meta_schema()
    assert {"schema", "pages"} <= set(schema["properties"])
    assert set(schema["$defs"]["Not"]["properties"]) == {"not"}
    assert set(schema["$defs"]["In"]["properties"]) == {"in"}

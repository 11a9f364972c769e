"""How many rows of a repeating group are open before anybody has written anything."""

import pytest

from rathaus.services.forms.fields import Field_
from rathaus.services.forms.loading import load_yaml
from rathaus.services.forms.paths import with_least_rows

FORM = """
schema: 1
form: markt
service: markt
title: Markt
pages:
  - id: p
    title: P
    fields:
      - {id: name, type: text, label: Name}
      - id: stand
        type: group
        label: Stände
        repeat: {item: Stand, min: 2, max: 5}
        fields: [{id: ware, type: text, label: Ware}]
      - id: helfer
        type: group
        label: Helfer
        repeat: {item: Helfer, min: 0, max: 5}
        fields: [{id: wer, type: text, label: Wer}]
      - id: strom
        type: group
        label: Strom
        fields:
          - {id: zaehler, type: text, label: Zähler}
"""


@pytest.fixture(scope="module")
def fields() -> tuple[Field_, ...]:
    return load_yaml(FORM).pages[0].fields


@pytest.mark.parametrize(
    ("answers", "opened"),
    [
        ({}, {"stand": [{}, {}]}),
        ({"stand": []}, {"stand": [{}, {}]}),
        ({"stand": [{"ware": "Brot"}]}, {"stand": [{"ware": "Brot"}, {}]}),
        ({"stand": "kein Verzeichnis"}, {"stand": [{}, {}]}),
        ({"stand": [{}, {}, {"ware": "Honig"}]}, {"stand": [{}, {}, {"ware": "Honig"}]}),
        (
            {"name": "Anna", "zaehler": "7", "helfer": [{"wer": "Max"}]},
            {
                "name": "Anna",
                "zaehler": "7",
                "helfer": [{"wer": "Max"}],
                "stand": [{}, {}],
            },
        ),
    ],
)
def test_as_many_rows_as_there_must_be(fields, answers, opened):
    before = repr(answers)
    assert with_least_rows(fields, answers) == opened
    assert repr(answers) == before


def test_groups_within_groups_are_opened_too(fields):
    inside = fields[3].model_copy(update={"fields": fields[:3]})
    assert with_least_rows([inside], {"name": "Anna"}) == {"name": "Anna", "stand": [{}, {}]}

"""Which conditions a browser may decide by itself."""

import pytest

from rathaus.services.forms.browser import is_local, local_condition
from rathaus.services.forms.tests.written_documents import form_with
from rathaus.services.forms.tests.written_forms import field


def told(condition: dict[str, object], prefix: str = "r.2.") -> object:
    outline = form_with(
        field("t", "text"),
        field("o", "address"),
        field("z", "number"),
        field("n", "date"),
        field("l", "files"),
        field(
            "r",
            "group",
            repeat={"item": "I"},
            fields=[field("u", "yesno"), field("f", "text", show=condition)],
        ),
        field("s", "group", repeat={"item": "I"}, fields=[field("v", "yesno")]),
    )
    place = outline.by_id["f"]
    shown = local_condition(place, outline, prefix)
    assert is_local(place.field.show, place, outline) is (shown is not None)
    return shown


LOCAL = [
    ({"eq": ["t", "x"]}, {"eq": ["t", "x"]}),
    ({"present": "t"}, {"present": "t"}),
    ({"present": "u"}, {"present": "r.2.u"}),
    ({"in": ["o.place", ["x", "y"]]}, {"in": ["o.place", ["x", "y"]]}),
    ({"not_in": ["t", ["x"]]}, {"not_in": ["t", ["x"]]}),
    ({"ne": ["u", {"field": "u"}]}, {"ne": ["r.2.u", {"field": "r.2.u"}]}),
    ({"eq": ["t", {"field": "o.place"}]}, {"eq": ["t", {"field": "o.place"}]}),
    (
        {"all": [{"present": "t"}, {"any": [{"not": {"eq": ["u", True]}}]}]},
        {"all": [{"present": "t"}, {"any": [{"not": {"eq": ["r.2.u", True]}}]}]},
    ),
]


@pytest.mark.parametrize(("condition", "shown"), LOCAL)
def test_the_browser_decides_what_stands_before_it(condition, shown):
    assert told(condition) == shown


@pytest.mark.parametrize(
    "condition",
    [
        {"present": "spaeter"},
        {"present": "v"},
        {"present": "z"},
        {"present": "n"},
        {"present": "l"},
        {"present": "s"},
        {"eq": ["o.listed", True]},
        {"all": [{"present": "t"}, {"present": "z"}]},
    ],
)
def test_the_browser_does_not_decide_the_rest(condition):
    assert told(condition) is None


def test_without_a_row_names_are_plain():
    outline = form_with(field("t", "text"), field("f", "text", show={"present": "t"}))
    assert local_condition(outline.by_id["f"], outline) == {"present": "t"}
    assert local_condition(outline.by_id["t"], outline) is None

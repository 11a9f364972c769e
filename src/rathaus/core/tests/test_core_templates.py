"""Every template of the house compiles, down to the attributes of its components."""

from pathlib import Path

import pytest
from django.contrib.messages import SUCCESS
from django.contrib.messages.storage.base import Message
from django.template import engines
from django.template.loader import get_template, render_to_string
from django_cotton.templatetags import _component

import rathaus

SOURCES = Path(rathaus.__file__).parent
TEMPLATES = sorted(
    str(path.relative_to(folder))
    for folder in SOURCES.glob("*/templates")
    for path in folder.glob("**/*.html")
)


@pytest.fixture
def strict_attributes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Components print an attribute as it stands in the file if it does not compile: say so."""
    lenient = _component._try_compile_template

    def strict(value: object, library: object) -> object:
        compiled = lenient(value, library)
        if compiled is None and isinstance(value, str) and ("{{" in value or "{%" in value):
            raise AssertionError(f"not understood: {value}")
        return compiled

    monkeypatch.setattr(_component, "_try_compile_template", strict)
    for loader in engines["django"].engine.template_loaders:
        loader.reset()


@pytest.mark.usefixtures("strict_attributes")
def test_the_guard_finds_an_attribute_that_does_not_compile() -> None:
    with pytest.raises(AssertionError, match="not understood"):
        engines["django"].from_string('{% cotton kern.badge label="{{ word|nonsense }}" /%}')


@pytest.mark.usefixtures("strict_attributes")
def test_every_attribute_of_every_component_compiles() -> None:
    assert len(TEMPLATES) > 100
    for name in TEMPLATES:
        get_template(name)


def test_good_news_looks_like_good_news() -> None:
    page = render_to_string(
        "core/parts/messages.html", {"messages": [Message(SUCCESS, "Ist gespeichert.")]}
    )

    assert "kern-alert--success" in page
    assert "Ist gespeichert." in page

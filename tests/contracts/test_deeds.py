"""Whatever the trail can hold about a citizen is told to them in a sentence, not as a code word."""

import ast
from pathlib import Path

import pytest

import rathaus
from rathaus.core.domain import domains

SOURCES = Path(rathaus.__file__).parent


def _named_deeds() -> set[str]:
    """Every `did="…"` in the program's own calls."""
    return {
        keyword.value.value
        for file in SOURCES.rglob("*.py")
        if "tests" not in file.parts and "migrations" not in file.parts
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg == "did"
        and isinstance(keyword.value, ast.Constant)
        and isinstance(keyword.value.value, str)
    }


@pytest.mark.parametrize("deed", sorted(_named_deeds()))
def test_every_deed_has_a_sentence(deed: str) -> None:
    sentences = {name for domain in domains() for name in domain.deeds}

    assert deed in sentences


def test_there_are_deeds_to_look_at() -> None:
    assert "cases.decided" in _named_deeds()

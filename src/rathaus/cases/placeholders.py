"""Named placeholders in decisions: `{{ aktenzeichen }}`, and `{{ angaben.rasse }}` for an answer.

Nothing is evaluated: a name is looked up once, and what it stands for is not searched again.
"""

import re
from collections.abc import Collection, Mapping

PLACEHOLDER = re.compile(r"\{\{([^{}]*)\}\}")
ANSWERS = "angaben."


class UnknownPlaceholder(ValueError):
    """A text uses a placeholder that does not exist; `name` is the one."""

    def __init__(self, name: str, known: Collection[str]) -> None:
        self.name = name
        self.known = tuple(sorted(known))
        known_names = ", ".join(self.known)
        super().__init__(f"den Platzhalter „{name}“ gibt es nicht, sondern: {known_names}")


def names_in(text: str) -> list[str]:
    """The names that a text uses, in their order."""
    return [match[1].strip() for match in PLACEHOLDER.finditer(text)]


def is_known(name: str, known: Collection[str]) -> bool:
    """Whether something can stand for the name: it is known, or the answer to some question."""
    return name in known or name.startswith(ANSWERS)


def check(text: str, known: Collection[str]) -> None:
    """Raise `UnknownPlaceholder` for the first name that is neither known nor an answer."""
    for name in names_in(text):
        if not is_known(name, known):
            raise UnknownPlaceholder(name, known)


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with every placeholder replaced.

    What is empty or was never answered becomes a gap, `[angaben.rasse]`, for somebody to fill in.
    Raises `UnknownPlaceholder` for any other name without a value.
    """
    check(text, values.keys())
    return PLACEHOLDER.sub(lambda match: _value(match[1].strip(), values), text)


def _value(name: str, values: Mapping[str, str]) -> str:
    return values.get(name) or f"[{name}]"

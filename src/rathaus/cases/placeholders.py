"""Named placeholders in decisions: `{{ aktenzeichen }}`, and `{{ angaben.rasse }}` for an answer.

Nothing is evaluated: a name is looked up once, and what it stands for is not searched again.
"""

import re
from collections.abc import Collection, Mapping

PLACEHOLDER = re.compile(r"\{\{([^{}]*)\}\}")
ANSWERS = "angaben."
NOT_ANSWERED = "–"


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


def check(text: str, known: Collection[str]) -> None:
    """Raise `UnknownPlaceholder` for the first name that is neither known nor an answer."""
    for name in names_in(text):
        if name not in known and not name.startswith(ANSWERS):
            raise UnknownPlaceholder(name, known)


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with every placeholder replaced; an answer that was not given becomes a dash.

    Raises `UnknownPlaceholder` for any other name without a value.
    """
    check(text, values.keys())
    return PLACEHOLDER.sub(lambda match: values.get(match[1].strip(), NOT_ANSWERED), text)

"""What a form says about some answers: what is visible, wrong, owed, given, and what comes next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from pydantic import JsonValue

from rathaus.core.money import ZERO, Money
from rathaus.services.forms.document import Exit
from rathaus.services.forms.messages import Message

Answers: TypeAlias = Mapping[str, JsonValue]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one answer; `path` is `feld`, or `gruppe.0.feld` in a row."""

    path: str
    page: str
    text: Message


@dataclass(frozen=True, slots=True)
class LevyLine:
    """What is owed each year once the matter is granted: name and rate of the levy, what for."""

    name: str
    rate: str
    about: str


@dataclass(frozen=True, slots=True)
class FeeLine:
    """One line of the fee; `owed`, `kind` and `levy` as in the document."""

    id: str
    label: Message
    amount: Money
    owed: str = "granted"
    kind: str = "fee"
    levy: LevyLine | None = None


@dataclass(frozen=True, slots=True)
class GrantLine:
    """One line of what the city gives, out of the budget of that slug."""

    id: str
    budget: str
    label: Message
    amount: Money


@dataclass(frozen=True)
class Evaluation:
    """Everything a form says about some answers on some day.

    `anonymous` tells whether nobody need prove who they are.
    """

    answers: dict[str, JsonValue]
    visible: frozenset[str]
    pages: tuple[str, ...]
    problems: tuple[Problem, ...]
    exits: tuple[tuple[str, Exit], ...]
    fees: tuple[FeeLine, ...]
    grants: tuple[GrantLine, ...]
    anonymous: bool

    @property
    def total(self) -> Money:
        """The whole fee."""
        return sum((line.amount for line in self.fees), ZERO)

    @property
    def granted(self) -> Money:
        """What the city would give in all."""
        return sum((line.amount for line in self.grants), ZERO)

    @property
    def complete(self) -> bool:
        """Whether the answers can be submitted."""
        return not self.problems and not self.exits

    def problems_on(self, page: str) -> tuple[Problem, ...]:
        """What is wrong on one page, in the order of its fields."""
        return tuple(problem for problem in self.problems if problem.page == page)

    def page_after(self, page: str) -> str | None:
        """The next visible page, `None` after the last."""
        later = self.pages[self.pages.index(page) + 1 :]
        return later[0] if later else None

    def page_before(self, page: str) -> str | None:
        """The visible page before, `None` at the first."""
        earlier = self.pages[: self.pages.index(page)]
        return earlier[-1] if earlier else None

    def exit_until(self, page: str) -> Exit | None:
        """The exit that ends the form once this page has been answered."""
        reached = self.pages[: self.pages.index(page) + 1]
        return next((ending for at, ending in self.exits if at in reached), None)

    @property
    def first_incomplete(self) -> str | None:
        """The first page on which something is missing or wrong."""
        return next((page for page in self.pages if self.problems_on(page)), None)

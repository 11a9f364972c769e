"""The steps of an evaluation: one for each page, question and group, taken in topological order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from pydantic import JsonValue

from rathaus.services.forms.dependencies import Node
from rathaus.services.forms.evaluation import Problem
from rathaus.services.forms.fields import Group
from rathaus.services.forms.messages import Message, message
from rathaus.services.forms.predicates import Predicate, Scope
from rathaus.services.forms.reading import Reader


@dataclass(slots=True)
class Found:
    """What one pass collects; problems are sorted by their rank in the document at the end."""

    visible: set[str] = field(default_factory=set)
    problems: list[tuple[tuple[int, int, int], Problem]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class PageStep:
    """A page: visible or not."""

    node: Node
    shown: Predicate

    def run(self, scope: Scope, found: Found) -> None:
        """Take this step."""
        if self.shown(scope):
            scope.shown.add(self.node)


@dataclass(frozen=True, slots=True)
class Step:
    """A field or group at its rank in the document, below its page or innermost group."""

    identifier: str
    page: str
    rank: int
    anchor: int
    parent: Node
    shown: Predicate

    def is_shown(self, scope: Scope) -> bool:
        """Whether everything around it is shown and its own condition holds."""
        return self.parent in scope.shown and self.shown(scope)

    def complain(self, scope: Scope, found: Found, text: Message) -> None:
        """Note what is wrong, at its place in the document."""
        problem = Problem(scope.prefix + self.identifier, self.page, text)
        found.problems.append(((self.anchor, scope.number, self.rank), problem))


@dataclass(frozen=True, slots=True)
class GroupStep(Step):
    """A group without repetition: it only shows or hides its fields."""

    def run(self, scope: Scope, found: Found) -> None:
        """Take this step."""
        if self.is_shown(scope):
            scope.shown.add(("field", self.identifier))
            found.visible.add(scope.prefix + self.identifier)


@dataclass(frozen=True, slots=True)
class QuestionStep(Step):
    """A question: its answer is read only while it is shown."""

    read: Reader

    def run(self, scope: Scope, found: Found) -> None:
        """Take this step."""
        if not self.is_shown(scope):
            return
        found.visible.add(scope.prefix + self.identifier)
        reading = self.read(scope.raw.get(self.identifier), scope.today)
        if reading.value is not None:
            scope.row[self.identifier] = reading.value
            scope.clean[self.identifier] = reading.stored
        if reading.problem is not None:
            self.complain(scope, found, reading.problem)


@dataclass(frozen=True, slots=True)
class RepeatStep(Step):
    """A repeating group: each row is a small form of its own that also sees the answers outside."""

    group: Group
    steps: tuple[GroupStep | QuestionStep, ...]

    def run(self, scope: Scope, found: Found) -> None:
        """Take this step."""
        if not self.is_shown(scope):
            return
        found.visible.add(self.identifier)
        raw = scope.raw.get(self.identifier)
        rows = [row for row in raw if isinstance(row, dict)] if isinstance(raw, list) else []
        self._count(scope, found, len(rows))
        scope.values[self.identifier] = Decimal(len(rows))
        scope.clean[self.identifier] = [
            self._row(scope, found, number, row) for number, row in enumerate(rows)
        ]

    def _row(
        self, outer: Scope, found: Found, number: int, raw: Mapping[str, JsonValue]
    ) -> JsonValue:
        scope = Scope(
            today=outer.today,
            values=outer.values,
            row={},
            raw=raw,
            shown={("field", self.identifier)},
            prefix=f"{self.identifier}.{number}.",
            number=number,
        )
        for step in self.steps:
            step.run(scope, found)
        return scope.clean

    def _count(self, scope: Scope, found: Found, count: int) -> None:
        repeat, label = self.group.repeat, self.group.label
        if repeat and count < repeat.min:
            text = message("too_few_rows", label, limit=repeat.min, item=repeat.item)
            self.complain(scope, found, text)
        elif repeat and count > repeat.max:
            text = message("too_many_rows", label, limit=repeat.max, item=repeat.item)
            self.complain(scope, found, text)

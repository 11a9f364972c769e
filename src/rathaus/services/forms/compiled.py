"""The one evaluator of forms.

A form is compiled once into steps in topological order; evaluating is then a single pass over them.
A hidden field is absent: it has no answer, no problem and no price.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from rathaus.core.money import Money
from rathaus.services.forms.conditions import Condition, field_of, paths_of
from rathaus.services.forms.dependencies import Node, evaluation_order
from rathaus.services.forms.document import Exit, Fee, FormDocument
from rathaus.services.forms.evaluation import (
    Answers,
    Evaluation,
    FeeLine,
    GrantLine,
    LevyLine,
    Problem,
)
from rathaus.services.forms.fields import Group
from rathaus.services.forms.grants import grant_for
from rathaus.services.forms.outline import Outline, Place
from rathaus.services.forms.predicates import Predicate, Scope, compile_condition
from rathaus.services.forms.reading import Value, reader_for
from rathaus.services.forms.steps import Found, GroupStep, PageStep, QuestionStep, RepeatStep


class CompiledForm:
    """A published form, ready to be evaluated any number of times. Make it once for each sha256."""

    def __init__(self, document: FormDocument) -> None:
        self.document = document
        self.outline = Outline(document)
        self._page_ranks = {page.id: rank for rank, page in enumerate(document.pages)}
        self._ranks = {place.field.id: rank for rank, place in enumerate(self.outline.places)}
        self._asking = tuple(
            (place.field.id, place.page.id) for place in self.outline.places if _asks(place)
        )
        self._steps = tuple(self._steps_in_order())
        self._checks = tuple((check, self._predicate(check.when)) for check in document.checks)
        self._exits = tuple((ending, self._predicate(ending.when)) for ending in document.exits)
        self._fees = tuple((fee, self._predicate(fee.when)) for fee in document.fees)
        self._anonymous = self._predicate(document.anonymous_when)
        self._grants = tuple((grant, self._predicate(grant.when)) for grant in document.grants)

    def evaluate(self, answers: Answers, *, today: date) -> Evaluation:
        """Evaluate answers as they were stored, however incomplete or wrong they are."""
        values: dict[str, Value] = {}
        scope = Scope(today=today, values=values, row=values, raw=answers)
        found = Found()
        for step in self._steps:
            step.run(scope, found)
        self._find_contradictions(scope, found)
        pages = self._visible_pages(found.visible)
        problems = sorted(found.problems, key=lambda ranked: ranked[0])
        return Evaluation(
            answers=scope.clean,
            visible=frozenset(found.visible),
            pages=pages,
            problems=tuple(problem for _, problem in problems),
            exits=tuple(
                (self._page_of_exit(ending, pages), ending)
                for ending, holds in self._exits
                if holds(scope)
            ),
            fees=tuple(self._fee_lines(scope)),
            grants=tuple(self._grant_lines(scope)),
            anonymous=self.document.anonymous == "allowed" and self._anonymous(scope),
        )

    def _predicate(self, condition: Condition | None) -> Predicate:
        return compile_condition(condition, self.outline)

    def _steps_in_order(self) -> Iterator[PageStep | GroupStep | QuestionStep | RepeatStep]:
        order = evaluation_order(self.outline)
        shows = {page.id: page.show for page in self.document.pages}
        for kind, identifier in order:
            if kind == "page":
                yield PageStep((kind, identifier), self._predicate(shows[identifier]))
            elif self.outline.by_id[identifier].repeat is None:
                yield self._step(self.outline.by_id[identifier], order)

    def _step(self, place: Place, order: tuple[Node, ...]) -> GroupStep | QuestionStep | RepeatStep:
        field, rank = place.field, self._ranks[place.field.id]
        anchor = self._ranks[place.repeat.id] if place.repeat else rank
        parent: Node = ("field", place.groups[-1].id) if place.groups else ("page", place.page.id)
        shown = self._predicate(field.show)
        if not isinstance(field, Group):
            read = reader_for(field, self.outline)
            return QuestionStep(field.id, place.page.id, rank, anchor, parent, shown, read)
        if field.repeat is None:
            return GroupStep(field.id, place.page.id, rank, anchor, parent, shown)
        steps = tuple(self._row_steps(field, order))
        return RepeatStep(field.id, place.page.id, rank, anchor, parent, shown, field, steps)

    def _row_steps(
        self, group: Group, order: tuple[Node, ...]
    ) -> Iterator[GroupStep | QuestionStep]:
        for kind, identifier in order:
            place = self.outline.by_id.get(identifier) if kind == "field" else None
            if place is not None and place.repeat == group:
                step = self._step(place, order)
                if not isinstance(step, RepeatStep):
                    yield step

    def _find_contradictions(self, scope: Scope, found: Found) -> None:
        wrong = {problem.path for _, problem in found.problems}
        for check, holds in self._checks:
            if check.at in found.visible and check.at not in wrong and holds(scope):
                rank, page = self._ranks[check.at], self.outline.by_id[check.at].page.id
                problem = Problem(check.at, page, check.message)
                found.problems.append(((rank, -1, rank), problem))
                wrong.add(check.at)

    def _visible_pages(self, visible: set[str]) -> tuple[str, ...]:
        asked = {page for identifier, page in self._asking if identifier in visible}
        return tuple(page.id for page in self.document.pages if page.id in asked)

    def _page_of_exit(self, ending: Exit, pages: tuple[str, ...]) -> str:
        """The visible page on which the last of its questions is answered (or would be)."""
        read = [self.outline.by_id[field_of(path)].page.id for path in paths_of(ending.when)]
        last = max(self._page_ranks[page] for page in read)
        reached = [page for page in pages if self._page_ranks[page] <= last]
        return reached[-1] if reached else self.document.pages[0].id

    def _fee_lines(self, scope: Scope) -> Iterator[FeeLine]:
        for fee, holds in self._fees:
            count = _count(fee, scope)
            if count and holds(scope):
                amount = Money.of(fee.amount) * count
                kind = fee.kind or ("levy" if fee.levy else "fee")
                yield FeeLine(fee.id, fee.label, amount, fee.owed, kind, _levy(fee, scope))

    def _grant_lines(self, scope: Scope) -> Iterator[GrantLine]:
        for grant, holds in self._grants:
            price = scope.values.get(grant.of)
            if not isinstance(price, Decimal) or not holds(scope):
                continue
            amount = grant_for(price, percent=grant.percent, cap=Money.of(grant.cap))
            if amount:
                yield GrantLine(grant.id, grant.budget, grant.label, amount)


def _asks(place: Place) -> bool:
    return not isinstance(place.field, Group) or place.field.repeat is not None


def _levy(fee: Fee, scope: Scope) -> LevyLine | None:
    if fee.levy is None:
        return None
    return LevyLine(fee.levy.name, fee.levy.rate, str(scope.values.get(fee.levy.about) or ""))


def _count(fee: Fee, scope: Scope) -> int:
    if fee.per is None:
        return 1
    value = scope.values.get(fee.per)
    return int(value) if isinstance(value, Decimal) else 0

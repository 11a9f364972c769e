"""Compiles conditions into plain functions, once for each published form."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

from pydantic import JsonValue

from rathaus.services.forms.conditions import (
    All,
    AnyOf,
    Comparison,
    Condition,
    Equal,
    Greater,
    GreaterOrEqual,
    In,
    Less,
    LessOrEqual,
    Membership,
    Not,
    NotEqual,
    OtherField,
    Present,
    field_of,
)
from rathaus.services.forms.days import day_from
from rathaus.services.forms.dependencies import Node
from rathaus.services.forms.kinds import Kind, target_of
from rathaus.services.forms.outline import Outline
from rathaus.services.forms.reading import Value


@dataclass(slots=True)
class Scope:
    """What is known while a form is evaluated: the whole form, or one row of a repeating group.

    Outside a row, `row` and `values` are the same; `raw` is what was given, `clean` what is kept.
    """

    today: date
    values: dict[str, Value]
    row: dict[str, Value]
    raw: Mapping[str, JsonValue]
    clean: dict[str, JsonValue] = field(default_factory=dict)
    shown: set[Node] = field(default_factory=set)
    prefix: str = ""
    number: int = -1


Predicate: TypeAlias = Callable[[Scope], bool]
Getter: TypeAlias = Callable[[Scope], Any]  # Any: what is compared was type checked at publishing

_COMPARE: dict[type[Comparison], Callable[[Any, Any], bool]] = {  # Any: as above
    Equal: operator.eq,
    NotEqual: operator.ne,
    Greater: operator.gt,
    GreaterOrEqual: operator.ge,
    Less: operator.lt,
    LessOrEqual: operator.le,
}


def always(scope: Scope) -> bool:
    """What has no condition."""
    return True


def compile_condition(condition: Condition | None, outline: Outline) -> Predicate:
    """A function that says whether the condition holds in a scope."""
    if condition is None:
        return always
    if isinstance(condition, All):
        return _every(tuple(compile_condition(part, outline) for part in condition.all))
    if isinstance(condition, AnyOf):
        return _some(tuple(compile_condition(part, outline) for part in condition.any))
    if isinstance(condition, Not):
        inner = compile_condition(condition.negated, outline)
        return lambda scope: not inner(scope)
    if isinstance(condition, Present):
        return _present(condition.present, outline)
    if isinstance(condition, Membership):
        return _membership(condition, outline)
    return _comparison(condition, outline)


def _every(parts: tuple[Predicate, ...]) -> Predicate:
    return lambda scope: all(part(scope) for part in parts)


def _some(parts: tuple[Predicate, ...]) -> Predicate:
    return lambda scope: any(part(scope) for part in parts)


def _present(path: str, outline: Outline) -> Predicate:
    """A repeating group is there if it has a row; its value is their number."""
    get = _getter(path, outline)
    if outline.by_id[field_of(path)].is_group:
        return lambda scope: bool(get(scope))
    return lambda scope: get(scope) is not None


def _getter(path: str, outline: Outline) -> Getter:
    identifier, part = field_of(path), path.partition(".")[2]
    in_row = outline.by_id[identifier].repeat is not None

    def get(scope: Scope) -> Any:  # Any: see Getter
        return (scope.row if in_row else scope.values).get(identifier)

    def get_part(scope: Scope) -> Any:  # Any: see Getter
        address = get(scope)
        return None if address is None or address[part] == "" else address[part]

    return get_part if part else get


def _comparison(condition: Comparison, outline: Outline) -> Predicate:
    path, operand = condition.sides
    compare = _COMPARE[type(condition)]
    left = _getter(path, outline)
    right = _operand(operand, target_of(path, outline).kind, outline)

    def holds(scope: Scope) -> bool:
        answer = left(scope)
        if answer is None:
            return False
        other = right(scope)
        return other is not None and compare(answer, other)

    return holds


def _operand(operand: bool | int | str | OtherField, kind: Kind, outline: Outline) -> Getter:
    if isinstance(operand, OtherField):
        return _getter(operand.field, outline)
    if kind is Kind.DAY and str(operand).startswith("today"):
        return lambda scope: day_from(str(operand), today=scope.today)
    constant = _typed(operand, kind)
    return lambda scope: constant


def _typed(value: bool | int | str, kind: Kind) -> Value:
    if kind is Kind.NUMBER:
        return Decimal(value)
    if kind is Kind.DAY:
        return date.fromisoformat(str(value))
    return value if isinstance(value, bool) else str(value)


def _membership(condition: Membership, outline: Outline) -> Predicate:
    path, values = condition.sides
    kind = target_of(path, outline).kind
    get = _getter(path, outline)
    wanted = isinstance(condition, In)
    operands = tuple(_operand(value, kind, outline) for value in values)

    def holds(scope: Scope) -> bool:
        answer = get(scope)
        if answer is None:
            return False
        among = (operand(scope) for operand in operands)
        found = not answer.isdisjoint(among) if kind is Kind.MANY else answer in tuple(among)
        return found is wanted

    return holds

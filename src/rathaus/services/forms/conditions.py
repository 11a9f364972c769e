"""Conditions of a form as a typed tree: written `{eq: [feld, wert]}`, never evaluated as code.

A comparison with an absent answer is false, whichever comparison it is: `ne` and `not_in` too.
Only `not` turns that around. A field on the right-hand side is written `{field: other}`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, TypeAlias

from pydantic import BeforeValidator, ConfigDict, Discriminator, Field, StrictBool, StrictInt, Tag

from rathaus.services.forms.parts import FieldPath, Part


def _exact_decimal(value: object) -> object:
    """A decimal number is kept as its text, so that no document ever holds a binary fraction."""
    return str(value) if isinstance(value, float) else value


Scalar = Annotated[StrictBool | StrictInt | str, BeforeValidator(_exact_decimal)]


class OtherField(Part):
    """The answer of another field as the right-hand side of a comparison."""

    field: FieldPath


Operand = Annotated[StrictBool | StrictInt | str | OtherField, BeforeValidator(_exact_decimal)]


class Comparison(Part):
    """A field against one value or another field."""

    @property
    def sides(self) -> tuple[str, bool | int | str | OtherField]:
        """The path on the left and the operand on the right."""
        sides: tuple[str, bool | int | str | OtherField] = getattr(self, operator_of(self))
        return sides


class Equal(Comparison):
    """The answer is this value."""

    eq: tuple[FieldPath, Operand]


class NotEqual(Comparison):
    """There is an answer and it is another value."""

    ne: tuple[FieldPath, Operand]


class Greater(Comparison):
    """The number or date is greater."""

    gt: tuple[FieldPath, Operand]


class GreaterOrEqual(Comparison):
    """The number or date is greater or equal."""

    ge: tuple[FieldPath, Operand]


class Less(Comparison):
    """The number or date is less."""

    lt: tuple[FieldPath, Operand]


class LessOrEqual(Comparison):
    """The number or date is less or equal."""

    le: tuple[FieldPath, Operand]


class Membership(Part):
    """A field against a list of values."""

    model_config = ConfigDict(validate_by_alias=True, validate_by_name=False)

    @property
    def sides(self) -> tuple[str, tuple[bool | int | str, ...]]:
        """The path on the left and the values on the right."""
        sides: tuple[str, tuple[bool | int | str, ...]] = getattr(self, FIELD_OF[type(self)])
        return sides


Values = Annotated[tuple[Scalar, ...], Field(min_length=1)]


class In(Membership):
    """The answer is one of the values; for a multiple choice: at least one of them is chosen."""

    among: tuple[FieldPath, Values] = Field(alias="in")


class NotIn(Membership):
    """There is an answer and it is none of the values; of a multiple choice, none is chosen."""

    not_in: tuple[FieldPath, Values]


class Present(Part):
    """There is a visible answer."""

    present: FieldPath


class All(Part):
    """Every one of the conditions holds."""

    all: Annotated[tuple[Condition, ...], Field(min_length=1)]


class AnyOf(Part):
    """At least one of the conditions holds."""

    any: Annotated[tuple[Condition, ...], Field(min_length=1)]


class Not(Part):
    """The condition does not hold."""

    negated: Condition = Field(alias="not")


OPERATORS: dict[str, type[Part]] = {
    "eq": Equal,
    "ne": NotEqual,
    "gt": Greater,
    "ge": GreaterOrEqual,
    "lt": Less,
    "le": LessOrEqual,
    "in": In,
    "not_in": NotIn,
    "present": Present,
    "all": All,
    "any": AnyOf,
    "not": Not,
}
NAMES: dict[type[Part], str] = {kind: name for name, kind in OPERATORS.items()}
FIELD_OF: dict[type[Part], str] = {In: "among", NotIn: "not_in"}


def operator_of(condition: Part) -> str:
    """The operator as it is written in the document: `eq`, `not_in`, `all` …"""
    return NAMES[type(condition)]


def _operator_in(value: object) -> str | None:
    """The operator that a raw mapping or a condition carries, `None` if it is no condition."""
    if isinstance(value, Part):
        return operator_of(value)
    if isinstance(value, dict) and len(value) == 1:
        name = next(iter(value))
        return name if name in OPERATORS else None
    return None


Condition: TypeAlias = Annotated[
    Annotated[Equal, Tag("eq")]
    | Annotated[NotEqual, Tag("ne")]
    | Annotated[Greater, Tag("gt")]
    | Annotated[GreaterOrEqual, Tag("ge")]
    | Annotated[Less, Tag("lt")]
    | Annotated[LessOrEqual, Tag("le")]
    | Annotated[In, Tag("in")]
    | Annotated[NotIn, Tag("not_in")]
    | Annotated[Present, Tag("present")]
    | Annotated[All, Tag("all")]
    | Annotated[AnyOf, Tag("any")]
    | Annotated[Not, Tag("not")],
    Discriminator(
        _operator_in,
        custom_error_type="condition",
        custom_error_message="eine Bedingung hat genau einen Operator",
    ),
]

for kind in (All, AnyOf, Not):
    kind.model_rebuild()


def parts_of(condition: Condition) -> Iterator[tuple[tuple[str | int, ...], Condition]]:
    """The condition and all conditions inside it, each with its place below the outermost one."""
    yield (), condition
    inner: tuple[Condition, ...] = ()
    if isinstance(condition, All):
        inner = condition.all
    elif isinstance(condition, AnyOf):
        inner = condition.any
    elif isinstance(condition, Not):
        yield from ((("not", *place), part) for place, part in parts_of(condition.negated))
    for index, child in enumerate(inner):
        yield from (
            ((operator_of(condition), index, *place), part) for place, part in parts_of(child)
        )


def paths_of(condition: Condition) -> frozenset[str]:
    """All fields (and parts of fields) that the condition reads."""
    found: set[str] = set()
    for _, part in parts_of(condition):
        if isinstance(part, Present):
            found.add(part.present)
        elif isinstance(part, Membership):
            found.add(part.sides[0])
        elif isinstance(part, Comparison):
            left, right = part.sides
            found.add(left)
            if isinstance(right, OtherField):
                found.add(right.field)
    return frozenset(found)


def field_of(path: str) -> str:
    """`adresse.place` reads the field `adresse`."""
    return path.partition(".")[0]

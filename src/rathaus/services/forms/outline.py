"""Where everything stands in a form: each field with its page, its groups and its location."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from rathaus.core.documents.source import Location
from rathaus.services.forms.conditions import Condition
from rathaus.services.forms.document import Check, Exit, Fee, FormDocument, Grant, Page
from rathaus.services.forms.fields import (
    ChoiceField,
    Field_,
    Group,
    MultipleField,
    Option,
)


@dataclass(frozen=True)
class Place:
    """A field or group in its surroundings; `groups` are around it, outermost first."""

    field: Field_
    page: Page
    groups: tuple[Group, ...]
    location: Location

    @property
    def repeat(self) -> Group | None:
        """The repeating group in whose rows the field is asked."""
        return next((group for group in self.groups if group.repeat), None)

    @property
    def is_group(self) -> bool:
        """Whether it holds other fields instead of an answer."""
        return isinstance(self.field, Group)


@dataclass(frozen=True)
class Outline:
    """All places of a document in the order in which people meet them."""

    document: FormDocument

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """Fields and groups, each group before what it holds."""
        return tuple(
            place
            for number, page in enumerate(self.document.pages)
            for place in _places(page, page.fields, (), ("pages", number))
        )

    @cached_property
    def by_id(self) -> Mapping[str, Place]:
        """Places by the id of their field; ids are unique once the document has been checked."""
        return {place.field.id: place for place in self.places}

    def options(self, field: ChoiceField | MultipleField) -> tuple[Option, ...]:
        """The options of a choice, wherever they are listed."""
        if field.options is not None:
            return field.options
        return self.document.codelists.get(field.codelist or "", ())


def _places(
    page: Page, fields: tuple[Field_, ...], groups: tuple[Group, ...], above: Location
) -> Iterator[Place]:
    for number, field in enumerate(fields):
        location = (*above, "fields", number)
        yield Place(field, page, groups, location)
        if isinstance(field, Group):
            yield from _places(page, field.fields, (*groups, field), location)


@dataclass(frozen=True)
class ConditionPlace:
    """A condition, where it stands, and the row (of a repeating group) from which it looks."""

    condition: Condition
    location: Location
    row: Group | None = None


def conditions_of(outline: Outline) -> Iterator[ConditionPlace]:
    """Every condition of the document."""
    document = outline.document
    yield from _of_pages_and_fields(outline)
    if document.anonymous_when is not None:
        yield ConditionPlace(document.anonymous_when, ("anonymous_when",))
    rules: tuple[tuple[str, Sequence[Check | Exit | Fee | Grant]], ...] = (
        ("checks", document.checks),
        ("exits", document.exits),
        ("fees", document.fees),
        ("grants", document.grants),
    )
    for name, entries in rules:
        for number, entry in enumerate(entries):
            if entry.when is not None:
                yield ConditionPlace(entry.when, (name, number, "when"))


def _of_pages_and_fields(outline: Outline) -> Iterator[ConditionPlace]:
    for number, page in enumerate(outline.document.pages):
        if page.show is not None:
            yield ConditionPlace(page.show, ("pages", number, "show"))
    for place in outline.places:
        if place.field.show is not None:
            yield ConditionPlace(place.field.show, (*place.location, "show"), place.repeat)

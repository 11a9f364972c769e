"""What must be known before what: the order of evaluation, and circles that forbid one."""

from __future__ import annotations

from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter
from typing import TypeAlias

from rathaus.services.forms.conditions import field_of, paths_of
from rathaus.services.forms.outline import Outline, Place

Node: TypeAlias = tuple[str, str]
"""`("page", id)` or `("field", id)`."""


class CircularConditions(ValueError):
    """Conditions that depend on themselves; `path` names the circle from an id back to it."""

    def __init__(self, nodes: tuple[Node, ...]) -> None:
        self.nodes = nodes
        self.path = tuple(identifier for _, identifier in nodes)
        super().__init__(f"Bedingungen im Kreis: {' → '.join(self.path)}")


def needs_of(outline: Outline) -> Mapping[Node, frozenset[Node]]:
    """For each page and field what must be evaluated first.

    A field needs its page, its groups and what its condition reads. A repeating group needs in
    addition what its rows read outside, so that all its rows can be evaluated at once.
    """
    needs: dict[Node, set[Node]] = {
        ("page", page.id): _read(page.show) for page in outline.document.pages
    }
    for place in outline.places:
        own = needs.setdefault(("field", place.field.id), set())
        own |= {("page", place.page.id)} | _read(place.field.show)
        own |= {("field", group.id) for group in place.groups}
        if place.repeat is not None:
            outside = {
                node for node in _read(place.field.show) if not _in_same_rows(node, place, outline)
            }
            needs.setdefault(("field", place.repeat.id), set()).update(outside)
    return {node: frozenset(before) for node, before in needs.items()}


def _read(condition: object) -> set[Node]:
    if condition is None:
        return set()
    return {("field", field_of(path)) for path in paths_of(condition)}  # type: ignore[arg-type]  # a Condition or None


def _in_same_rows(node: Node, place: Place, outline: Outline) -> bool:
    other = outline.by_id.get(node[1])
    return other is not None and (other.repeat == place.repeat or other.field == place.repeat)


def evaluation_order(outline: Outline) -> tuple[Node, ...]:
    """Pages and fields so that each comes after what it needs. Raises `CircularConditions`."""
    try:
        return tuple(TopologicalSorter(needs_of(outline)).static_order())
    except CycleError as error:
        circle: list[Node] = error.args[1]
        raise CircularConditions(tuple(circle)) from error

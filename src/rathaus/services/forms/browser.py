"""What the browser may decide alone: conditions that read only what stands on the same page."""

from __future__ import annotations

from pydantic import JsonValue

from rathaus.services.forms.conditions import Condition, field_of, paths_of
from rathaus.services.forms.outline import Outline, Place

_UNKNOWN_TO_THE_BROWSER = frozenset({"files", "date", "number", "group"})


def local_condition(place: Place, outline: Outline, prefix: str = "") -> JsonValue:
    """The field's own condition as JSON if the browser can decide it, else `None`.

    It can if everything the condition reads is typed or chosen on the same page (in the same row,
    or outside every row) and nothing is counted or compared as a number or a day. Paths are given
    as the names of inputs; `prefix` is that of the row.
    """
    condition = place.field.show
    if condition is None or not is_local(condition, place, outline):
        return None
    dumped: JsonValue = condition.model_dump(mode="json", by_alias=True)
    return _named(dumped, outline, prefix)


def is_local(condition: Condition, place: Place, outline: Outline) -> bool:
    """Whether everything the condition reads stands on the place's page, for the browser to see."""
    for path in paths_of(condition):
        other = outline.by_id[field_of(path)]
        if other.page != place.page or other.repeat not in (None, place.repeat):
            return False
        if other.field.type in _UNKNOWN_TO_THE_BROWSER or path.endswith(".listed"):
            return False
    return True


def _named(condition: JsonValue, outline: Outline, prefix: str) -> JsonValue:
    """The condition with the names of inputs in place of the paths of fields."""
    if not isinstance(condition, dict):
        return condition
    [(operator, operand)] = condition.items()
    if operator in ("all", "any") and isinstance(operand, list):
        return {operator: [_named(part, outline, prefix) for part in operand]}
    if operator == "not":
        return {operator: _named(operand, outline, prefix)}
    if operator == "present":
        return {operator: _name(operand, outline, prefix)}
    if isinstance(operand, list):
        left, right = operand
        if isinstance(right, dict):
            right = {"field": _name(right["field"], outline, prefix)}
        return {operator: [_name(left, outline, prefix), right]}
    return condition


def _name(path: JsonValue, outline: Outline, prefix: str) -> str:
    in_row = outline.by_id[field_of(str(path))].repeat is not None
    return f"{prefix}{path}" if in_row else str(path)

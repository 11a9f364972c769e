"""What the browser may decide alone: conditions that read only what stands on the same page."""

from __future__ import annotations

from pydantic import JsonValue

from rathaus.services.forms.conditions import Condition, field_of, paths_of
from rathaus.services.forms.outline import Outline, Place


def local_condition(place: Place, outline: Outline) -> JsonValue:
    """The field's own condition as JSON if the browser can decide it, else `None`.

    It can if everything the condition reads is typed or chosen on the same page (in the same row,
    or outside every row) and nothing is counted or compared as a number or a day.
    """
    condition = place.field.show
    if condition is None or not _is_local(condition, place, outline):
        return None
    dumped: JsonValue = condition.model_dump(mode="json", by_alias=True)
    return dumped


def _is_local(condition: Condition, place: Place, outline: Outline) -> bool:
    for path in paths_of(condition):
        other = outline.by_id[field_of(path)]
        if other.page != place.page or other.repeat not in (None, place.repeat):
            return False
        if (
            other.is_group
            or other.field.type in _UNKNOWN_TO_THE_BROWSER
            or path.endswith(".listed")
        ):
            return False
    return True


_UNKNOWN_TO_THE_BROWSER = frozenset({"files", "date", "number"})

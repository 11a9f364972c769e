"""What an amendment changed: row by row, from what was filed before to what stands now."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rathaus.cases.sections import Section

# Section, name of the row, and its number among rows of the same name (repeated groups).
_Place = tuple[str, str, int]


@dataclass(frozen=True)
class Change:
    """One row; `before` is `None` where it is new, `after` where it is gone."""

    section: str
    label: str
    before: str | None
    after: str | None


def changes(before: Iterable[Section], after: Iterable[Section]) -> list[Change]:
    """Every row that differs, in the order of what stands now, then what is gone."""
    old, new = _placed(before), _placed(after)
    return [
        _change(place, old, new)
        for place in (*new, *(place for place in old if place not in new))
        if _value(place, old) != _value(place, new)
    ]


_Rows = Mapping[_Place, tuple[str, str]]


def _placed(sections: Iterable[Section]) -> _Rows:
    """Label and value of every row by its place."""
    seen: Counter[tuple[str, str]] = Counter()
    rows: dict[_Place, tuple[str, str]] = {}
    for section in sections:
        for row in section.rows:
            name = (section.title, row.key or row.label)
            rows[(*name, seen[name])] = (row.label, row.value)
            seen[name] += 1
    return rows


def _value(place: _Place, rows: _Rows) -> str | None:
    return rows[place][1] if place in rows else None


def _change(place: _Place, old: _Rows, new: _Rows) -> Change:
    label = (new.get(place) or old[place])[0]
    return Change(place[0], label, _value(place, old), _value(place, new))

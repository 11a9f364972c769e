"""Answers by their path: `feld`, or `gruppe.0.feld` in a row. They are copied, never changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from rathaus.services.forms.evaluation import Answers
from rathaus.services.forms.fields import Field_, Group
from rathaus.services.forms.outline import Outline
from rathaus.services.forms.posting import rows_of


def identifier_of(path: str) -> str:
    """The id of the field at the end of a path."""
    return path.rpartition(".")[2]


def answer_at(answers: Answers, path: str) -> JsonValue:
    """The answer at a path, `None` if there is none."""
    group, _, rest = path.partition(".")
    if not rest:
        return answers.get(path)
    number, _, field = rest.partition(".")
    rows = rows_of(answers.get(group))
    return rows[int(number)].get(field) if number.isdigit() and int(number) < len(rows) else None


def with_answer_at(answers: Answers, path: str, answer: JsonValue) -> dict[str, JsonValue]:
    """The answers with this one at the path. Raises `LookupError` if there is no such row."""
    group, _, rest = path.partition(".")
    if not rest:
        return {**answers, path: answer}
    number, _, field = rest.partition(".")
    rows = rows_of(answers.get(group))
    if not number.isdigit() or int(number) >= len(rows):
        raise LookupError(path)
    rows[int(number)] = {**rows[int(number)], field: answer}
    return {**answers, group: [*rows]}


@dataclass(frozen=True)
class RowChange:
    """One row more at the end of a group, or without the row of this number."""

    group: str
    remove: int | None = None


def with_rows_changed(outline: Outline, answers: Answers, change: RowChange) -> Answers:
    """The answers after the change; as they were if there is no such repeating group."""
    place = outline.by_id.get(change.group)
    if place is None or not isinstance(place.field, Group) or place.field.repeat is None:
        return answers
    rows = rows_of(answers.get(change.group))
    if change.remove is None:
        more: list[JsonValue] = [*rows, {}]
        return {**answers, change.group: more[: place.field.repeat.max]}
    return {
        **answers,
        change.group: [row for number, row in enumerate(rows) if number != change.remove],
    }


def with_least_rows(fields: Sequence[Field_], answers: Answers) -> Answers:
    """The answers with as many rows in each repeating group of the fields as there must be."""
    opened: dict[str, JsonValue] = {}
    for group in (field for field in fields if isinstance(field, Group)):
        if group.repeat is None:
            answers = with_least_rows(group.fields, answers)
            continue
        rows = rows_of(answers.get(group.id))
        missing = group.repeat.min - len(rows)
        if missing > 0:
            opened[group.id] = [*rows, *({} for _row in range(missing))]
    return {**answers, **opened}


def file_ids(answers: Mapping[str, JsonValue]) -> list[str]:
    """The ids of all files among the answers, in their order."""
    found: list[str] = []
    for answer in answers.values():
        for entry in rows_of(answer):
            known = entry.get("id")
            found += [known] if isinstance(known, str) and "sha256" in entry else file_ids(entry)
    return found

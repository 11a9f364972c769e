"""What was filed, as a case keeps and shows it: titled sections of labelled rows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID


class RowKind(StrEnum):
    """How a value is shown."""

    TEXT = "text"
    LONG = "long"
    FILE = "file"


@dataclass(frozen=True)
class Row:
    """One answer, its value already written for people.

    `key` is the answer's lasting name for routing and for `{{ angaben.<key> }}` in decisions.
    """

    label: str
    value: str
    kind: RowKind = RowKind.TEXT
    key: str = ""


@dataclass(frozen=True)
class Section:
    """A titled part of what was filed."""

    title: str
    rows: Sequence[Row] = ()


@dataclass(frozen=True)
class Attachment:
    """A stored file (`core.StoredFile`) and what it is called in the case (`Lageplan`)."""

    file: UUID
    label: str


@dataclass(frozen=True)
class CaseRef:
    """What an opened case is called: its id for addresses, its number for people."""

    id: UUID
    number: str


def to_json(sections: Iterable[Section]) -> list[dict[str, Any]]:
    """The sections as plain values for a jsonb column."""
    return [asdict(section) for section in sections]


def from_json(content: Iterable[Mapping[str, Any]]) -> list[Section]:
    """The sections of a jsonb column."""
    return [
        Section(
            title=section["title"],
            rows=tuple(
                Row(row["label"], row["value"], RowKind(row["kind"]), row["key"])
                for row in section["rows"]
            ),
        )
        for section in content
    ]


def answers(sections: Iterable[Section]) -> dict[str, str]:
    """Every answer that has a key, by its key."""
    return {row.key: row.value for section in sections for row in section.rows if row.key}

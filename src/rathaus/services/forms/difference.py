"""What a new version of a form changes: questions and rules that are new, gone, or different."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from pydantic import BaseModel, JsonValue

from rathaus.services.forms.document import FormDocument, as_json
from rathaus.services.forms.outline import Outline, Place
from rathaus.services.forms.parts import LocalText


class Kind(StrEnum):
    """What happened to a part."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


class Part(StrEnum):
    """Of what a form is made."""

    FORM = "form"
    PAGE = "page"
    QUESTION = "question"
    CODELIST = "codelist"
    CHECK = "check"
    EXIT = "exit"
    FEE = "fee"
    GRANT = "grant"


@dataclass(frozen=True)
class Change:
    """One part that differs; `keys` are the document's words for what about it changed."""

    kind: Kind
    part: Part
    id: str
    title: LocalText
    keys: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Content:
    title: LocalText
    values: Mapping[str, JsonValue]


_Parts = Mapping[tuple[Part, str], _Content]
_OWN = (
    "title",
    "intro",
    "service",
    "anonymous",
    "ends_levy",
    "fee_due_days",
    "prefill",
    "confirmation",
)


def changes(before: FormDocument, after: FormDocument) -> list[Change]:
    """Everything that differs: in the order of the new version, then what is gone."""
    old, new = _parts(before), _parts(after)
    found = [change for key, content in new.items() for change in _change(key, old, content)]
    gone = (key for key in old if key not in new)
    return found + [Change(Kind.REMOVED, *key, old[key].title) for key in gone]


def _change(key: tuple[Part, str], old: _Parts, content: _Content) -> Iterable[Change]:
    if key not in old:
        yield Change(Kind.ADDED, *key, content.title)
        return
    then, now = old[key].values, content.values
    keys = sorted(name for name in then.keys() | now.keys() if then.get(name) != now.get(name))
    if keys:
        yield Change(Kind.CHANGED, *key, content.title, tuple(keys))


def _parts(document: FormDocument) -> _Parts:
    plain = as_json(document)
    own = {name: plain[name] for name in _OWN if name in plain}
    parts = {(Part.FORM, document.form): _Content(document.title, own)}
    for page in document.pages:
        parts[Part.PAGE, page.id] = _Content(page.title, _values(page, without={"fields"}))
    for place in Outline(document).places:
        parts[Part.QUESTION, place.field.id] = _Content(place.field.label, _question(place))
    for name, options in document.codelists.items():
        values: Mapping[str, JsonValue] = {"options": [_values(option) for option in options]}
        parts[Part.CODELIST, name] = _Content({"de": name}, values)
    for check in document.checks:
        parts[Part.CHECK, check.id] = _Content(check.message, _values(check))
    for way_out in document.exits:
        parts[Part.EXIT, way_out.id] = _Content(way_out.title, _values(way_out))
    for fee in document.fees:
        parts[Part.FEE, fee.id] = _Content(fee.label, _values(fee))
    for grant in document.grants:
        parts[Part.GRANT, grant.id] = _Content(grant.label, _values(grant))
    return parts


def _question(place: Place) -> Mapping[str, JsonValue]:
    groups: list[JsonValue] = [group.id for group in place.groups]
    values = _values(place.field, without={"fields"})
    return {**values, "page": place.page.id, "group": groups}


def _values(part: BaseModel, *, without: set[str] | None = None) -> dict[str, JsonValue]:
    dumped: dict[str, JsonValue] = part.model_dump(mode="json", exclude=without, exclude_none=True)
    return dumped

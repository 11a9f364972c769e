"""How an entry becomes 32 bytes that depend on every entry before it.

The form is RFC 8785 (canonical JSON) restricted to text, whole numbers, truth values, lists and
objects, hashed with SHA-256. `verify.py` computes the same without this module, on purpose.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

GENESIS = bytes(32)


@dataclass(frozen=True)
class Content:
    """Everything an entry says; `about` is sorted, `details` holds plain values without floats."""

    seq: int
    at: datetime
    act: str
    actor: UUID | None
    actor_kind: str
    office: str
    did: str
    thing_type: str
    thing_id: str
    case: str
    why: str
    about: tuple[UUID, ...]
    details: Mapping[str, object] = field(default_factory=dict)


def canonical(value: Mapping[str, object]) -> bytes:
    """The one byte string for a value, the same in every language that follows RFC 8785.

    Raises `TypeError` for floats and for keys that are not text: they have no single spelling.
    """
    _refuse_ambiguous(value)
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode("utf-8")


def _refuse_ambiguous(value: object) -> None:
    match value:
        case None | bool() | int() | str():
            return
        case Mapping():
            if not all(isinstance(key, str) for key in value):
                raise TypeError("keys must be text")
            for inner in value.values():
                _refuse_ambiguous(inner)
        case list() | tuple():
            for inner in value:
                _refuse_ambiguous(inner)
        case _:
            raise TypeError(f"{type(value).__name__} has no canonical form")


def open_part(content: Content) -> dict[str, object]:
    """What each person concerned may see of the entry."""
    return {
        "seq": content.seq,
        "at": content.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "act": content.act,
        "actor_kind": content.actor_kind,
        "office": content.office,
        "did": content.did,
        "case": content.case,
    }


def sealed_part(content: Content) -> dict[str, object]:
    """What would tell one person about another; a proof shows its hash only."""
    return {
        "actor": str(content.actor) if content.actor else None,
        "thing_type": content.thing_type,
        "thing_id": content.thing_id,
        "why": content.why,
        "about": [str(person) for person in content.about],
        "details": content.details,
    }


def seal(content: Content) -> str:
    """The hash that stands for the sealed part, as hexadecimal digits.

    Nobody can guess from it what concerns others: their ids in it have 122 random bits.
    """
    return hashlib.sha256(canonical(sealed_part(content))).hexdigest()


def entry_hash(content: Content, previous: bytes) -> bytes:
    """The hash of an entry that follows the one with the hash `previous` (`GENESIS` for the first).

    Raises `TypeError` for details without a canonical form.
    """
    line = {**open_part(content), "sealed": seal(content), "previous": previous.hex()}
    return hashlib.sha256(canonical(line)).digest()

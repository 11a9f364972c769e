#!/usr/bin/env python3
"""Prüft das Protokoll einer Stadt, ohne der Stadt zu vertrauen. Braucht nur Python ab 3.9.

    python verify.py export.jsonl wurzeln.json     das ganze Protokoll
    python verify.py beweis.json wurzeln.json      ein einzelner Eintrag

`wurzeln.json` sind die veröffentlichten Fingerabdrücke: am besten eine Kopie, die Sie selbst
früher heruntergeladen haben. Gefunden wird jede Änderung, Löschung, Einfügung, Umordnung und
Kürzung dessen, was ein Fingerabdruck umfasst. Ergebnis 0: alles in Ordnung; 1: Fehler gefunden;
2: Dateien unlesbar.

This file stands alone on purpose: it shares no code with the program whose work it checks.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable, Mapping
from typing import Any

OPEN = ("seq", "at", "act", "actor_kind", "office", "did", "case")
SEALED = ("actor", "thing_type", "thing_id", "why", "about", "details")
KEYS = {*OPEN, *SEALED, "previous", "hash"}
AT_MOST = 100

Json = Mapping[str, Any]

_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


def sha256(data: bytes) -> bytes:
    """32 bytes that nobody can bring about with other data."""
    return hashlib.sha256(data).digest()


def canonical(value: Json) -> bytes:
    """RFC 8785: the one spelling of a value."""
    return _encode(value).encode()


def entry_hash(line: Json) -> str:
    """The hash of an entry; in a proof its sealed part is given as a hash only."""
    sealed = line["sealed"] if "sealed" in line else _sealed(line)
    said = {key: line[key] for key in OPEN}
    return sha256(canonical({**said, "sealed": sealed, "previous": line["previous"]})).hex()


def _sealed(line: Json) -> str:
    return sha256(canonical({key: line[key] for key in SEALED})).hex()


def leaf(data: str) -> bytes:
    """RFC 6962: a leaf of the tree."""
    return sha256(b"\x00" + bytes.fromhex(data))


def node(left: bytes, right: bytes) -> bytes:
    """RFC 6962: two branches become one."""
    return sha256(b"\x01" + left + right)


class Tree:
    """A Merkle tree that grows leaf by leaf and remembers its complete branches only."""

    def __init__(self) -> None:
        self.size = 0
        self._branches: list[bytes] = []

    def add(self, data: bytes) -> None:
        """Add a leaf on the right."""
        self._branches.append(data)
        self.size += 1
        twos = self.size
        while twos % 2 == 0:
            right = self._branches.pop()
            self._branches[-1] = node(self._branches[-1], right)
            twos //= 2

    def root(self) -> str:
        """The fingerprint of all leaves so far."""
        if not self._branches:
            return sha256(b"").hex()
        *before, result = self._branches
        for left in reversed(before):
            result = node(left, result)
        return result.hex()


def check_trail(lines: Iterable[str], roots: Iterable[Json]) -> list[str]:
    """Everything that is wrong with an exported trail, as German sentences; empty if sound."""
    faults: list[str] = []
    expected: dict[int, set[str]] = {}
    for root in roots:
        expected.setdefault(root["size"], set()).add(root["root"])
    tree, previous = Tree(), bytes(32).hex()
    for line in map(json.loads, lines):
        faults += _faults_of(line, tree.size + 1, previous)
        if len(faults) > AT_MOST:
            return faults
        previous = line.get("hash", previous)
        tree.add(leaf(previous))
        if tree.size in expected and expected.pop(tree.size) != {tree.root()}:
            faults.append(f"Der Fingerabdruck über {tree.size} Einträge stimmt nicht.")
    faults += [
        f"Es fehlen Einträge am Ende: veröffentlicht waren {size}, vorhanden sind {tree.size}."
        for size in sorted(expected)
        if size > tree.size
    ]
    if 0 in expected and expected[0] != {Tree().root()}:
        faults.append("Der Fingerabdruck des leeren Protokolls stimmt nicht.")
    return faults


def _faults_of(line: Json, seq: int, previous: str) -> list[str]:
    if set(line) != KEYS:
        return [f"Eintrag {seq} hat fehlende oder fremde Angaben."]
    faults = []
    if line["seq"] != seq:
        faults.append(f"An der Stelle von Eintrag {seq} steht Eintrag {line['seq']}.")
    if line["previous"] != previous:
        faults.append(f"Eintrag {line['seq']} schließt nicht an seinen Vorgänger an.")
    if line["hash"] != entry_hash(line):
        faults.append(f"Eintrag {line['seq']} wurde verändert.")
    return faults


def check_proof(proof: Json, roots: Iterable[Json]) -> list[str]:
    """Everything that is wrong with the proof of a single entry."""
    entry, size = proof["entry"], proof["size"]
    published = {root["root"] for root in roots if root["size"] == size}
    if not published:
        return [f"Über {size} Einträge wurde kein Fingerabdruck veröffentlicht."]
    index = entry["seq"] - 1
    result = _climb(
        leaf(entry_hash(entry)), index, size, [bytes.fromhex(it) for it in proof["path"]]
    )
    if result is None or published != {result.hex()}:
        return [f"Eintrag {entry['seq']} steht so nicht im veröffentlichten Protokoll."]
    return []


def _climb(result: bytes, index: int, size: int, path: list[bytes]) -> bytes | None:
    """RFC 9162 § 2.1.3.2: from a leaf to the root, or None where the path has the wrong length."""
    last = size - 1
    if not 0 <= index <= last:
        return None
    for sibling in path:
        if last == 0:
            return None
        if index % 2 or index == last:
            result = node(sibling, result)
            while index % 2 == 0 and index:
                index, last = index >> 1, last >> 1
        else:
            result = node(result, sibling)
        index, last = index >> 1, last >> 1
    return result if last == 0 else None


def main(arguments: list[str]) -> int:
    """Check the files named; 0 if sound, 1 if not, 2 if they cannot be read."""
    if len(arguments) != 2:
        sys.stdout.write(__doc__)
        return 2
    try:
        faults = _check_files(*arguments)
    except (OSError, ValueError, KeyError, TypeError) as error:
        sys.stdout.write(f"Nicht lesbar: {error!r}\n")
        return 2
    result = "Fehler gefunden." if faults else "Alles in Ordnung."
    sys.stdout.writelines(f"{line}\n" for line in (*faults, result))
    return 1 if faults else 0


def _check_files(subject: str, fingerprints: str) -> list[str]:
    with open(fingerprints, encoding="utf-8") as file:
        roots = json.load(file)["roots"]
    with open(subject, encoding="utf-8") as file:
        if subject.endswith(".jsonl"):
            return check_trail(file, roots)
        return check_proof(json.load(file), roots)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

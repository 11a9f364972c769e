"""Text to plain values, with the line of every value: YAML as people expect it, and JSON.

Only `true`, `false`, `null` and numbers are special; `ja`, `no` and days stay text. Anchors,
aliases, tags and doubled keys are refused: what stands in the file is what holds.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import NoReturn, TypeAlias

import yaml
from pydantic import JsonValue

Location: TypeAlias = tuple[str | int, ...]
"""Keys and positions that lead from the top of a document to a value in it."""

LARGEST = 2_000_000
DEEPEST = 60


@dataclass(frozen=True, order=True)
class Mistake:
    """One mistake in a file: the line (counted from 1) and the reason in German."""

    line: int
    reason: str

    def __str__(self) -> str:
        return f"Zeile {self.line}: {self.reason}"


class BadDocument(ValueError):
    """A file that holds nothing usable, with everything that is wrong about it."""

    def __init__(self, *mistakes: Mistake) -> None:
        self.mistakes = tuple(sorted(set(mistakes)))
        super().__init__("\n".join(str(mistake) for mistake in self.mistakes))


class _PlainLoader(yaml.SafeLoader):
    """A YAML loader that resolves only what JSON knows."""

    yaml_implicit_resolvers = {}


for _tag, _pattern, _starts in (
    ("bool", r"(?:true|false)$", "tf"),
    ("int", r"[-+]?(?:0|[1-9][0-9]{0,17})$", "-+0123456789"),
    ("float", r"[-+]?[0-9]{1,18}\.[0-9]{1,18}$", "-+0123456789"),
    ("null", r"(?:null|~|)$", ["n", "~", ""]),
):
    _PlainLoader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), list(_starts)
    )

_GERMAN = {
    "mapping values are not allowed": "ein Doppelpunkt zu viel, oder Anführungszeichen fehlen",
    "could not find expected ':'": "hier fehlt ein Doppelpunkt",
    "expected <block end>": "die Einrückung passt nicht",
    "expected ',' or ']'": "es fehlt eine eckige Klammer, oder es fehlen Anführungszeichen",
    "expected ',' or '}'": "es fehlt eine geschweifte Klammer, oder es fehlen Anführungszeichen",
    "found character '\\t' that cannot start any token": "statt Tabulatoren bitte Leerzeichen",
    "found unexpected end": "ein Anführungszeichen wird nicht geschlossen",
    "but found another document": "in einer Datei steht genau ein Dokument",
}


@dataclass(frozen=True)
class Source:
    """The values of a file and the tree that knows their lines."""

    values: JsonValue
    _root: yaml.Node

    def value_at(self, location: Location) -> JsonValue:
        """The value there; the location must exist."""
        value = self.values
        for step in location:
            value = value[step]  # type: ignore[index]  # the caller knows the shape
        return value

    def line_of(self, location: Location) -> int:
        """The line of the value there, or of the innermost value around it."""
        node, line = self._root, self._root.start_mark.line
        for step in location:
            found = _child(node, step)
            if found is not None:
                line, node = found
        return line + 1


def read_yaml(text: str) -> Source:
    """Parse YAML. Raises `BadDocument`."""
    root = _compose(text)
    values: JsonValue = _PlainLoader("").construct_document(root)
    return Source(values, root)


def read_json(text: str) -> Source:
    """Parse JSON. Raises `BadDocument`."""
    _refuse_large(text)
    try:
        values: JsonValue = json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise BadDocument(Mistake(error.lineno, f"kein gültiges JSON: {error.msg}")) from error
    except RecursionError as error:
        raise BadDocument(Mistake(1, "zu tief verschachtelt")) from error
    return Source(values, _compose(text.replace("\t", " ")))


def _refuse_constant(name: str) -> NoReturn:
    raise BadDocument(Mistake(1, f"{name} ist keine Zahl"))


def _refuse_large(text: str) -> None:
    if len(text) > LARGEST:
        raise BadDocument(
            Mistake(1, f"das Dokument hat mehr als {LARGEST:,} Zeichen".replace(",", "."))
        )


def _compose(text: str) -> yaml.Node:
    _refuse_large(text)
    try:
        _refuse_tricks(text)
        root: yaml.Node | None = yaml.compose(text, Loader=_PlainLoader)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise BadDocument(Mistake(line, "ein Steuerzeichen ist hier nicht erlaubt")) from error
    except yaml.MarkedYAMLError as error:
        raise BadDocument(_syntax_mistake(error)) from error
    if root is None:
        raise BadDocument(Mistake(1, "das Dokument ist leer"))
    doubled = tuple(_doubled_keys(root))
    if doubled:
        raise BadDocument(*doubled)
    return root


def _syntax_mistake(error: yaml.MarkedYAMLError) -> Mistake:
    mark = error.problem_mark or error.context_mark
    reason = error.problem or error.context or str(error)
    german = next((german for start, german in _GERMAN.items() if reason.startswith(start)), reason)
    return Mistake(mark.line + 1 if mark else 1, f"kein gültiges YAML: {german}")


def _refuse_tricks(text: str) -> None:
    """Refuse what could make a small file large or deep, before anything is built from it."""
    depth = 0
    for event in yaml.parse(text, Loader=_PlainLoader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST:
            raise BadDocument(Mistake(line, "zu tief verschachtelt"))
        if getattr(event, "anchor", None) is not None:
            raise BadDocument(Mistake(line, "Anker und Verweise (&, *) sind nicht erlaubt"))
        if isinstance(event, yaml.NodeEvent) and getattr(event, "tag", None) is not None:
            raise BadDocument(Mistake(line, "Typangaben mit ! sind nicht erlaubt"))


def _doubled_keys(node: yaml.Node) -> list[Mistake]:
    found: list[Mistake] = []
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                found.append(Mistake(key.start_mark.line + 1, "ein Schlüssel ist immer ein Wort"))
                continue
            if key.value in seen:
                found.append(
                    Mistake(key.start_mark.line + 1, f"der Schlüssel „{key.value}“ steht doppelt")
                )
            seen.add(key.value)
            found += _doubled_keys(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            found += _doubled_keys(value)
    return found


def _child(node: yaml.Node, step: str | int) -> tuple[int, yaml.Node] | None:
    """The value one step deeper, with the line where it (or its key) begins."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == step:
                return key.start_mark.line, value
    elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        value = node.value[step]
        return value.start_mark.line, value
    return None

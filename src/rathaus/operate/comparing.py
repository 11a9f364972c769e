"""Fingerprints of everything an installation keeps: they prove that a copy is equal."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

_TABLES = """
    select relname from pg_class
    where relkind = 'r' and relnamespace = 'public'::regnamespace order by relname
"""
_ROWS = """
    copy (
        select encode(sha256(convert_to(line::text, 'UTF8')), 'hex') from {table} as line order by 1
    ) to stdout
"""
_SAME_SPELLING = (
    "set local timezone = 'UTC'",
    "set local datestyle = 'ISO'",
    "set local intervalstyle = 'postgres'",
    "set local extra_float_digits = 1",
    "set local bytea_output = 'hex'",
)


@dataclass(frozen=True)
class TableFingerprint:
    """How many rows a table has and a hash over all of them, in no particular order."""

    rows: int
    sha256: str


def tables_fingerprint(connection: psycopg.Connection[Any]) -> dict[str, TableFingerprint]:
    """Every table as the transaction of this connection sees it."""
    for setting in _SAME_SPELLING:
        connection.execute(setting)
    names = [name for (name,) in connection.execute(_TABLES)]
    return {name: _table_fingerprint(connection, name) for name in names}


def _table_fingerprint(connection: psycopg.Connection[Any], name: str) -> TableFingerprint:
    digest, rows = hashlib.sha256(), 0
    question = sql.SQL(_ROWS).format(table=sql.Identifier(name))
    with connection.cursor() as cursor, cursor.copy(question) as stream:
        for lines in stream:
            digest.update(lines)
            rows += bytes(lines).count(b"\n")
    return TableFingerprint(rows, digest.hexdigest())


def file_fingerprint(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def differences(
    original: Mapping[str, TableFingerprint], copy: Mapping[str, TableFingerprint]
) -> list[str]:
    """One line for each table that is not the same in both."""
    return [
        f"{name}: {_rows(original.get(name))} ↔ {_rows(copy.get(name))}"
        for name in sorted(original.keys() | copy.keys())
        if original.get(name) != copy.get(name)
    ]


def _rows(table: TableFingerprint | None) -> str:
    return "fehlt" if table is None else f"{table.rows} Zeilen, {table.sha256[:12]}"


def as_data(tables: Mapping[str, TableFingerprint]) -> dict[str, dict[str, int | str]]:
    """For a JSON document; `from_data` is the way back."""
    return {name: asdict(table) for name, table in tables.items()}


def from_data(data: Mapping[str, Mapping[str, Any]]) -> dict[str, TableFingerprint]:
    """What `as_data` wrote."""
    return {name: TableFingerprint(**table) for name, table in data.items()}

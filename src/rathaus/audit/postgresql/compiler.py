"""Notes whose rows a SELECT brings into the program: models, values, joins, prefetches alike.

Counting, asking whether something exists and aggregating bring no row and are free.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.backends.postgresql.compiler import (
    SQLAggregateCompiler,
    SQLDeleteCompiler,
    SQLInsertCompiler,
    SQLUpdateCompiler,
)
from django.db.backends.postgresql.compiler import SQLCompiler as PostgreSQLCompiler
from django.db.models import Count, Exists
from django.db.models.expressions import BaseExpression, Col, Subquery

from rathaus.audit.personal import PersonalModel, UnaccountedRead
from rathaus.audit.reading import ReadLog, open_log

__all__ = [
    "SQLAggregateCompiler",
    "SQLCompiler",
    "SQLDeleteCompiler",
    "SQLInsertCompiler",
    "SQLUpdateCompiler",
]

Row = Sequence[Any]  # what a column holds is the model's affair
Note = Callable[[ReadLog, Row], None]


class SQLCompiler(PostgreSQLCompiler):
    """A SELECT whose personal rows are noted as they are read."""

    def results_iter(self, *args: Any, **options: Any) -> Iterator[Row]:
        """The rows; raises `UnaccountedRead` where staff would get some without their subject."""
        rows: Iterable[Row] = super().results_iter(*args, **options)
        log = open_log()
        if log is not None:
            notes = _notes(self.select[: self.col_count])
            if notes:
                return _noted(rows, notes, log)
        return iter(rows)


def _noted(rows: Iterable[Row], notes: list[Note], log: ReadLog) -> Iterator[Row]:
    for row in rows:
        for note in notes:
            note(log, row)
        yield row


@dataclass(frozen=True)
class _Table:
    """A personal table as it appears in a SELECT, perhaps twice under different aliases."""

    alias: str | None
    model: type[PersonalModel]


def _notes(select: Sequence[tuple[BaseExpression, Any, Any]]) -> list[Note]:
    """How to note a row of this SELECT: one way for each personal table that it shows."""
    expressions = [expression for expression, _sql, _alias in select]
    columns: dict[tuple[str | None, str], int] = {
        (column.alias, column.target.attname): position
        for position, column in enumerate(expressions)
        if isinstance(column, Col)
    }
    shown = {table for expression in expressions for table in _personal(expression)}
    return [_note(table, columns) for table in shown]


def _note(table: _Table, columns: dict[tuple[str | None, str], int]) -> Note:
    model = table.model
    subject = columns.get((table.alias, model.subject_column))
    if subject is not None:
        return lambda log, row: log.note(model, row[subject])
    key = columns.get((table.alias, model._meta.pk.attname))
    if key is not None:
        return lambda log, row: log.note_key(model, row[key])
    raise UnaccountedRead(f"{model.__name__}: select {model.subject_column} too")


def _personal(expression: Any) -> Iterator[_Table]:
    """The personal tables whose values show through an expression."""
    match expression:
        case None | Count() | Exists():
            return
        case Col():
            model = expression.target.model
            if issubclass(model, PersonalModel) and expression.target.name not in model.impersonal:
                yield _Table(expression.alias, model)
        case Subquery():
            query = expression.query
            for inner in (*query.select, *query.annotation_select.values()):
                yield from (_Table(None, table.model) for table in _personal(inner))
        case _:
            for inner in getattr(expression, "get_source_expressions", tuple)():
                yield from _personal(inner)

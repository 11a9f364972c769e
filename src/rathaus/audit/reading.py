"""Who reads whose data, and why: collected row by row, written as one entry per reason.

While a member of staff is served, a `ReadLog` is open and the database layer notes every personal
row that reaches the program (`postgresql.compiler`). `reading` names the reason for a while.
"""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from operator import attrgetter
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

from rathaus.audit.actions import record
from rathaus.audit.models import Act
from rathaus.core.actor import Actor
from rathaus.core.transaction import unit_of_work

if TYPE_CHECKING:
    from rathaus.audit.personal import PersonalModel


T = TypeVar("T")

_subject = attrgetter("subject_id")  # a field or a property of the concrete model


class UnaccountedRead(RuntimeError):
    """Personal rows were read in a way that hides whose they are: a mistake in the program.

    Select the model's subject column (or its primary key) as well.
    """


@dataclass(frozen=True)
class Reason:
    """Why rows are read; `did` is told to citizens in the words of the domain's `deeds`."""

    by: Actor
    did: str
    why: str = ""
    case: str = ""


@dataclass
class _Notes:
    """What was read for one reason. Where a row doesn't show its subject, its key is kept."""

    subjects: set[UUID] = field(default_factory=set)
    keys: dict[type["PersonalModel"], set[object]] = field(default_factory=lambda: defaultdict(set))
    tables: set[str] = field(default_factory=set)


class ReadLog:
    """The personal rows that were read since it was opened, by reason."""

    def __init__(self, reason: Reason) -> None:
        self.reason = reason
        self._notes: dict[Reason, _Notes] = defaultdict(_Notes)
        self._closed = False

    def note(self, model: type["PersonalModel"], subject: UUID | None) -> None:
        """Remember a row about `subject`; `None` is about nobody."""
        if subject is not None:
            self._current(model).subjects.add(subject)

    def note_key(self, model: type["PersonalModel"], key: object) -> None:
        """Remember a row by its primary key; its subject is looked up when the log is written."""
        if key is not None:
            self._current(model).keys[model].add(key)

    def _current(self, model: type["PersonalModel"]) -> _Notes:
        if self._closed:
            raise UnaccountedRead("rows were read after the page had left the house")
        notes = self._notes[_reason.get() or self.reason]
        notes.tables.add(model._meta.db_table)
        return notes

    def write(self) -> None:
        """Write one entry per reason, and begin anew. Does nothing where nothing was read."""
        notes, self._notes = self._notes, defaultdict(_Notes)
        if not notes:
            return
        with unit_of_work(), _set(_log, None):
            for reason, read in notes.items():
                _record(reason, read)

    def close(self) -> None:
        """Write for the last time; whoever reads on in this log is refused."""
        self.write()
        self._closed = True

    @contextmanager
    def open(self) -> Iterator[None]:
        """Note in this log what is read within the block."""
        with _set(_log, self):
            yield


def _record(reason: Reason, read: _Notes) -> None:
    subjects = read.subjects.union(
        *(_subjects_of(model, keys) for model, keys in read.keys.items())
    )
    if subjects:
        record(
            by=reason.by,
            did=reason.did,
            why=reason.why,
            case=reason.case,
            about=subjects,
            act=Act.READ,
            details={"tables": sorted(read.tables)},
        )


def _subjects_of(model: type["PersonalModel"], keys: set[object]) -> set[UUID]:
    rows = list(model._base_manager.filter(pk__in=keys))
    if len(rows) < len(keys):
        raise UnaccountedRead(
            f"rows of {model.__name__} were deleted before their subjects were known: "
            "give the model a subject column"
        )
    return {subject for subject in map(_subject, rows) if subject is not None}


_log: ContextVar[ReadLog | None] = ContextVar("read_log", default=None)
_reason: ContextVar[Reason | None] = ContextVar("reason", default=None)


def open_log() -> ReadLog | None:
    """The log of the member of staff who is being served, if any."""
    return _log.get()


@contextmanager
def reading(*, by: Actor, did: str, why: str = "", case: str = "") -> Iterator[None]:
    """Name the reason for what is read within the block.

    Outside of a page the entry is written at its end, unless it fails. The machine itself and
    people who read as citizens leave no trail.
    """
    reason = Reason(by, did, why, case)
    log = _log.get()
    if log is not None or not by.is_staff:
        with _set(_reason, reason):
            yield
        return
    log = ReadLog(reason)
    with log.open():
        yield
    log.close()


@contextmanager
def _set(variable: ContextVar[T], value: T) -> Iterator[None]:
    token = variable.set(value)
    try:
        yield
    finally:
        variable.reset(token)

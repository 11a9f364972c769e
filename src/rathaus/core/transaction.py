"""One transaction per action, and a place for what must be written as its very last statement."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import transaction

P = ParamSpec("P")
R = TypeVar("R")
Item = TypeVar("Item")

# What the open unit of work does at its end: callbacks with their items, in the order of noting.
_Closing = list[tuple[Callable[[list[Any]], None], Any]]
_Callback = Callable[[list[Any]], None]
# Callbacks that run after all others, whoever noted theirs first.
_at_the_end: set[_Callback] = set()
_closing: ContextVar[_Closing | None] = ContextVar("closing", default=None)
_committed: ContextVar[bool] = ContextVar("committed", default=False)


class OutsideTransaction(RuntimeError):
    """Something that belongs to an action was called without one: a mistake in the program."""


@contextmanager
def unit_of_work(*, apart: bool = True) -> Iterator[None]:
    """Open a transaction, or join the open one; the outermost ends with the `before_commit` calls.

    An inner unit that fails takes what it noted for the end with it, even if its caller goes on.
    One that is not `apart` from the open one spares two questions to the database, and takes all
    of that with it when it fails.
    """
    closing = _closing.get()
    if closing is not None:
        with _forgotten_on_failure(closing), transaction.atomic(savepoint=apart):
            yield
        return
    closing = []
    with transaction.atomic():
        token = _closing.set(closing)
        try:
            yield
        finally:
            _closing.reset(token)
        for callback in _in_order(closing):
            callback([item for noted, item in closing if noted == callback])
        _committed.set(True)


def _in_order(closing: _Closing) -> list[_Callback]:
    """Each callback once, as they were noted, but those that come last at the end."""
    callbacks = dict.fromkeys(callback for callback, _item in closing)
    return sorted(callbacks, key=lambda callback: callback in _at_the_end)


@contextmanager
def _forgotten_on_failure(closing: _Closing) -> Iterator[None]:
    already = len(closing)
    try:
        yield
    except BaseException:
        del closing[already:]
        raise


def atomic(action: Callable[P, R]) -> Callable[P, R]:
    """Run the action as a unit of work: all of it happens, or nothing."""

    @wraps(action)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        with unit_of_work():
            return action(*args, **kwargs)

    return run


def before_commit(callback: Callable[[list[Item]], None], item: Item) -> None:
    """Note `item`; the outermost unit of work ends by calling `callback` once, with all its items.

    For what takes a lock that everybody needs (the head of the audit chain): taken late, it is held
    for a moment only. Raises `OutsideTransaction` without a unit of work.
    """
    closing = _closing.get()
    if closing is None:
        raise OutsideTransaction("before_commit() needs an @atomic action around it")
    closing.append((callback, item))


def comes_last(callback: Callable[[list[Item]], None]) -> Callable[[list[Item]], None]:
    """Mark a callback of `before_commit` whose lock everybody needs: others take theirs before."""
    _at_the_end.add(callback)
    return callback


def by_one_statement() -> None:
    """Said before a statement that is a whole unit of work, with no transaction around it."""
    _committed.set(True)


def nothing_committed_yet() -> None:
    """Count from here; said at the beginning of each request."""
    _committed.set(False)


def perhaps_committed() -> bool:
    """Whether a unit of work has come as far as its COMMIT: one that fails may have succeeded."""
    return _committed.get()

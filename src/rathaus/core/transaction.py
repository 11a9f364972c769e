"""One transaction per action, and a place for what must be written as its very last statement."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import transaction

P = ParamSpec("P")
R = TypeVar("R")

_closing: ContextVar[list[Callable[[], None]] | None] = ContextVar("closing", default=None)


class OutsideTransaction(RuntimeError):
    """Something that belongs to an action was called without one: a mistake in the program, not of a person."""


@contextmanager
def unit_of_work() -> Iterator[None]:
    """Open a transaction, or join the one that is open; the outermost runs the `before_commit` callbacks at its end."""
    if _closing.get() is not None:
        with transaction.atomic():
            yield
        return
    callbacks: list[Callable[[], None]] = []
    token = _closing.set(callbacks)
    try:
        with transaction.atomic():
            yield
            for callback in callbacks:
                callback()
    finally:
        _closing.reset(token)


def atomic(action: Callable[P, R]) -> Callable[P, R]:
    """Run the action as a unit of work: all of it happens, or nothing."""

    @wraps(action)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        with unit_of_work():
            return action(*args, **kwargs)

    return run


def before_commit(callback: Callable[[], None]) -> None:
    """Run `callback` as one of the last statements of the outermost unit of work.

    For what takes a lock that everybody needs (the head of the audit chain): taken late, it is held for a moment only.
    Raises `OutsideTransaction` without a unit of work.
    """
    callbacks = _closing.get()
    if callbacks is None:
        raise OutsideTransaction("before_commit() needs an @atomic action around it")
    callbacks.append(callback)

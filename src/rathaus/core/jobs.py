"""The job queue: procrastinate on PostgreSQL, so that a job joins the action's transaction.

Domains declare thin, idempotent tasks in their `jobs.py` with `@app.task(...)` and defer them
inside an action.
"""

from collections.abc import Callable, Sequence
from typing import Any  # tasks of the queue have no public type

from procrastinate.connector import BaseAsyncConnector
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.jobs import JobDeferrer
from procrastinate.manager import JobManager
from procrastinate.types import JSONDict, JSONValue

__all__ = ["app", "by_the_clock", "defer_all_here", "defer_here"]


def by_the_clock(
    cron: str, *, name: str, queue: str = "nightly"
) -> Callable[[Callable[[int], None]], Any]:
    """A job that comes back at these times, told the second for which it was due.

    Of two that wait there is one only: where the worker stood still, it is done once.
    """

    def declare(work: Callable[[int], None]) -> Any:
        task = app.task(queue=queue, name=name, queueing_lock=name, pass_context=False)(work)
        return app.periodic(cron=cron)(task)

    return declare


def defer_here(job: JobDeferrer, **arguments: JSONValue) -> None:
    """Defer a job (`task.configure()`) in the open transaction, also where a worker acts.

    A worker's own `defer` uses a connection of its own: another of its threads may do the job
    before the rows it is about are there, and it would be done for nothing.
    """
    defer_all_here(job, [arguments])


def defer_all_here(job: JobDeferrer, all_arguments: Sequence[JSONDict]) -> None:
    """The same once for each of `all_arguments`, in one step."""
    at_work = isinstance(app.connector, BaseAsyncConnector)
    if at_work and not isinstance(app.connector, DjangoConnector):
        job.job_manager = JobManager(DjangoConnector())
    if all_arguments:
        job.batch_defer(*all_arguments)

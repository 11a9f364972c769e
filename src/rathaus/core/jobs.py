"""The job queue: procrastinate on PostgreSQL, so that a job joins the action's transaction.

Domains declare thin, idempotent tasks in their `jobs.py` with `@app.task(...)` and defer them
inside an action.
"""

from procrastinate.contrib.django import app

__all__ = ["app"]

"""Nightly work of the services domain."""

from rathaus.core.jobs import app
from rathaus.services.actions.editing import forget_old_misses
from rathaus.services.actions.forgetting import forget_old_drafts


@app.periodic(cron="37 2 * * *")
@app.task(queue="nightly", name="services.tidy_up", queueing_lock="services.tidy_up")
def tidy_up(timestamp: int) -> None:
    """Forget old drafts and questions. Run twice it finds nothing the second time."""
    forget_old_drafts()
    forget_old_misses()

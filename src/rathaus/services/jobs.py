"""What the services domain does later: receipts at once after sending, tidying up at night."""

from uuid import UUID

from procrastinate import RetryStrategy

from rathaus.core.jobs import app
from rathaus.services.actions.editing import forget_old_misses
from rathaus.services.actions.forgetting import forget_old_drafts
from rathaus.services.actions.receipts import keep_receipt

BACK_OFF = RetryStrategy(max_attempts=6, exponential_wait=6)


@app.task(queue="documents", name="services.file_receipt", retry=BACK_OFF)
def file_receipt(application: str) -> None:
    """Put the confirmation of receipt into the file; made already, it stays as it is."""
    keep_receipt(UUID(application))


@app.periodic(cron="37 2 * * *")
@app.task(queue="nightly", name="services.tidy_up", queueing_lock="services.tidy_up")
def tidy_up(timestamp: int) -> None:
    """Forget old drafts and questions. Run twice it finds nothing the second time."""
    forget_old_drafts()
    forget_old_misses()

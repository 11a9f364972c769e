"""Work that the trail does by itself."""

from rathaus.audit import actions
from rathaus.core.jobs import app


@app.periodic(cron="*/5 * * * *")
@app.task(queue="default", queueing_lock="audit.seal")
def seal(timestamp: int) -> None:
    """Keep a fingerprint of what is new; the first of each day is published."""
    actions.seal()


@app.periodic(cron="30 1 * * *")
@app.task(queue="nightly", queueing_lock="audit.examine")
def examine(timestamp: int) -> None:
    """Compute the whole trail anew; the result is an entry in it and a line on the status page."""
    actions.examine()

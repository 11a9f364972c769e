"""The nightly job of this domain."""

import structlog

from rathaus.cases.actions import sweep_deadlines
from rathaus.core.actor import SYSTEM
from rathaus.core.jobs import app

log = structlog.get_logger("rathaus.cases")


@app.periodic(cron="5 0 * * *")
@app.task(
    queue="nightly",
    name="cases.sweep_deadlines",
    queueing_lock="cases.sweep_deadlines",
    pass_context=False,
)
def sweep(timestamp: int) -> None:
    """Bring all warning levels up to the new day; a second run changes nothing."""
    swept = sweep_deadlines(by=SYSTEM)
    log.info("swept deadlines", changed=swept.changed, told=swept.told, lapsed=swept.lapsed)

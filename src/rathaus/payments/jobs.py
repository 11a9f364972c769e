"""What this domain does beside the pages: each night, each hour, and after a file of the bank."""

import structlog

from rathaus.core.actor import SYSTEM
from rathaus.core.jobs import app
from rathaus.payments.actions.closing import keep_checkpoint
from rathaus.payments.actions.dunning import sweep_dunning
from rathaus.payments.actions.importing import CLEARING
from rathaus.payments.actions.reconciling import clear_new_movements

log = structlog.get_logger("rathaus.payments")


@app.periodic(cron="35 0 * * *")
@app.task(
    queue="nightly",
    name="payments.sweep_dunning",
    queueing_lock="payments.sweep_dunning",
    pass_context=False,
)
def dun(timestamp: int) -> None:
    """Take today's steps of dunning; a second run changes nothing."""
    dunned = sweep_dunning(by=SYSTEM)
    log.info("dunned", reminded=dunned.reminded, lapsed=dunned.lapsed)


@app.periodic(cron="5 * * * *")
@app.task(
    queue="nightly",
    name="payments.keep_checkpoint",
    queueing_lock="payments.keep_checkpoint",
    pass_context=False,
)
def keep_balances(timestamp: int) -> None:
    """Keep the balances of the ledger, so that they stay cheap to read."""
    log.info("kept balances", upto=keep_checkpoint(by=SYSTEM))


@app.task(queue="default", name=CLEARING, lock=CLEARING)
def clear_new() -> None:
    """Book what came to the bank account where it is certain; a second run changes nothing."""
    log.info("cleared bank movements", count=clear_new_movements(by=SYSTEM))

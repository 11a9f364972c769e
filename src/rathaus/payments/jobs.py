"""What this domain does beside the pages: each minute and night, and after a file of the bank."""

import structlog

from rathaus.core.actor import SYSTEM
from rathaus.core.jobs import app, by_the_clock
from rathaus.payments import actions
from rathaus.payments.actions import hearing
from rathaus.payments.actions.closing import keep_checkpoint
from rathaus.payments.actions.dunning import sweep_dunning
from rathaus.payments.actions.importing import CLEARING
from rathaus.payments.actions.levy_years import raise_levies_due
from rathaus.payments.actions.reconciling import clear_new_movements

log = structlog.get_logger("rathaus.payments")

apply_event = hearing.apply_event  # declared beside what it applies


@app.periodic(cron="* * * * *")
@app.task(
    queue="payments", name="payments.look_after_payments", queueing_lock="payments.look_after"
)
def look_after_payments(timestamp: int) -> None:
    """Ask about every payment whose turn it is."""
    counted = actions.look_after_payments()
    if counted:
        log.info("looked after payments", **counted)


@app.periodic(cron="37 2 * * *")
@app.task(queue="nightly", name="payments.forget_old_answers")
def forget_old_answers(timestamp: int) -> None:
    """Messages and answered requests that nobody will ask for again."""
    log.info("forgot", events=actions.forget_old_events(), requests=actions.forget_old_requests())


@by_the_clock("35 0 * * *", name="payments.sweep_dunning")
def dun(timestamp: int) -> None:
    """Take today's steps of dunning; a second run changes nothing."""
    dunned = sweep_dunning(by=SYSTEM)
    log.info("dunned", reminded=dunned.reminded, lapsed=dunned.lapsed)


@by_the_clock("20 0 * * *", name="payments.raise_levies")
def levy(timestamp: int) -> None:
    """Raise what is owed each year, as soon as its time has come; a second run changes nothing."""
    log.info("raised levies", count=raise_levies_due(by=SYSTEM))


@by_the_clock("5 * * * *", name="payments.keep_checkpoint")
def keep_balances(timestamp: int) -> None:
    """Keep the balances of the ledger, so that they stay cheap to read."""
    log.info("kept balances", upto=keep_checkpoint(by=SYSTEM))


@app.task(queue="default", name=CLEARING, lock=CLEARING)
def clear_new() -> None:
    """Book what came to the bank account where it is certain; a second run changes nothing."""
    log.info("cleared bank movements", count=clear_new_movements(by=SYSTEM))

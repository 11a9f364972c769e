"""What this domain does by itself: holds that ran out, and reminders of tomorrow."""

import structlog

from rathaus.appointments.actions import remind, sweep_holds
from rathaus.core.actor import SYSTEM
from rathaus.core.jobs import app

log = structlog.get_logger("rathaus.appointments")


@app.periodic(cron="* * * * *")
@app.task(
    queue="default",
    name="appointments.sweep_holds",
    queueing_lock="appointments.sweep_holds",
    pass_context=False,
)
def sweep(timestamp: int) -> None:
    """Put away the holds that ran out; a second run finds none."""
    swept = sweep_holds(by=SYSTEM)
    if swept:
        log.info("swept holds", holds=swept)


@app.periodic(cron="0 8-17 * * *")
@app.task(
    queue="default",
    name="appointments.remind",
    queueing_lock="appointments.remind",
    pass_context=False,
)
def remind_of_tomorrow(timestamp: int) -> None:
    """Remind people of tomorrow, also those who book for it in the course of the day."""
    log.info("reminded", people=remind(by=SYSTEM))

"""What payments do by themselves: no payment stays where it is because a message was lost."""

import structlog

from rathaus.core.jobs import app
from rathaus.payments import actions
from rathaus.payments.actions import hearing

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

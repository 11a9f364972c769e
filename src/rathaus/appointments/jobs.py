"""What this domain does by itself: holds that ran out, reminders of tomorrow, forgetting guests."""

import structlog

from rathaus.appointments.actions import (
    close_outdated_entries,
    expire_proposal,
    expire_proposals,
    forget_guests,
    remind,
    sweep_holds,
)
from rathaus.appointments.actions.lessons import learn_from_yesterday
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


@app.periodic(cron="20 2 * * *")
@app.task(
    queue="default",
    name="appointments.learn",
    queueing_lock="appointments.learn",
    pass_context=False,
)
def learn(timestamp: int) -> None:
    """Learn from yesterday's queues how long people wait; a second run learns the same."""
    log.info("learnt from queues", locations=learn_from_yesterday(by=SYSTEM))


@app.periodic(cron="35 2 * * *")
@app.task(
    queue="nightly",
    name="appointments.forget_guests",
    queueing_lock="appointments.forget_guests",
    pass_context=False,
)
def forget_old_guests(timestamp: int) -> None:
    """Forget guests whose appointments and entries are long over; a second run finds none."""
    forgotten = forget_guests(by=SYSTEM)
    log.info("forgot guests", bookings=forgotten.bookings, entries=forgotten.entries)


@app.task(queue="default", name="appointments.answer_over", pass_context=False)
def answer_over(proposal: int) -> None:
    """Let a proposal end; deferred to the end of its time. One that is answered is left alone."""
    expire_proposal(by=SYSTEM, proposal=proposal)


@app.periodic(cron="* * * * *")
@app.task(
    queue="default",
    name="appointments.tidy_waitlist",
    queueing_lock="appointments.tidy_waitlist",
    pass_context=False,
)
def tidy_waitlist(timestamp: int) -> None:
    """What a lost job left open, and entries for which nothing can become free any more."""
    expired, closed = expire_proposals(by=SYSTEM), close_outdated_entries(by=SYSTEM)
    if expired or closed:
        log.info("tidied the waitlist", proposals=expired, entries=closed)

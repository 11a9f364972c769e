"""What this domain does by itself: holds that ran out, reminders of tomorrow, counters that nobody
closed, forgetting guests.
"""

import structlog

from rathaus.appointments.actions import (
    close_outdated_entries,
    expire_proposal,
    expire_proposals,
    forget_guests,
    remind,
    sweep_holds,
)
from rathaus.appointments.actions.counters import close_left_open
from rathaus.appointments.actions.helping import report_all_unanswered, report_unanswered
from rathaus.appointments.actions.lessons import learn_from_yesterday
from rathaus.core.actor import SYSTEM
from rathaus.core.jobs import app, by_the_clock

log = structlog.get_logger("rathaus.appointments")


@by_the_clock("* * * * *", name="appointments.sweep_holds", queue="default")
def sweep(timestamp: int) -> None:
    """Put away the holds that ran out; a second run finds none."""
    swept = sweep_holds(by=SYSTEM)
    if swept:
        log.info("swept holds", holds=swept)


@by_the_clock("0 8-17 * * *", name="appointments.remind", queue="default")
def remind_of_tomorrow(timestamp: int) -> None:
    """Remind people of tomorrow, also those who book for it in the course of the day."""
    log.info("reminded", people=remind(by=SYSTEM))


@by_the_clock("10 1 * * *", name="appointments.close_left_open", queue="default")
def close_counters_left_open(timestamp: int) -> None:
    """Close the counters that nobody closed yesterday; a second run finds none."""
    closed = close_left_open(by=SYSTEM)
    if closed:
        log.warning("closed counters that were left open", counters=closed)


@by_the_clock("20 2 * * *", name="appointments.learn", queue="default")
def learn(timestamp: int) -> None:
    """Learn from yesterday's queues how long people wait; a second run learns the same."""
    log.info("learnt from queues", locations=learn_from_yesterday(by=SYSTEM))


@by_the_clock("35 2 * * *", name="appointments.forget_guests")
def forget_old_guests(timestamp: int) -> None:
    """Forget guests whose appointments and entries are long over; a second run finds none."""
    forgotten = forget_guests(by=SYSTEM)
    log.info("forgot guests", bookings=forgotten.bookings, entries=forgotten.entries)


@app.task(queue="default", name="appointments.answer_over", pass_context=False)
def answer_over(proposal: int) -> None:
    """Let a proposal end; deferred to the end of its time. One that is answered is left alone."""
    expire_proposal(by=SYSTEM, proposal=proposal)


@by_the_clock("* * * * *", name="appointments.tidy_waitlist", queue="default")
def tidy_waitlist(timestamp: int) -> None:
    """What a lost job left open, and entries for which nothing can become free any more."""
    expired, closed = expire_proposals(by=SYSTEM), close_outdated_entries(by=SYSTEM)
    if expired or closed:
        log.info("tidied the waitlist", proposals=expired, entries=closed)


@app.task(queue="default", name="appointments.help_unanswered", pass_context=False)
def help_unanswered(call: int) -> None:
    """Report a call for help that nobody has answered; deferred to the end of the time for it."""
    if report_unanswered(by=SYSTEM, call=call):
        log.warning("nobody answered a call for help", call=call)


@by_the_clock("* * * * *", name="appointments.help_overlooked", queue="default")
def help_overlooked(timestamp: int) -> None:
    """Report what a lost job left unreported."""
    reported = report_all_unanswered(by=SYSTEM)
    if reported:
        log.warning("nobody answered calls for help", calls=reported)

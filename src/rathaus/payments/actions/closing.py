"""What needs the ledger for itself alone: keeping balances, and closing a period."""

from datetime import date

from django.db import DatabaseError, connection
from django.utils.translation import gettext_lazy as _

from rathaus.audit.actions import record
from rathaus.core.actor import Actor
from rathaus.core.clock import today
from rathaus.core.errors import Invalid
from rathaus.core.transaction import atomic
from rathaus.payments.actions.booking import PeriodClosed, constraint_of


class PeriodNotOver(Invalid):
    """A period can be closed when its last day is over."""

    message = _("Ein Zeitraum kann erst abgeschlossen werden, wenn sein letzter Tag vorbei ist.")


@atomic
def keep_checkpoint(*, by: Actor) -> int:
    """Keep the balances of all accounts, so that nobody need add up from the beginning.

    Answers the number of the last booking in them. Waits for bookings under way and lets new ones
    wait a moment. Raises `NotAllowed` without the right `payments.close`.
    """
    by.require("payments.close")
    with connection.cursor() as cursor:
        cursor.execute("SELECT payments_keep_checkpoint()")
        return int(cursor.fetchone()[0])


@atomic
def close_period(*, by: Actor, until: date) -> None:
    """Let nothing be booked on a day up to `until` any more; money that comes late for such a day
    is booked when it comes.

    Raises `NotAllowed` without the right `payments.close`, `PeriodNotOver`, and `PeriodClosed` if
    that day is closed already.
    """
    by.require("payments.close")
    if until >= today():
        raise PeriodNotOver
    with connection.cursor() as cursor:
        try:
            cursor.execute("SELECT payments_close(%s)", [until])
        except DatabaseError as error:
            if constraint_of(error) != "period_is_open":
                raise
            raise PeriodClosed from error
    record(
        by=by,
        did="payments.period_closed",
        thing_type="closing",
        thing_id=until.isoformat(),
    )

"""The nightly job of this domain."""

import structlog

from rathaus.cases.actions import sweep_deadlines
from rathaus.core.actor import SYSTEM
from rathaus.core.jobs import by_the_clock

log = structlog.get_logger("rathaus.cases")


@by_the_clock("5 0 * * *", name="cases.sweep_deadlines")
def sweep(timestamp: int) -> None:
    """Bring all warning levels up to the new day; a second run changes nothing."""
    swept = sweep_deadlines(by=SYSTEM)
    log.info("swept deadlines", changed=swept.changed, told=swept.told, lapsed=swept.lapsed)

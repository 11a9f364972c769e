"""What payment services tell us: kept first, answered at once, applied by a job.

A message is a hint and never the truth: whoever applies it asks the provider.
"""

from datetime import timedelta

import structlog
from django.db.models import F
from procrastinate import RetryStrategy

from rathaus.core.actor import SYSTEM
from rathaus.core.clock import now
from rathaus.core.jobs import app, defer_here
from rathaus.core.transaction import atomic
from rathaus.payments.actions.pursuing import pursue
from rathaus.payments.models import EventOutcome, Payment, ProviderEvent
from rathaus.payments.providers.base import Notice

log = structlog.get_logger("rathaus.payments")

KEPT = timedelta(days=90)
AGAIN = RetryStrategy(max_attempts=5, exponential_wait=3)


@atomic
def hear(*, provider: str, notice: Notice) -> bool:
    """Keep a message whose signature was proved, and the job that applies it; False where it was
    heard before, which is counted and nothing more.
    """
    event, is_new = ProviderEvent.objects.get_or_create(
        provider=provider,
        event=notice.event[:120],
        defaults={
            "kind": notice.kind[:80],
            "number": notice.number[:120],
            "outcome": EventOutcome.WAITING,
            "heard_at": now(),
        },
    )
    if is_new:
        defer_here(apply_event.configure(), event=event.pk)
    else:
        ProviderEvent.objects.filter(pk=event.pk).update(heard_times=F("heard_times") + 1)
    return is_new


@app.task(queue="payments", name="payments.apply_event", retry=AGAIN)
def apply_event(event: int) -> None:
    """Apply one message. Raises `Unreachable` where another attempt makes sense."""
    follow_event(event)


@atomic
def follow_event(event: int) -> None:
    """Ask about the payment that a message is about; messages about anything else are kept and
    counted. Done once, it is not done again.
    """
    row = ProviderEvent.objects.select_for_update().filter(pk=event, done_at=None).first()
    if row is None:
        return
    found = Payment.objects.filter(number=row.number).first() if row.number else None
    if found is not None:
        pursue(by=SYSTEM, payment=found.pk)
    row.outcome = EventOutcome.APPLIED if found else EventOutcome.UNKNOWN
    row.done_at = now()
    row.save(update_fields=["outcome", "done_at"])


def forget_old_events() -> int:
    """Drop messages that were dealt with three months ago; how many."""
    deleted, _by_table = ProviderEvent.objects.filter(done_at__lt=now() - KEPT).delete()
    return deleted

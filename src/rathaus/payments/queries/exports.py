"""What was handed over to accounting."""

from rathaus.core.actor import Actor
from rathaus.core.errors import NotFound
from rathaus.payments.models import Export


def exports(*, by: Actor) -> list[Export]:
    """All that was handed over, the newest first. Raises `NotAllowed` without the right."""
    by.require("payments.close")
    return list(Export.objects.defer("content").order_by("-number"))


def export(*, by: Actor, number: int) -> Export:
    """One of them, or `NotFound`. Raises `NotAllowed` without the right."""
    by.require("payments.close")
    found = Export.objects.filter(number=number).first()
    if found is None:
        raise NotFound
    return found

"""Pages of the trail, the newest entry first, continued from a cursor."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import QuerySet

from rathaus.audit.models import Entry

ROWS_AT_ONCE = 10_000  # of a whole trail

T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some deeds, the newest first; `older` is the cursor of the next page."""

    items: list[T]
    older: int | None


def newest_first(
    entries: QuerySet[Entry], before: int | None, limit: int
) -> tuple[list[Entry], int | None]:
    """A page of these before the cursor, and the cursor of the next page, if there is one."""
    if before is not None:
        entries = entries.filter(seq__lt=before)
    found = list(entries.order_by("-seq")[: limit + 1])
    return found[:limit], found[limit - 1].seq if len(found) > limit else None

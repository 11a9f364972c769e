"""What goes by itself: drafts nobody came back to, and drafts of people who ask to be forgotten."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from rathaus.core.clock import now
from rathaus.core.models import StoredFile
from rathaus.core.transaction import atomic
from rathaus.services.models import Draft, DraftFile

KEPT_FOR = timedelta(days=90)


@atomic
def forget_old_drafts() -> int:
    """Delete drafts that were not saved for ninety days; how many."""
    old = Draft.objects.filter(submitted_at=None, saved_at__lt=now() - KEPT_FOR)
    return delete_drafts(list(old.values_list("pk", flat=True)))


@atomic
def erase(person: UUID) -> None:
    """Delete what a person has begun; what they submitted stays with its case."""
    drafts = Draft.objects.filter(person_id=person, submitted_at=None)
    delete_drafts(list(drafts.values_list("pk", flat=True)))


def delete_drafts(drafts: Sequence[UUID]) -> int:
    """Delete unsubmitted drafts with their files; the sealed bytes are swept at night."""
    files = list(DraftFile.objects.filter(draft__in=drafts).values_list("stored_id", flat=True))
    Draft.objects.filter(pk__in=drafts).delete()
    StoredFile.objects.filter(pk__in=files).delete()
    return len(drafts)

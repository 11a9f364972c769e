"""A guest's drafts and applications become those of the citizen who has proved who they are.

What moved stands in the trail with the take-over and with each case.
"""

from django.db.models import Q

from rathaus.accounts.events import MattersTakenOver
from rathaus.core.transaction import atomic
from rathaus.services.models import Application, Draft, DraftKey, GrantReservation
from rathaus.services.queries.personal_data import draft_reference


@atomic
def take_over_drafts(event: MattersTakenOver) -> None:
    """Make the drafts themselves, and those behind the cases, the citizen's.

    Devices and links that opened them no longer do: they may be somebody else's.
    """
    begun = Draft.objects.filter(person=event.guest, submitted_at=None)
    named = [
        draft
        for draft in begun.values_list("pk", flat=True)
        if draft_reference(draft) in event.references
    ]
    of_cases = Q(amends__case_number__in=event.references) | Q(
        application__case_number__in=event.references
    )
    drafts = Draft.objects.filter(of_cases | Q(pk__in=named, submitted_at=None), person=event.guest)
    moved = list(drafts.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
    Draft.objects.filter(pk__in=moved).update(person=event.citizen)
    DraftKey.objects.filter(draft__in=moved).delete()


@atomic
def take_over_applications(event: MattersTakenOver) -> None:
    """Make what was submitted, and what is reserved for it, the citizen's."""
    theirs = Application.objects.filter(person=event.guest, case_number__in=event.references)
    reserved = GrantReservation.objects.filter(
        subject_id=event.guest, application__case_number__in=event.references
    )
    reserved.update(subject_id=event.citizen)
    theirs.update(person=event.citizen)

"""Correcting what was submitted: the same form again, filled with the answers given."""

from uuid import UUID

from rathaus.cases.queries import awaits_correction
from rathaus.core.clock import now
from rathaus.core.transaction import atomic
from rathaus.services.draft_access import Knock
from rathaus.services.form_errors import AmendmentClosed
from rathaus.services.models import Draft
from rathaus.services.queries.forms import newest_application


@atomic
def start_amendment(*, knock: Knock, case: UUID) -> UUID:
    """A draft on the same version with the answers last given, or the one already begun.

    Raises `NotFound` for a case that is not this person's or did not come in through a form, and
    `AmendmentClosed` unless the office waits for a correction.
    """
    application = newest_application(knock.by, case)
    if not awaits_correction(by=knock.by, case=case):
        raise AmendmentClosed
    begun = Draft.objects.filter(
        amends__case_id=case, person_id=application.person_id, submitted_at=None
    ).first()
    if begun is not None:
        return begun.pk
    moment = now()
    draft = Draft.objects.create(
        version_id=application.version_id,
        person_id=application.person_id,
        answers=application.answers,
        amends=application,
        started_at=moment,
        saved_at=moment,
    )
    return draft.pk

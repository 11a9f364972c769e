"""Links of the waitlist's mails, looked at without using them: a preview must not spend one."""

from rathaus.appointments.booking_tokens import hashed
from rathaus.appointments.errors import LinkUsed
from rathaus.appointments.models import WaitlistLink
from rathaus.appointments.waitlist_errors import ProposalOver
from rathaus.appointments.waitlist_states import Answer
from rathaus.core.clock import now


def waitlist_link(token: str, purpose: str) -> WaitlistLink:
    """An unused link. Raises `LinkUsed`, and `ProposalOver` where the time has gone on."""
    link = (
        WaitlistLink.objects.select_related("proposal")
        .filter(token_hash=hashed(token), purpose=purpose)
        .first()
    )
    if link is None:
        raise LinkUsed
    if link.proposal and (link.proposal.answer != Answer.OPEN or link.proposal.until <= now()):
        raise ProposalOver
    if link.used_at is not None or link.expires_at <= now():
        raise LinkUsed
    return link

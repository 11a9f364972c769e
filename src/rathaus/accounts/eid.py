"""What is only for people whom ID Austria has named."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from rathaus.core.actor import Actor, ActorKind
from rathaus.core.errors import NotAllowed


class OnlyWithEid(NotAllowed):
    """A guest is nobody in particular."""

    message = _("Dafür melden Sie sich bitte mit ID Austria an.")


def require_eid(by: Actor) -> UUID:
    """The id of a citizen known by eID. Raises `OnlyWithEid` for everybody else."""
    if by.kind is not ActorKind.CITIZEN or by.person is None:
        raise OnlyWithEid
    return by.person

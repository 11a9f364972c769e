"""The second factor of staff: noted in the session when it was shown, and asked for before any page
of the workspace.

Without it a member of staff is nobody (`request.actor` is anonymous) except on the pages that set
it up.
"""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_used
from django.http import HttpRequest

from rathaus.accounts.models import Person

SECOND_FACTOR_OF = "second_factor_of"


def note_second_factor(request: HttpRequest, person: Person) -> None:
    """Remember that this person has shown a second factor in this session; it dies with the
    session.
    """
    request.session[SECOND_FACTOR_OF] = str(person.pk)


def has_second_factor(request: HttpRequest, person: Person) -> bool:
    """Whether the session belongs to somebody who needs none, or who has shown it."""
    return person.kind != Person.Kind.STAFF or request.session.get(SECOND_FACTOR_OF) == str(
        person.pk
    )


def has_authenticator(person: Person) -> bool:
    """Whether a second factor is set up."""
    factors = Authenticator.objects.filter(user_id=person.pk)
    return bool(factors.exclude(type=Authenticator.Type.RECOVERY_CODES).exists())


def connect_to_allauth() -> None:
    """Hear from allauth when a factor was used or has just been set up, which proves it as well."""
    authenticator_used.connect(_noted, dispatch_uid="accounts.second_factor_used")
    authenticator_added.connect(_noted, dispatch_uid="accounts.second_factor_added")


def _noted(request: HttpRequest, user: Person, **details: Any) -> None:
    note_second_factor(request, user)

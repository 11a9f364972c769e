"""The one person who stands for all who need not say who they are."""

from django.utils.translation import gettext as _

from rathaus.accounts.models import NAMELESS, Person
from rathaus.core.clock import now
from rathaus.core.transaction import atomic


@atomic
def nameless_person() -> Person:
    """Whom an anonymous matter is filed under; nobody can sign in as this person."""
    return Person.objects.get_or_create(
        identifier_hash=NAMELESS,
        defaults={
            "kind": Person.Kind.GUEST,
            "given_name": _("Anonym"),
            "is_active": False,
            "last_login": now(),
        },
    )[0]

"""Who may sign in with a password: staff alone. Everybody else comes by e-mail code or by eID."""

from typing import Any
from uuid import UUID

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from rathaus.accounts.models import Person


class AccountBackend(BaseBackend):
    """Checks a password, and knows for every request whether its person may still be here."""

    def authenticate(
        self, request: HttpRequest | None, email: str = "", password: str = "", **others: Any
    ) -> Person | None:
        """The active member of staff with that address and password; an unknown address takes just
        as long.
        """
        if not email or not password:
            return None
        person = Person.objects.filter(kind=Person.Kind.STAFF, email=email.strip().lower()).first()
        if person is None:
            Person().set_password(password)
            return None
        return person if person.check_password(password) and person.is_active else None

    def get_user(self, user_id: UUID) -> Person | None:
        """The person of a session, unless deactivated: that ends every session with its next
        request.
        """
        return Person.objects.filter(pk=user_id, is_active=True).first()

"""What can go wrong between a person and a domain: an HTTP status and a plain German sentence.

Domains derive their own errors and name them after what happened (`AlreadyDecided(Conflict)`). A
middleware turns every one of them into an error page; nothing else knows about status codes.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Attempt:
    """What somebody tried and was refused: `NotFound(attempted=Attempt("cases.read", …))`.

    `about` names the people whose data it would have touched. The audit trail gets its entry after
    the action was rolled back.
    """

    did: str
    thing_type: str = ""
    thing_id: str = ""
    case: str = ""
    about: Iterable[UUID] = ()


class DomainError(Exception):
    """A refusal that the person in front of the screen can understand and act upon."""

    status = 400
    message: str | Promise = _("Das ist so nicht möglich.")
    page = "core/error.html"

    def __init__(
        self, message: str | Promise | None = None, *, attempted: Attempt | None = None
    ) -> None:
        if message is not None:
            self.message = message
        self.attempted = attempted
        super().__init__(str(self.message))


class Invalid(DomainError):
    """The input is understood but wrong; the message says what to change."""

    status = 422
    message = _("Bitte prüfen Sie Ihre Angaben.")


class NotAllowed(DomainError):
    """The actor lacks the right; nothing has changed."""

    status = 403
    message = _("Dazu haben Sie keine Berechtigung.")


class OtherSignIn(NotAllowed):
    """The page is for another sign-in than the present one: private for staff, or the reverse.

    Nobody does wrong who comes here; the page shows the ways on and nothing of what lies behind.
    """

    message = _("Diese Seite gehört zu einer anderen Anmeldung.")
    page = "core/other_sign_in.html"


class NotFound(DomainError):
    """The thing does not exist, or exists for others only: both look the same from outside."""

    status = 404
    message = _("Das haben wir nicht gefunden.")


class Conflict(DomainError):
    """Somebody else was faster; nothing has changed."""

    status = 409
    message = _("Das wurde inzwischen geändert. Bitte laden Sie die Seite neu.")


class Gone(DomainError):
    """It was there once: an expired link, a withdrawn offer."""

    status = 410
    message = _("Dieser Link ist abgelaufen.")


class TooLarge(DomainError):
    """More bytes than the house takes."""

    status = 413
    message = _("Die Datei ist zu groß.")


class TooMany(DomainError):
    """Tried too often in too short a time."""

    status = 429
    message = _("Zu viele Versuche. Bitte warten Sie einige Minuten.")

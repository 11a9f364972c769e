"""What can go wrong with an appointment, each named after what happened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from rathaus.core.errors import Conflict, Gone, Invalid, NotFound, TooMany


@dataclass(frozen=True)
class NextFree:
    """A time that was free a moment ago, and where."""

    location: str
    begins_at: datetime


class SlotTaken(Conflict):
    """Somebody else was faster; `next_free` are the next times that suit the same wish."""

    message = _("Dieser Termin ist inzwischen vergeben. Die nächsten freien Termine stehen hier.")

    def __init__(self, next_free: Sequence[NextFree] = ()) -> None:
        super().__init__()
        self.next_free = tuple(next_free)


class QuotaExhausted(SlotTaken):
    """What this channel may have of that day is given away."""

    message = _("An diesem Tag ist kein Termin mehr frei. Bitte wählen Sie einen anderen Tag.")


class TimeNotOffered(Invalid):
    """The time is none at which such an appointment could begin, taken or not."""

    message = _("Zu dieser Zeit gibt es keine Termine. Bitte wählen Sie eine andere.")


class InThePast(TimeNotOffered):
    """The time is over, or too near for anybody to prepare."""

    message = _("Diese Zeit ist schon vorbei oder zu knapp. Bitte wählen Sie eine spätere.")


class TooFarAhead(TimeNotOffered):
    """The time lies further ahead than anybody can book."""

    message = _(
        "So weit voraus vergeben wir noch keine Termine. Bitte wählen Sie einen früheren Tag."
    )


class ClosedThatDay(TimeNotOffered):
    """The location has no hours on that day."""

    message = _("An diesem Tag ist geschlossen. Bitte wählen Sie einen anderen Tag.")


class TooManyBookings(TooMany):
    """This person or mailbox has as many appointments as anybody may have."""

    message = _(
        "Mehr Termine auf einmal gehen nicht. Sagen Sie einen ab, den Sie nicht brauchen. Dann "
        "können Sie einen neuen vereinbaren."
    )


class TooManyFromHere(TooManyBookings):
    """From this network address too many times were noted by people who are not signed in."""

    message = _(
        "Von diesem Anschluss wurden gerade viele Termine vorgemerkt. Bitte melden Sie sich an, "
        "versuchen Sie es in einer Stunde wieder oder rufen Sie uns an."
    )


class UnknownOffer(NotFound):
    """No such thing can be booked."""

    message = _("Diesen Termin bieten wir nicht an.")


class UnknownLocation(NotFound):
    """There is no such place, or nobody is served there any more."""

    message = _("Diesen Standort gibt es nicht.")


class NotTogetherInOne(Invalid):
    """These wishes cannot be served in one appointment."""

    message = _(
        "Das geht nicht in einem gemeinsamen Termin. Bitte vereinbaren Sie getrennte Termine."
    )


class TooManyAtOnce(Invalid):
    """More people than the offer takes in one appointment."""

    message = _("Für so viele Personen gibt es keinen gemeinsamen Termin.")


class HoldExpired(Gone):
    """The booking was not confirmed in time, and its time is free again."""

    message = _(
        "Die Zeit zum Bestätigen ist vorbei, der Termin ist wieder frei. Bitte wählen Sie noch "
        "einmal."
    )


class NotPossibleNow(Conflict):
    """The booking is in a state in which this cannot be done (any more)."""

    message = _("Das ist bei diesem Termin nicht mehr möglich.")


class LinkUsed(Gone):
    """A link of a mail that was used, is too old, or never was one."""

    message = _(
        "Dieser Link gilt nicht mehr: Er wurde schon verwendet oder ist zu alt. Den neuesten "
        "finden Sie in der letzten E-Mail von uns."
    )


class ContactMissing(Invalid):
    """Whoever is not signed in must say who they are and where mail reaches them."""

    message = _("Bitte nennen Sie Ihren Namen und Ihre E-Mail-Adresse.")

"""What can go wrong in the queue, each named after what happened."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rathaus.core.clock import VIENNA
from rathaus.core.errors import Conflict, Gone, Invalid, NotFound, TooMany


class NobodyWaiting(Conflict):
    """Nobody is there whom this counter can serve."""

    message = gettext_lazy("Es wartet niemand, den dieser Schalter bedienen kann.")


class AnotherWasFaster(Conflict):
    """All who waited were called by others in the same moment."""

    message = gettext_lazy("Ein anderer Schalter war schneller. Bitte drücken Sie noch einmal.")


class CounterNotOpen(Conflict):
    """The clerk is at no counter, or it is paused."""

    message = gettext_lazy("Ihr Schalter ist nicht offen. Bitte öffnen Sie zuerst einen.")


class CounterPaused(CounterNotOpen):
    """The counter makes a pause."""

    message = gettext_lazy("Ihr Schalter macht Pause. Bitte beenden Sie zuerst die Pause.")


class CounterTaken(Conflict):
    """Somebody else is at that counter, or the clerk is at another one."""

    message = gettext_lazy("Dieser Schalter ist schon besetzt. Bitte wählen Sie einen anderen.")


class StillServing(Conflict):
    """Somebody is still at the counter."""

    message = gettext_lazy(
        "An Ihrem Schalter ist noch jemand. Bitte schließen Sie das zuerst ab: fertig, parken, "
        "weiterleiten oder nicht gekommen."
    )


class TicketMoved(Conflict):
    """The ticket is in a state in which this cannot be done (any more)."""

    message = gettext_lazy(
        "Das ist mit dieser Nummer nicht mehr möglich: Inzwischen hat sich ihr Stand geändert."
    )


class OtherCounter(Conflict):
    """Somebody else serves this ticket."""

    message = gettext_lazy("Diese Nummer wird an einem anderen Schalter bedient.")


class TooLateToUndo(Conflict):
    """The two minutes in which a finish can be taken back are over."""

    message = gettext_lazy("Das lässt sich nur zwei Minuten lang zurücknehmen.")


class UnknownTicket(NotFound):
    """There is no such ticket, or it is of another day."""

    message = gettext_lazy("Diese Nummer gibt es nicht. Nummern gelten nur am selben Tag.")


class NoTicketsNow(Conflict):
    """The house is closed, and nobody is at a counter."""

    message = gettext_lazy("Jetzt geben wir keine Nummern aus: Es ist geschlossen.")


class NoPhoneTickets(Conflict):
    """The location gives out numbers in the house only."""

    message = gettext_lazy("Nummern gibt es hier nur am Automaten im Haus.")


class TooManyTickets(TooMany):
    """From this address too many numbers were drawn in a short time."""

    message = gettext_lazy(
        "Von diesem Anschluss wurden gerade viele Nummern gezogen. Bitte warten Sie einige "
        "Minuten oder nehmen Sie den Automaten im Haus."
    )


class NothingChosen(Invalid):
    """No matter was chosen, or one that is not served here."""

    message = gettext_lazy("Bitte wählen Sie, was Sie erledigen möchten.")


class CodeUnknown(Invalid):
    """No appointment of today at this location has that code."""

    message = gettext_lazy(
        "Zu diesem Code gibt es heute hier keinen Termin. Bitte prüfen Sie ihn oder fragen Sie am "
        "Empfang."
    )


class DeviceLinkExpired(Gone):
    """The link that turns a device into a kiosk is too old."""

    message = gettext_lazy("Dieser Link gilt nicht mehr. Bitte erzeugen Sie im Amt einen neuen.")


def _day_and_clock(moment: datetime) -> dict[str, str]:
    here = moment.astimezone(VIENNA)
    return {"day": f"{here:%d.%m.%Y}", "clock": f"{here:%H:%M}"}


class AppointmentOtherDay(Invalid):
    """The appointment is on another day."""

    def __init__(self, begins_at: datetime) -> None:
        super().__init__(
            _("Ihr Termin ist nicht heute, sondern am %(day)s um %(clock)s Uhr.")
            % _day_and_clock(begins_at)
        )


class AppointmentTooEarly(Invalid):
    """It is too early to check in."""

    def __init__(self, begins_at: datetime, opens_at: datetime) -> None:
        opens = _day_and_clock(opens_at)["clock"]
        super().__init__(
            _(
                "Ihr Termin ist um %(clock)s Uhr. Bitte melden Sie sich ab %(opens)s Uhr an, "
                "vorher rufen wir Sie nicht auf."
            )
            % {**_day_and_clock(begins_at), "opens": opens}
        )


class AppointmentOver(Conflict):
    """The appointment was missed, cancelled, or has taken place."""

    def __init__(self, begins_at: datetime) -> None:
        super().__init__(
            _(
                "Der Termin um %(clock)s Uhr gilt nicht mehr. Bitte ziehen Sie eine Nummer, wir "
                "rufen Sie auf."
            )
            % _day_and_clock(begins_at)
        )

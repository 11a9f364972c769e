"""What can go wrong with an appointment by video, each named after what happened."""

from django.utils.translation import gettext_lazy as _

from rathaus.core.errors import Conflict, Gone, Invalid, NotFound


class UnknownVideoPage(NotFound):
    """Nobody's page has that address."""

    message = _(
        "Diesen Link kennen wir nicht. Bitte öffnen Sie ihn noch einmal aus Ihrer E-Mail oder "
        "unter „Meine Termine“."
    )


class NotByVideo(Gone):
    """The appointment takes place in the house (by now)."""

    message = _("Dieser Termin findet nicht per Video statt.")


class WaitsInTheHouse(Conflict):
    """Who waits in the house has nowhere to go at a counter for video."""

    message = _(
        "Diese Person wartet im Haus. Am Videoschalter können Sie nur aufrufen, wer per Video "
        "da ist."
    )


class BadVideoTerms(Invalid):
    """A day in the past, minutes out of reach, or an address to which nobody is sent."""

    message = _(
        "Bitte prüfen Sie Tag, Minuten und Adresse. Die Adresse beginnt mit https:// und enthält "
        "keine Zugangsdaten."
    )

"""What can go wrong with a call for help, each named after what happened."""

from django.utils.translation import gettext_lazy as _

from rathaus.core.errors import Conflict, Invalid


class HelpOver(Conflict):
    """The call was closed before."""

    message = _("Dieser Hilferuf ist schon abgeschlossen.")


class HelpStillOpen(Conflict):
    """A note about how it ended comes after the end."""

    message = _("Dieser Hilferuf läuft noch.")


class OwnHelpCall(Conflict):
    """Nobody comes to their own help."""

    message = _("Diesen Hilferuf haben Sie selbst abgesetzt.")


class ComeFirst(Conflict):
    """Only who called, comes or heads the location closes a call."""

    message = _(
        "Bitte drücken Sie zuerst „Ich komme“. Abschließen kann, wer gerufen hat oder kommt."
    )


class BadHelpTerms(Invalid):
    """A time out of reach, a day in the past, or an address that is none."""

    message = _("Bitte prüfen Sie Tag, Sekunden und Adressen.")

"""What can go wrong in the waitlist, each named after what happened."""

from django.utils.translation import gettext_lazy as _

from rathaus.core.errors import Conflict, Gone, Invalid, TooMany


class AlreadyWaiting(Conflict):
    """This person waits for the same thing already, under this name or another of theirs."""

    message = _(
        "Sie stehen für dieses Anliegen schon auf der Warteliste. Zweimal zu warten bringt nichts: "
        "Freie Termine gehen der Reihe nach."
    )


class TooManyWaiting(TooMany):
    """This person waits for as much as anybody may wait for, or tried too often today."""

    message = _(
        "Auf mehr Wartelisten zugleich geht es nicht. Verlassen Sie eine, die Sie nicht brauchen. "
        "Dann können Sie sich neu eintragen."
    )


class NothingToWaitFor(Invalid):
    """No day on which a freed time could suit."""

    message = _(
        "In dieser Zeit kann kein früherer Termin frei werden. Bitte wählen Sie andere Tage."
    )


class ProposalOver(Gone):
    """The time was kept long enough and has gone on to somebody else, or was answered already."""

    message = _(
        "Dieser Termin ist nicht mehr für Sie vorgemerkt: Die Zeit zum Antworten ist vorbei, oder "
        "Sie haben schon geantwortet."
    )

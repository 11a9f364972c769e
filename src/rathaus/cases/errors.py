"""What can go wrong with a case, each named after what happened."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from rathaus.cases.decision_faults import Found
from rathaus.core.errors import Conflict, Invalid


class ChangedMeanwhile(Conflict):
    """Somebody changed the case since this person saw it; `seen` is the revision they had seen."""

    message = _(
        "Das Anliegen wurde inzwischen geändert. Bitte sehen Sie sich die Änderungen an; "
        "Ihr Text ist noch da."
    )

    def __init__(self, case: UUID, seen: int) -> None:
        super().__init__()
        self.case = case
        self.seen = seen


class AlreadyAssigned(Conflict):
    """A colleague took the case a moment earlier."""

    message = _("Dieses Anliegen hat inzwischen jemand anderer übernommen.")


class NotPossibleNow(Conflict):
    """The case is in a phase in which this cannot be done (any more)."""

    message = _("Das ist beim jetzigen Stand dieses Anliegens nicht möglich.")


class CorrectionTimeWrong(Invalid):
    """The day chosen for a correction leaves less time than it must, or far too much."""

    field = "due_on"

    def __init__(self, earliest: date, latest: date) -> None:
        message = _("Bitte wählen Sie einen Tag zwischen %(earliest)s und %(latest)s.")
        shown = {"earliest": earliest, "latest": latest}
        super().__init__(
            str(message)
            % {name: date_format(day, "SHORT_DATE_FORMAT") for name, day in shown.items()}
        )


class CorrectionStillOpen(Conflict):
    """The citizen was asked already and has not answered yet."""

    message = _("Es ist bereits eine Ergänzung verlangt, die noch nicht beantwortet ist.")


class NobodyToReach(Conflict):
    """The matter came in anonymously; nothing can be sent or delivered to anybody."""

    message = _("Dieses Anliegen ist anonym. Es gibt niemanden, den wir erreichen könnten.")


class DecisionFaulty(Invalid):
    """The decision may not go out like this; `found` says what is wrong with which part."""

    message = _("So kann die Entscheidung nicht hinausgehen. Bitte ergänzen Sie, was fehlt.")

    def __init__(self, found: Sequence[Found]) -> None:
        super().__init__()
        self.found = tuple(found)


class TextUnfit(Invalid):
    """A text is not what a case keeps; `field` is where it was typed."""

    def __init__(self, field: str = "text") -> None:
        super().__init__()
        self.field = field


class NothingWritten(TextUnfit):
    """A text that must say something is empty."""

    message = _("Bitte schreiben Sie einen Text.")


class NothingSaid(NothingWritten):
    """A message has neither a text nor a file."""

    message = _("Bitte schreiben Sie einen Text oder wählen Sie eine Datei.")


class TextTooLong(TextUnfit):
    """A text is longer than a case keeps."""

    message = _("Der Text ist zu lang. Bitte kürzen Sie ihn auf höchstens 20.000 Zeichen.")


class TooManyFiles(Invalid):
    """More files at once than the house takes."""

    message = _("Bitte senden Sie höchstens zehn Dateien auf einmal.")


class UnknownProcedure(Invalid):
    """No procedure of that name is installed."""

    message = _("Dieses Verfahren gibt es nicht.")


class UnknownDepartment(Invalid):
    """No department of that name exists."""

    message = _("Diese Abteilung gibt es nicht.")


class AlreadyThere(Invalid):
    """The case is with that department already."""

    message = _("Das Anliegen ist schon bei dieser Abteilung.")


class UnknownState(Invalid):
    """The state belongs to another procedure, or to none."""

    message = _("Diesen Status gibt es in diesem Verfahren nicht.")


class NoSuchClerk(Invalid):
    """The person may not handle cases of this department."""

    message = _("Diese Person bearbeitet keine Anliegen dieser Abteilung.")

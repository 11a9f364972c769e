"""What can go wrong while somebody plans; `field` names the question whose answer is to change."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from rathaus.core.errors import Conflict, Invalid, NotFound


class WrongPlan(Invalid):
    """A plan that makes no sense."""

    field = ""


class EndsBeforeItBegins(WrongPlan):
    """The end is not after the begin."""

    field = "ends"
    message = _("Das Ende muss nach dem Beginn liegen.")


class LastBeforeFirst(WrongPlan):
    """The last day is before the first."""

    field = "last"
    message = _("Der letzte Tag muss am ersten oder danach sein.")


class OverAlready(WrongPlan):
    """It would be over before it is written down."""

    field = "last"
    message = _("Das wäre schon vorbei. Bitte wählen Sie eine Zeit, die noch kommt.")


class BeginsInThePast(WrongPlan):
    """What was, stays as it was: hours and duties change from today on."""

    field = "valid_from"
    message = _("Bitte wählen Sie heute oder einen späteren Tag: Was war, bleibt, wie es war.")


class NeverComes(WrongPlan):
    """The weekday does not come while it is valid."""

    field = "valid_until"
    message = _("In dieser Zeit kommt dieser Wochentag nicht vor.")


class HoursOverlap(WrongPlan):
    """The location is open then already, for one of these channels."""

    field = "starts"
    message = _(
        "Diese Öffnungszeit überschneidet sich mit einer anderen desselben Wochentags. Bitte "
        "ändern oder beenden Sie zuerst die andere."
    )


class DutiesOverlap(WrongPlan):
    """Somebody cannot be in two places."""

    field = "starts"
    message = _("Zu dieser Zeit hat die Person schon einen anderen Dienst.")


class AbsentAlready(WrongPlan):
    """The person is away then already."""

    field = "first"
    message = _("In dieser Zeit ist die Person schon als abwesend eingetragen.")


class NoDayChosen(WrongPlan):
    """Hours of no weekday."""

    field = "weekdays"
    message = _("Bitte wählen Sie mindestens einen Wochentag.")


class NobodyMayCome(WrongPlan):
    """All channels together get less than the whole time."""

    message = _(
        "Zusammen sind das weniger als 100 %: Der Rest der Zeit wäre für niemanden. Bitte erhöhen "
        "Sie einen Anteil oder lassen Sie einen leer."
    )


class NumberTaken(WrongPlan):
    """Two counters of a location with one number."""

    field = "number"
    message = _("Diese Nummer hat an diesem Standort schon ein anderer Schalter.")


class NameTaken(WrongPlan):
    """Something else has that short name already."""

    field = "slug"
    message = _("Diesen Kurznamen gibt es schon.")


class SkillExists(WrongPlan):
    """Two skills of one name."""

    field = "name_de"
    message = _("Diese Fähigkeit gibt es schon.")


class StepsTooFar(WrongPlan):
    """Nobody can stay as long as the offer takes with all its people."""

    field = "further_minutes"
    message = _("Mit allen Personen dauert das länger als acht Stunden.")


class PlanChanged(Conflict):
    """Somebody else saved the same row since the page was opened."""

    message = _(
        "Jemand anderer hat das inzwischen geändert. Ihre Angaben sind nicht gespeichert; unten "
        "steht der neue Stand. Bitte prüfen Sie ihn und tragen Sie Ihre Änderung noch einmal ein."
    )


class UnknownPlan(NotFound):
    """There is no such row, or it belongs to another department."""

    message = _("Das haben wir nicht gefunden. Vielleicht hat es jemand anderer schon entfernt.")


class AppointmentsHit(Conflict):
    """Nobody could serve these appointments any more, and what becomes of them is not decided."""

    message = _("Diese Änderung trifft Termine, die schon vergeben sind.")

    def __init__(self, bookings: Collection[UUID]) -> None:
        super().__init__()
        self.bookings = frozenset(bookings)


class NobodyToTell(Invalid):
    """No mail reaches whoever has the appointment, or somebody else plans it."""

    message = _(
        "An eine dieser Personen können wir keine E-Mail senden. Bitte rufen Sie an und lassen Sie "
        "den Termin vorerst stehen."
    )

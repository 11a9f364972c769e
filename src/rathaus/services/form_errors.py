"""What can go wrong with forms and drafts, each named after what happened."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _
from pydantic import JsonValue

from rathaus.core.errors import Conflict, Gone, Invalid, NotFound, TooMany
from rathaus.core.localized import localize_amount
from rathaus.core.money import Money


class PublishedMeanwhile(Conflict):
    """Somebody published the same form a moment earlier."""

    message = _("Dieses Formular wurde soeben von jemand anderem veröffentlicht.")


class FieldChangedType(Invalid):
    """A field id means something else than in an earlier version."""


class AlreadySubmitted(Conflict):
    """The draft has become an application; nothing can be changed in it any more."""

    message = _("Dieser Antrag ist bereits abgesendet.")


class AmendmentClosed(Conflict):
    """The office is not waiting for anything (any more), so the answers stay as they are."""

    message = _(
        "Ihre Angaben lassen sich nur ändern, solange wir auf eine Ergänzung von Ihnen warten."
    )


class NotComplete(Invalid):
    """Something is missing or wrong; `page` is where to go on."""

    message = _("Es fehlen noch Angaben.")

    def __init__(self, page: str) -> None:
        super().__init__()
        self.page = page


class SignInFirst(Invalid):
    """This form is only taken from people whose e-mail address is confirmed."""

    message = _("Bitte bestätigen Sie zuerst Ihre E-Mail-Adresse.")


class SignedOut(NotFound):
    """The draft belongs to somebody who wrote it on this device and is no longer signed in."""


class SavedElsewhere(Conflict):
    """The same page was saved in another window; `mine` is what this window sent."""

    message = _("Diese Seite wurde inzwischen in einem anderen Fenster gespeichert.")

    def __init__(self, mine: Mapping[str, JsonValue]) -> None:
        super().__init__()
        self.mine = mine


class GrantExhausted(Conflict):
    """The year's budget does not hold the amount any more; nothing was sent."""

    title = _("Der Fördertopf ist ausgeschöpft")

    def __init__(self, wanted: Money, left: Money) -> None:
        sentence = _("Ihre Förderung wäre %(wanted)s, im Fördertopf sind noch %(left)s.")
        amounts = {"wanted": localize_amount(wanted), "left": localize_amount(left)}
        super().__init__(sentence % amounts)


class NoGrantBudget(Conflict):
    """The city has not set anything aside for this year (yet)."""

    title = _("Für dieses Jahr gibt es noch keinen Fördertopf")

    def __init__(self, year: int) -> None:
        sentence = _("Die Stadt hat für %(year)s noch keinen Betrag festgelegt.")
        super().__init__(sentence % {"year": year})


class TooMuchText(Invalid):
    """More than a draft keeps."""

    message = _("Das ist zu viel Text für diesen Antrag. Bitte kürzen Sie Ihre Angaben.")


class TooManyFiles(Invalid):
    """More files than the question asks for."""

    message = _("Hier ist keine weitere Datei möglich.")


class LinkExpired(Gone):
    """The link was used, is too old, or never existed: all look the same."""

    message = _(
        "Ein Link zu einem Antrag gilt nur ein Mal und höchstens zwei Wochen. "
        "Was Sie geschrieben haben, finden Sie auf dem Gerät, auf dem Sie begonnen haben."
    )


class TooManyLinks(TooMany):
    """Links were asked for too often."""

    message = _(
        "Für diesen Entwurf wurden schon mehrere Links angefordert. Bitte warten Sie ein wenig."
    )

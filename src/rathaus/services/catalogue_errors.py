"""What can go wrong while the catalogue is kept."""

from django.utils.translation import gettext_lazy as _

from rathaus.core.errors import Conflict, Invalid
from rathaus.core.localized import localize_amount
from rathaus.core.money import Money


class TooFewWords(Invalid):
    """A group of synonyms needs two words that differ."""

    message = _("Bitte geben Sie mindestens zwei verschiedene Wörter ein.")


class GroupExists(Conflict):
    """Exactly these words are a group already."""

    message = _("Diese Wörter stehen schon in einer Gruppe.")


class LessThanReserved(Conflict):
    """A budget cannot become smaller than what is promised out of it."""

    def __init__(self, budget: str, reserved: Money) -> None:
        sentence = _("Im Fördertopf %(budget)s sind schon %(reserved)s reserviert.")
        super().__init__(sentence % {"budget": budget, "reserved": localize_amount(reserved)})


class ReasonMissing(Invalid):
    """Whoever sets a sum says where it was decided."""

    message = _("Bitte geben Sie die Grundlage an.")

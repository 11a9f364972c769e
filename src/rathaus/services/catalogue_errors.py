"""What can go wrong while the catalogue is kept."""

from django.utils.translation import gettext_lazy as _

from rathaus.core.errors import Conflict, Invalid


class TooFewWords(Invalid):
    """A group of synonyms needs two words that differ."""

    message = _("Bitte geben Sie mindestens zwei verschiedene Wörter ein.")


class GroupExists(Conflict):
    """Exactly these words are a group already."""

    message = _("Diese Wörter stehen schon in einer Gruppe.")

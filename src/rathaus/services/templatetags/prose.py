"""Shows long texts of the catalogue."""

from django import template
from django.utils.safestring import SafeString

from rathaus.core.localized import Localized, localize
from rathaus.services import texts

register = template.Library()


@register.filter
def prose(text: Localized) -> SafeString:
    """A text by language, in our own notation, as safe HTML in the reader's language."""
    return texts.to_html(localize(text))


@register.filter
def inline(text: Localized) -> str:
    """The words of such a text on one line."""
    return " ".join(texts.plain(localize(text)).split())

"""Template filters known on every page."""

from datetime import datetime

from django import template
from django.utils import timezone

from rathaus.core import localized as texts
from rathaus.core.money import Money

register = template.Library()


@register.filter
def localized(text: texts.Localized | None) -> str:
    """`{"de": …, "en": …}` in the reader's language."""
    return texts.localize(text) if text else ""


@register.filter
def language_of(text: texts.Localized | None) -> str:
    """The language in which `localized` answers, for a `lang` attribute."""
    return texts.language_of(text) if text else texts.SOURCE_LANGUAGE


@register.filter
def money(amount: Money) -> str:
    """An amount in the reader's notation: `€ 1.234,50`, in English `€1,234.50`."""
    return texts.localize_amount(amount)


@register.filter
def machine_time(moment: datetime) -> str:
    """A moment for a `datetime` attribute, without the microseconds that HTML refuses."""
    return timezone.localtime(moment).isoformat(timespec="seconds")

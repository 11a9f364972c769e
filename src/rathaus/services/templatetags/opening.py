"""Opening hours of an office, with the word that some are by appointment only."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.utils.translation import gettext as _

from rathaus.core.templatetags.kern import opening_hours

register = template.Library()


@register.filter
def hours_with_notes(hours: Iterable[Mapping[str, Any]]) -> list[tuple[str, str, str]]:
    """Rows of days, times and a note, from `opening_hours` as an office stores them."""
    entries = list(hours)
    notes = [_("nur mit Termin") if entry.get("by_appointment") else "" for entry in entries]
    rows = opening_hours(entries)
    return [(days, times, note) for (days, times), note in zip(rows, notes, strict=True)]

"""Values for the style page, on which every building block shows how it looks."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from rathaus.core.domain import NextStep


def example() -> dict[str, object]:
    """One plausible value for each building block that wants more than words."""
    return {
        "due": date(2027, 1, 4),
        "at": datetime(2026, 11, 22, 14, 5, tzinfo=ZoneInfo("Europe/Vienna")),
        "choices": [("a", _("hell")), ("b", _("dunkel")), ("c", _("gefleckt"))],
        "chosen": ["b"],
        "errors": [{"href": "#id_born_on", "text": _("Dieses Datum gibt es nicht.")}],
        "progress": [
            {"label": _("Über Sie"), "state": "done", "href": "#formular"},
            {"label": _("Ihr Hund"), "state": "current"},
            {"label": _("Unterlagen"), "state": "coming"},
            {"label": _("Prüfen"), "state": "coming"},
        ],
        "next_steps": [
            NextStep(_("Hundemarke bezahlen"), _("Bezahlt am 22.11.2026."), done=True),
            NextStep(
                _("Termin zur Übergabe"), _("Dauert 10 Minuten."), _("Termin wählen"), "#termin"
            ),
        ],
        "phases": [
            {"label": _("Eingelangt"), "state": "done", "date": date(2026, 11, 22)},
            {"label": _("Vollständig"), "state": "done", "date": date(2026, 11, 24)},
            {"label": _("In Prüfung"), "state": "current"},
            {"label": _("Entschieden"), "state": "coming"},
        ],
    }

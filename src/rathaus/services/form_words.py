"""What changed in a form, in the words of people who edit forms."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from rathaus.services.forms.difference import Change, Kind, Part

KINDS: Mapping[Kind, str | Promise] = {
    Kind.ADDED: _("neu"),
    Kind.REMOVED: _("entfällt"),
    Kind.CHANGED: _("geändert"),
}
TONES: Mapping[Kind, str] = {Kind.ADDED: "success", Kind.REMOVED: "danger", Kind.CHANGED: "info"}
PARTS: Mapping[Part, str | Promise] = {
    Part.FORM: _("Formular"),
    Part.PAGE: _("Seite"),
    Part.QUESTION: _("Frage"),
    Part.CODELIST: _("Liste von Antworten"),
    Part.CHECK: _("Prüfung"),
    Part.EXIT: _("Ausstieg"),
    Part.FEE: _("Gebühr"),
    Part.GRANT: _("Förderung"),
}
# The document's own words, where an editor has another one; the rest stand as they are.
KEYS: Mapping[str, str | Promise] = {
    "accept": _("erlaubte Dateien"),
    "amount": _("Betrag"),
    "at": _("Ort der Meldung"),
    "cap": _("Höchstbetrag"),
    "codelist": _("Liste von Antworten"),
    "confirmation": _("Text nach dem Absenden"),
    "decimals": _("Nachkommastellen"),
    "fee_due_days": _("Zahlungsfrist"),
    "group": _("Gruppe"),
    "hint": _("Hinweis"),
    "intro": _("Einleitung"),
    "label": _("Beschriftung"),
    "max": _("Höchstwert"),
    "max_files": _("Anzahl der Dateien"),
    "max_length": _("Länge"),
    "max_megabytes": _("Größe der Dateien"),
    "message": _("Meldung"),
    "min": _("Mindestwert"),
    "options": _("Antworten"),
    "page": _("Seite"),
    "pattern": _("Muster"),
    "percent": _("Anteil"),
    "prefill": _("Vorausgefüllte Felder"),
    "repeat": _("Wiederholung"),
    "required": _("Pflicht oder freiwillig"),
    "service": _("Leistung"),
    "show": _("Bedingung"),
    "text": _("Text"),
    "title": _("Titel"),
    "type": _("Art der Antwort"),
    "when": _("Bedingung"),
}


def in_words(change: Change) -> dict[str, object]:
    """One change as the page shows it."""
    return {
        "kind": KINDS[change.kind],
        "tone": TONES[change.kind],
        "part": PARTS[change.part],
        "title": change.title,
        "id": change.id,
        "keys": [KEYS.get(key, key) for key in change.keys],
    }

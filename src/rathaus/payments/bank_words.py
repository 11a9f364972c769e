"""Sentences for the people who look after the bank account: why a file is not taken."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rathaus.payments.camt import BadStatement, Fault

REASONS = {
    Fault.EMPTY: gettext_lazy("die Datei ist leer"),
    Fault.TOO_LARGE: gettext_lazy("die Datei ist größer als 30 MB"),
    Fault.NOT_XML: gettext_lazy("das ist kein gültiges XML, oder die Datei ist abgeschnitten"),
    Fault.FORBIDDEN: gettext_lazy(
        "die Datei enthält eine DTD oder Entitäten; Banken schreiben keine"
    ),
    Fault.OTHER_MESSAGE: gettext_lazy("das ist keine Kontonachricht camt.052, 053 oder 054"),
    Fault.NO_STATEMENT: gettext_lazy("darin steht kein Kontoauszug"),
    Fault.MISSING: gettext_lazy("hier fehlt eine Angabe"),
    Fault.BAD_WORD: gettext_lazy("dieser Wert ist hier nicht vorgesehen"),
    Fault.BAD_AMOUNT: gettext_lazy("das ist kein Betrag"),
    Fault.TOO_FINE: gettext_lazy("der Betrag hat Bruchteile von Cent"),
    Fault.UNKNOWN_CURRENCY: gettext_lazy("diese Währung gibt es nicht"),
    Fault.BAD_DATE: gettext_lazy("das ist kein Datum"),
    Fault.BROKEN_ARCHIVE: gettext_lazy("das Archiv ist beschädigt"),
    Fault.LOCKED_ARCHIVE: gettext_lazy("das Archiv ist mit einem Kennwort geschützt"),
    Fault.SWOLLEN_ARCHIVE: gettext_lazy("das Archiv ist entpackt ungewöhnlich groß"),
    Fault.NO_DOCUMENT: gettext_lazy("im Archiv liegt keine Datei"),
}


def fault_in_words(fault: BadStatement) -> str:
    """A sentence with the part of the archive, the line and the word, as far as there are any."""
    reason = str(REASONS[fault.fault])
    if fault.word:
        reason = _("%(reason)s („%(word)s“)") % {"reason": reason, "word": fault.word}
    if fault.line:
        reason = _("Zeile %(line)s: %(reason)s") % {"line": fault.line, "reason": reason}
    reason = reason[:1].upper() + reason[1:]
    if fault.document:
        reason = f"{fault.document}: {reason}"
    return _("Nichts wurde übernommen. %(reason)s.") % {"reason": reason}

"""What a page says when something did not work: what happened, and what to do now."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


@dataclass(frozen=True)
class ErrorText:
    """The three sentences of an error page."""

    title: Text
    message: Text
    advice: Text


ERROR_TEXTS = {
    400: ErrorText(
        _("Das haben wir nicht verstanden"),
        _("Ihr Browser hat etwas geschickt, mit dem wir nichts anfangen können."),
        _("Bitte gehen Sie zurück und versuchen Sie es noch einmal."),
    ),
    403: ErrorText(
        _("Hier dürfen Sie nicht hinein"),
        _("Dazu haben Sie keine Berechtigung."),
        _("Wenn eine Seite lange offen war, hilft es oft, sich neu anzumelden."),
    ),
    404: ErrorText(
        _("Diese Seite gibt es nicht"),
        _("Vielleicht ist die Adresse vertippt, oder die Seite ist umgezogen."),
        _("Über die Suche oder die Startseite kommen Sie weiter."),
    ),
    405: ErrorText(
        _("So geht es nicht"),
        _("Diese Adresse lässt sich nicht auf diesem Weg aufrufen."),
        _("Bitte gehen Sie zurück und benutzen Sie die Schaltflächen der Seite."),
    ),
    408: ErrorText(
        _("Das hat zu lange gedauert"),
        _("Ihr Browser hat angefangen zu fragen und dann nichts mehr geschickt."),
        _("Vielleicht ist die Verbindung schwach. Bitte versuchen Sie es noch einmal."),
    ),
    409: ErrorText(
        _("Jemand war schneller"),
        _("Das wurde inzwischen geändert. Es ist nichts verloren gegangen."),
        _("Bitte laden Sie die Seite neu und sehen Sie sich den neuen Stand an."),
    ),
    410: ErrorText(
        _("Dieser Link ist abgelaufen"),
        _("Aus Sicherheitsgründen gelten manche Links nur kurze Zeit."),
        _("Fordern Sie einfach einen neuen Link an."),
    ),
    413: ErrorText(
        _("Die Datei ist zu groß"),
        _("So große Dateien können wir nicht annehmen."),
        _("Verkleinern Sie das Bild oder teilen Sie das Dokument."),
    ),
    414: ErrorText(
        _("Diese Adresse ist zu lang"),
        _("So lange Adressen können wir nicht lesen."),
        _("Bitte kürzen Sie die Adresse oder beginnen Sie auf der Startseite."),
    ),
    422: ErrorText(
        _("Da stimmt etwas noch nicht"),
        _("Bitte prüfen Sie Ihre Angaben."),
        _("Gehen Sie zurück und ändern Sie die Angabe. Es ist nichts verloren gegangen."),
    ),
    429: ErrorText(
        _("Bitte einen Augenblick Geduld"),
        _("Das waren sehr viele Versuche in kurzer Zeit."),
        _("Warten Sie ein paar Minuten und versuchen Sie es dann noch einmal."),
    ),
    431: ErrorText(
        _("Ihr Browser hat zu viel mitgeschickt"),
        _("Meist sind es zu viele oder zu große Cookies für diese Seite."),
        _("Bitte löschen Sie im Browser die Cookies dieser Seite und laden Sie sie neu."),
    ),
    500: ErrorText(
        _("Da ist bei uns etwas schiefgegangen"),
        _(
            "Der Fehler liegt nicht bei Ihnen. "
            "Was als gespeichert angezeigt wurde, ist gespeichert."
        ),
        _("Bitte versuchen Sie es in ein paar Minuten noch einmal."),
    ),
}


def error_text(status: int) -> ErrorText:
    """The sentences for a status code; for one without its own, those of 400."""
    return ERROR_TEXTS.get(status, ERROR_TEXTS[400])

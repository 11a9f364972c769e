"""Why a file is not taken, each in a sentence that says what the person can do."""

from django.utils.translation import gettext_lazy as _

from rathaus.core.errors import DomainError, Invalid, TooLarge


class EmptyFile(Invalid):
    """It has no bytes at all."""

    message = _("Die Datei ist leer. Bitte wählen Sie eine andere Datei.")


class FileTooLarge(TooLarge):
    """It has more bytes than the rules allow."""


class WrongKind(Invalid):
    """Its content, or the ending of its name, is not of an accepted kind."""


class DamagedFile(Invalid):
    """It claims to be of a kind but cannot be read as such."""

    message = _(
        "Die Datei ist beschädigt und lässt sich nicht öffnen. "
        "Bitte speichern Sie sie neu und versuchen Sie es noch einmal."
    )


class DangerousFile(Invalid):
    """It carries something that acts: a program, a macro, a bomb, malware."""


class ScannerUnavailable(DomainError):
    """The virus scanner is configured but does not answer: nothing is taken unchecked."""

    status = 503
    message = _(
        "Dateien können gerade nicht geprüft werden. "
        "Bitte versuchen Sie es in einigen Minuten noch einmal."
    )


class BrokenSeal(RuntimeError):
    """A stored file was changed, cut or exchanged, or the key is another: the store is at fault."""

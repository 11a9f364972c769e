"""PDF files: readable by everybody, and nothing in them that acts."""

from collections.abc import Iterable, Iterator
from typing import BinaryIO

import pikepdf
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from rathaus.core.files.errors import DamagedFile, DangerousFile
from rathaus.core.files.portable_document_bombs import check_packing, limit_library

limit_library()

MOST_OBJECTS = 200_000
DEEPEST = 60

_REASONS = {
    "/JavaScript": gettext_noop("Das PDF enthält ein Programm (JavaScript)."),
    "/JS": gettext_noop("Das PDF enthält ein Programm (JavaScript)."),
    "/Launch": gettext_noop("Das PDF will andere Programme starten."),
    "/EmbeddedFile": gettext_noop("Das PDF enthält weitere Dateien."),
    "/EmbeddedFiles": gettext_noop("Das PDF enthält weitere Dateien."),
    "/RichMedia": gettext_noop("Das PDF enthält Filme oder Programme."),
    "/XFA": gettext_noop("Das PDF enthält ein aktives Formular."),
    "/SubmitForm": gettext_noop("Das PDF enthält ein aktives Formular."),
    "/ImportData": gettext_noop("Das PDF enthält ein aktives Formular."),
}
_ADVICE = gettext_noop("Bitte drucken Sie es neu als PDF und laden Sie das Ergebnis hoch.")


def check_pdf(content: BinaryIO) -> None:
    """Raise `DangerousFile` if a PDF acts, hides files or is locked, `DamagedFile` if broken.

    It is refused, not mended: a document that a citizen hands in as proof stays what it was, or
    stays outside.
    """
    check_packing(content)
    try:
        with pikepdf.open(content) as document:
            _check_document(document)
    except pikepdf.PasswordError as error:
        raise DangerousFile(
            _("Das PDF ist mit einem Kennwort geschützt. Bitte speichern Sie es ohne Kennwort.")
        ) from error
    except (pikepdf.PdfError, RuntimeError, ValueError) as error:
        raise DamagedFile from error
    finally:
        content.seek(0)


def _check_document(document: pikepdf.Pdf) -> None:
    if document.is_encrypted:
        raise DangerousFile(_("Das PDF ist verschlüsselt. Bitte speichern Sie es ohne Schutz."))
    if len(document.objects) > MOST_OBJECTS:
        raise DangerousFile(_("Das PDF ist ungewöhnlich verschachtelt.") + " " + _(_ADVICE))
    if not document.pages:
        raise DamagedFile
    for item in document.objects:
        for name in _names(item):
            if name in _REASONS:
                raise DangerousFile(_(_REASONS[name]) + " " + _(_ADVICE))
    if any("memory limit exceeded" in warning for warning in document.get_warnings()):
        raise DangerousFile(_("Die Datei ist entpackt ungewöhnlich groß.") + " " + _(_ADVICE))


def _names(item: pikepdf.Object, depth: int = 0) -> Iterator[str]:
    """Every key and name in an object; references are not followed, each object has its turn."""
    if depth > DEEPEST:
        raise DangerousFile(_("Das PDF ist ungewöhnlich verschachtelt.") + " " + _(_ADVICE))
    if isinstance(item, pikepdf.Name):
        yield str(item)
    elif isinstance(item, (pikepdf.Dictionary, pikepdf.Stream)):
        yield from item.keys()
    for inside in _parts(item):
        yield from _names(inside, depth + 1)


def _parts(item: pikepdf.Object) -> list[pikepdf.Object]:
    values: Iterable[object] = ()
    if isinstance(item, (pikepdf.Dictionary, pikepdf.Stream)):
        values = [value for _key, value in item.items()]
    elif isinstance(item, pikepdf.Array):
        values = item
    return [
        value for value in values if isinstance(value, pikepdf.Object) and not value.is_indirect
    ]

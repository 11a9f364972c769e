"""Editors' pages about forms: what is published, a file checked and compared, and published."""

from collections.abc import Mapping, Sequence

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from rathaus.core.access import Request, staff_page
from rathaus.core.documents.source import LARGEST, BadDocument, Mistake
from rathaus.core.errors import DomainError, Invalid
from rathaus.core.localized import localize
from rathaus.services.actions.publishing import publish_form, refuse_changed_types
from rathaus.services.form_words import in_words
from rathaus.services.forms.document import FormDocument
from rathaus.services.forms.loading import load_yaml
from rathaus.services.forms.writing import as_yaml
from rathaus.services.queries import form_versions as queries

RIGHT = "services.publish_forms"


@require_safe
@staff_page(RIGHT)
def forms(request: Request) -> HttpResponse:
    """All forms with their newest version."""
    return _list(request)


@require_safe
@staff_page(RIGHT)
def download_form(request: Request, form: str, number: int) -> HttpResponse:
    """One version as the YAML from which it can be published again."""
    text = as_yaml(queries.form_document(request.actor, form, number))
    name = f"{form}-{number}.yaml"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text, content_type="application/yaml; charset=utf-8", headers=headers)


@staff_page(RIGHT)
@require_POST
def check_form(request: Request) -> HttpResponse:
    """Check an uploaded file: every mistake with its line, else what it would change."""
    try:
        text = _text_of(request)
        document = load_yaml(text)
        refuse_changed_types(document)
    except BadDocument as error:
        return _list(request, mistakes=error.mistakes, status=422)
    except DomainError as error:
        return _list(request, problem=str(error.message), status=422)
    return _comparison(request, document, text)


@staff_page(RIGHT)
@require_POST
def publish(request: Request) -> HttpResponse:
    """Publish what was checked and compared, unless somebody published meanwhile."""
    text, seen = request.POST.get("text", ""), request.POST.get("seen", "")
    try:
        document = load_yaml(text)
        published = publish_form(by=request.actor, document=document, seen=seen)
    except BadDocument as error:
        return _list(request, mistakes=error.mistakes, status=422)
    except DomainError as error:
        return _list(request, problem=str(error.message), status=error.status)
    facts = {"form": localize(document.title), "number": published.number}
    messages.success(request, _("„%(form)s“ gilt ab jetzt in Fassung %(number)s.") % facts)
    return redirect("services:edit_forms")


def _list(
    request: Request,
    *,
    mistakes: Sequence[Mistake] = (),
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    found = queries.forms_for_editors(request.actor)
    context: Mapping[str, object] = {"forms": found, "mistakes": mistakes, "problem": problem}
    return render(request, "services/editing/forms.html", context, status=status)


def _comparison(request: Request, document: FormDocument, text: str) -> HttpResponse:
    found = queries.proposal(request.actor, document)
    changes = [in_words(change) for change in found.changes]
    context = {"proposal": found, "changes": changes, "text": text}
    return render(request, "services/editing/form_comparison.html", context)


def _text_of(request: Request) -> str:
    """The words of the uploaded file. Raises `Invalid` where there is none, and `BadDocument`."""
    upload = request.FILES.get("file")
    if not isinstance(upload, UploadedFile):
        raise Invalid(_("Bitte wählen Sie eine Datei."))
    content: bytes = upload.read(4 * LARGEST)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadDocument(Mistake(1, _("die Datei ist kein Text in UTF-8"))) from error

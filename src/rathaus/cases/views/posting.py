"""What all posted forms of a case have in common: act, or show the page again with nothing lost."""

from collections.abc import Callable, Sequence
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise

from rathaus.cases import queries
from rathaus.cases.errors import DecisionFaulty
from rathaus.cases.queries.case_page import StepView
from rathaus.cases.words import fault_in_words
from rathaus.core.access import Request
from rathaus.core.errors import Conflict, DomainError, Invalid, TooLarge


def refusal(form: forms.Form, act: Callable[[], None]) -> int:
    """Run `act` if the form is valid; 0 when it worked, else the status to show the form with.

    A refusal that the person can mend (their input, their file, a colleague who was faster) becomes
    an error of the form, so that their text is still there. Everything else goes on.
    """
    if not form.is_valid():
        return Invalid.status
    try:
        act()
    except DecisionFaulty as error:
        return _at_fields(form, error)
    except (Invalid, Conflict, TooLarge) as error:
        return _kept(form, error)
    return 0


def done(request: Request, sentence: str | Promise, address: str, *case: UUID) -> HttpResponse:
    """Say that it worked, on the page where one goes on."""
    messages.success(request, str(sentence))
    return redirect(address, *case)


def uploads(request: Request) -> Sequence["UploadedFile[bytes]"]:
    """The files of the one file field that our forms have."""
    return request.FILES.getlist("files")


def unseen_changes(request: Request, case: UUID) -> Sequence[StepView]:
    """What happened since the posted form was opened, for a form that is shown again."""
    seen = request.POST.get("seen", "")
    if not seen.isdecimal():
        return []
    return queries.changes_since(by=request.actor, case=case, seen=int(seen[:9]))


def _at_fields(form: forms.Form, error: DecisionFaulty) -> int:
    for found in error.found:
        form.add_error(found.part if found.part in form.fields else None, fault_in_words(found))
    return error.status


def _kept(form: forms.Form, error: DomainError) -> int:
    field = getattr(error, "field", None)
    form.add_error(field if field in form.fields else None, str(error.message))
    return error.status

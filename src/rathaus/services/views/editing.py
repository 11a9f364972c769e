"""Editors' pages: services shown or hidden, words of one meaning, unanswered questions."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rathaus.core.access import Request, staff_page
from rathaus.core.errors import DomainError
from rathaus.services.actions import editing
from rathaus.services.catalogue_errors import GroupExists, TooFewWords
from rathaus.services.queries import catalogue as queries
from rathaus.services.synonym_form import SynonymForm

RIGHT = "services.edit_catalogue"
SERVICES_ON_A_PAGE = 50
SHOWN = {"ja": True, "nein": False}


@require_safe
@staff_page(RIGHT)
def services(request: Request) -> HttpResponse:
    """All services, the hidden ones too, page by page."""
    words = request.GET.get("q", "").replace("\x00", "")[:100]
    shown = request.GET.get("sichtbar", "")
    found = queries.catalogue_for_editors(request.actor, words=words, published=SHOWN.get(shown))
    page = Paginator(found, SERVICES_ON_A_PAGE).get_page(request.GET.get("seite"))
    choices = [("", _("Alle")), ("ja", _("Sichtbare")), ("nein", _("Verborgene"))]
    context = {"page": page, "words": words, "shown": shown, "choices": choices}
    return render(request, "services/editing/services.html", context)


@require_POST
@staff_page(RIGHT)
def show_service(request: Request, slug: str) -> HttpResponse:
    """Show a service in the portal, or hide it."""
    published = request.POST.get("published") == "1"
    editing.show_service(by=request.actor, slug=slug, published=published)
    return redirect(f"{reverse('services:edit_services')}?{request.GET.urlencode()}")


@require_safe
@staff_page(RIGHT)
def misses(request: Request) -> HttpResponse:
    """What people asked and did not find."""
    context = {"misses": queries.search_misses(request.actor)}
    return render(request, "services/editing/misses.html", context)


@require_POST
@staff_page(RIGHT)
def settle_miss(request: Request, miss: int) -> HttpResponse:
    """Take a question off the list."""
    editing.settle_miss(by=request.actor, miss=miss)
    return redirect("services:edit_misses")


@require_safe
@staff_page(RIGHT)
def synonyms(request: Request) -> HttpResponse:
    """All groups of words."""
    context = {"groups": queries.synonym_groups(request.actor)}
    return render(request, "services/editing/synonyms.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(RIGHT)
def new_synonyms(request: Request) -> HttpResponse:
    """Add a group; `?word=` comes from the list of questions without answer."""
    form = SynonymForm(request.POST or None, initial={"words": request.GET.get("word", "")})
    if form.is_valid():
        try:
            editing.add_synonyms(by=request.actor, words=form.cleaned_data["words"])
        except (TooFewWords, GroupExists) as error:
            return _again(request, form, error, _("Neue Wörter"))
        messages.success(request, _("Die Wörter gelten ab der nächsten Suche."))
        return redirect("services:edit_synonyms")
    return _form_page(request, form, _("Neue Wörter"))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(RIGHT)
def change_synonyms(request: Request, group: int) -> HttpResponse:
    """Change a group or remove it."""
    if "remove" in request.POST:
        editing.remove_synonyms(by=request.actor, group=group)
        return redirect("services:edit_synonyms")
    row = queries.synonym_group(request.actor, group)
    form = SynonymForm(request.POST) if request.method == "POST" else SynonymForm.showing(row)
    if form.is_valid():
        try:
            words = form.cleaned_data["words"]
            editing.change_synonyms(by=request.actor, group=group, words=words)
        except (TooFewWords, GroupExists) as error:
            return _again(request, form, error, _("Wörter ändern"), removable=True)
        messages.success(request, _("Die Wörter gelten ab der nächsten Suche."))
        return redirect("services:edit_synonyms")
    return _form_page(request, form, _("Wörter ändern"), removable=True)


def _again(
    request: Request, form: SynonymForm, error: DomainError, title: str, *, removable: bool = False
) -> HttpResponse:
    form.add_error("words", str(error.message))
    return _form_page(request, form, title, removable=removable)


def _form_page(
    request: Request, form: SynonymForm, title: str, *, removable: bool = False
) -> HttpResponse:
    context = {"form": form, "title": title, "removable": removable}
    status = 422 if form.errors else 200
    return render(request, "services/editing/synonym_form.html", context, status=status)

"""The public face of the catalogue: home, search, services, life situations, offices."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from rathaus.core.access import Request, public_page
from rathaus.core.domain import service_facts
from rathaus.core.localized import SOURCE_LANGUAGE
from rathaus.services.actions.editing import note_miss
from rathaus.services.queries import catalogue as queries

LONGEST_QUESTION = 200
OPEN_TO_ROBOTS = (
    "services:a_to_z",
    "services:life_situations",
    "services:offices",
    "core:imprint",
    "core:privacy",
    "core:accessibility",
    "core:colours",
    "core:crest",
)


@require_safe
@public_page
def home(request: Request) -> HttpResponse:
    """Search, life situations and the services people ask for most."""
    situations, featured = queries.life_situations(), queries.featured_services()
    context = {"situations": situations, "featured": featured}
    return render(request, "services/catalogue/home.html", context)


@require_safe
@public_page
@cache_control(public=True, max_age=86_400)
def robots(request: Request) -> HttpResponse:
    """What search engines may keep: the catalogue and the legal pages, and nothing else."""
    addresses = [reverse(name) for name in OPEN_TO_ROBOTS]
    open_ones = [f"{reverse('services:home')}$", *addresses, settings.STATIC_URL]
    lines = ["User-agent: *", *(f"Allow: {address}" for address in open_ones), "Disallow: /"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
@public_page
def search(request: Request) -> HttpResponse:
    """What answers a question; a question without an answer is counted for the editors."""
    question = _question(request)
    context: dict[str, object] = {"question": question}
    if question:
        found = queries.search(question, _language())
        context["found"] = found
        if not found.certain:
            note_miss(question=question, language=_language())
    return render(request, "services/catalogue/search.html", context)


@require_safe
@public_page
def suggestions(request: Request) -> HttpResponse:
    """Results while typing, as a list of links without a page around it."""
    context = {"suggestions": queries.suggestions(_question(request), _language())}
    return render(request, "services/catalogue/suggestions.html", context)


@require_safe
@public_page
def a_to_z(request: Request) -> HttpResponse:
    """All services by letter."""
    letters = queries.services_by_letter(_language())
    return render(request, "services/catalogue/a_to_z.html", {"letters": letters})


@require_safe
@public_page
def service(request: Request, slug: str) -> HttpResponse:
    """One service: what, for whom, cost, documents, how long, where."""
    page = queries.service_page(slug)
    context = {
        "service": page.service,
        "budgets": page.budgets,
        "facts": service_facts(page.service.slug),
    }
    return render(request, "services/catalogue/service.html", context)


@require_safe
@public_page
def life_situations(request: Request) -> HttpResponse:
    """All occasions in life."""
    context = {"situations": queries.life_situations()}
    return render(request, "services/catalogue/life_situations.html", context)


@require_safe
@public_page
def life_situation(request: Request, slug: str) -> HttpResponse:
    """The services of one occasion in life."""
    context = {"situation": queries.life_situation(slug)}
    return render(request, "services/catalogue/life_situation.html", context)


@require_safe
@public_page
def offices(request: Request) -> HttpResponse:
    """All offices with address and opening hours."""
    return render(request, "services/catalogue/offices.html", {"offices": queries.offices()})


@require_safe
@public_page
def office(request: Request, slug: str) -> HttpResponse:
    """One office and what it does."""
    return render(request, "services/catalogue/office.html", {"office": queries.office_page(slug)})


def _question(request: Request) -> str:
    return " ".join(request.GET.get("q", "").replace("\x00", "").split())[:LONGEST_QUESTION]


def _language() -> str:
    return (get_language() or SOURCE_LANGUAGE).split("-")[0]

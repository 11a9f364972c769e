"""What the pages of the catalogue show. Citizens see published services only."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery

from rathaus.core.actor import Actor
from rathaus.core.errors import NotFound
from rathaus.core.localized import Localized, localize
from rathaus.core.search import Answer
from rathaus.services.finder import finder
from rathaus.services.models import (
    FormVersion,
    GrantBudget,
    LifeSituation,
    Office,
    SearchMiss,
    Service,
    ServiceOffice,
    Synonym,
)
from rathaus.services.queries.grants import budgets_of
from rathaus.services.sort_keys import sort_key

RIGHT = "services.edit_catalogue"
MOST_SUGGESTIONS = 8
MOST_RESULTS = 20
AS_ASKED = 0.9


@dataclass(frozen=True)
class ServicePage:
    """A service, and this year's budgets out of which it pays."""

    service: Service
    budgets: Sequence[GrantBudget]


@dataclass(frozen=True)
class Letter:
    """The services of one letter, in the reader's language."""

    letter: str
    services: Sequence[Service]


@dataclass(frozen=True)
class Suggestion:
    """One line while somebody is typing."""

    slug: str
    title: Localized


@dataclass(frozen=True)
class Found:
    """The answer to a question; `certain` is false if nothing covers it well."""

    services: Sequence[Service]
    certain: bool


def featured_services() -> list[Service]:
    """The services that people ask for most, in the order of the reader's alphabet."""
    return sorted(_published().filter(featured=True), key=lambda service: _order(service.title))


def life_situations() -> list[LifeSituation]:
    """All life situations that lead to at least one service."""
    published = Count("services", filter=Q(services__published=True))
    situations = LifeSituation.objects.annotate(count=published).filter(count__gt=0)
    return list(situations.order_by("position", "slug"))  # counting forgets the model's own order


def life_situation(slug: str) -> LifeSituation:
    """One life situation with its published services. Raises `NotFound`."""
    services = Prefetch("services", queryset=_published(), to_attr="shown")
    found = LifeSituation.objects.prefetch_related(services).filter(slug=slug).first()
    if found is None:
        raise NotFound
    return found


def service_page(slug: str) -> ServicePage:
    """One service with its offices and life situations; `can_apply` tells whether a form is open.

    Raises `NotFound`, also for services that are not published.
    """
    form = FormVersion.objects.filter(form=OuterRef("form"))
    grants = form.order_by("-number").values("document__grants")[:1]
    places = Prefetch("places", queryset=ServiceOffice.objects.select_related("office"))
    services = Service.objects.annotate(can_apply=Exists(form), grants=Subquery(grants))
    rows = services.filter(slug=slug, published=True)
    found = rows.prefetch_related(places, "life_situations").first()
    if found is None:
        raise NotFound
    return ServicePage(found, budgets_of(found.grants or ()))


def service_with_form(form: str) -> Service | None:
    """The published service that leads to this form; `None` where the catalogue has none."""
    return _published().filter(form=form).first()


def services_by_letter(language: str) -> list[Letter]:
    """All published services, sorted by their title in this language."""
    keyed = sorted(
        ((sort_key(localize(service.title, language)), service) for service in _published()),
        key=lambda pair: (pair[0], pair[1].slug),
    )
    return [
        Letter(letter, [service for _key, service in group])
        for letter, group in groupby(keyed, key=lambda pair: _initial(pair[0]))
    ]


def offices() -> list[Office]:
    """All offices by the name that the reader sees."""
    return sorted(Office.objects.all(), key=lambda office: _order(office.name))


def office_page(slug: str) -> Office:
    """One office with the published services it offers. Raises `NotFound`."""
    services = Prefetch("services", queryset=_published(), to_attr="shown")
    found = Office.objects.prefetch_related(services).filter(slug=slug).first()
    if found is None:
        raise NotFound
    return found


def search(question: str, language: str) -> Found:
    """Services that answer a question, best first.

    Where the reader's language has no certain answer, the question may be in another one: who reads
    German may ask for "passport".
    """
    answer = finder(language).search(question, limit=MOST_RESULTS)
    if not answer.certain:
        answer = _also_in_other_languages(question, language, answer)
    rows = _published().in_bulk([hit.id for hit in answer.hits], field_name="slug")
    shown = [rows[hit.id] for hit in answer.hits if hit.id in rows]
    return Found(shown, certain=answer.certain and bool(shown))


def _also_in_other_languages(question: str, language: str, own: Answer) -> Answer:
    """The certain answers of other languages before the uncertain own one.

    Certain are only words that stand there as they were asked, no corrected ones.
    """
    hits, certain = list(own.hits), False
    for code, _name in settings.LANGUAGES:
        if code == language:
            continue
        other = finder(code).search(question, limit=MOST_RESULTS)
        if other.certain:
            hits = [*other.hits, *hits]
            certain = certain or other.hits[0].coverage >= AS_ASKED
    once = {hit.id: hit for hit in reversed(hits)}
    return Answer(tuple(reversed(once.values())), certain)


def suggestions(beginning: str, language: str) -> list[Suggestion]:
    """Titles that may be meant while somebody is typing."""
    found = finder(language)
    answer = found.search(beginning, limit=MOST_SUGGESTIONS, typing=True)
    if not answer.certain:
        answer = _also_in_other_languages(beginning, language, answer)
    hits = answer.hits[:MOST_SUGGESTIONS]
    return [Suggestion(hit.id, found.titles[hit.id]) for hit in hits if hit.id in found.titles]


def catalogue_for_editors(
    by: Actor, *, words: str = "", published: bool | None = None
) -> QuerySet[Service]:
    """All services, or those that are (not) `published` and whose titles hold all the words.

    Raises `NotAllowed`.
    """
    by.require(RIGHT)
    services = Service.objects.defer(*_LONG).order_by("sort_key", "slug")
    if published is not None:
        services = services.filter(published=published)
    for word in words.split():
        services = services.filter(Q(title__de__icontains=word) | Q(title__en__icontains=word))
    return services


def synonym_groups(by: Actor) -> list[Synonym]:
    """All groups kept by editors. Raises `NotAllowed`."""
    by.require(RIGHT)
    return list(Synonym.objects.all())


def synonym_group(by: Actor, group: int) -> Synonym:
    """One group. Raises `NotAllowed`, `NotFound`."""
    by.require(RIGHT)
    found = Synonym.objects.filter(pk=group).first()
    if found is None:
        raise NotFound
    return found


def search_misses(by: Actor, limit: int = 100) -> list[SearchMiss]:
    """What people asked most and did not find. Raises `NotAllowed`."""
    by.require(RIGHT)
    return list(SearchMiss.objects.all()[:limit])


_LONG = ("body", "for_whom", "documents", "cost", "duration", "legal_basis", "links", "keywords")


def _order(name: Localized) -> str:
    return sort_key(localize(name))


def _published() -> QuerySet[Service]:
    """Services as lists show them, without their long texts."""
    return Service.objects.filter(published=True).defer(*_LONG)


def _initial(key: str) -> str:
    return key[0].upper() if key[:1].isalpha() else "#"

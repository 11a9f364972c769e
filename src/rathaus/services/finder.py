"""Keeps one search index per language in memory and renews it when the catalogue has changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock

from django.conf import settings

from rathaus.core.localized import SOURCE_LANGUAGE, Localized
from rathaus.core.search import Answer, English, German, Index, Language, open_dictionary
from rathaus.services.catalogue import Channel
from rathaus.services.models import CatalogueStamp, Service, Synonym
from rathaus.services.search import Searchable, entry, everyday_words, synonym_groups


@dataclass(frozen=True)
class Finder:
    """An index together with the titles of what it finds, as of one stamp of the catalogue."""

    stamp: int
    index: Index
    titles: Mapping[str, Localized]

    def search(self, question: str, *, limit: int, typing: bool = False) -> Answer:
        """Ask the index."""
        return self.index.search(question, limit=limit, typing=typing)


_finders: dict[str, Finder] = {}
_building = Lock()


def finder(language: str) -> Finder:
    """The index of a language; one small query tells whether it is still good.

    While one thread renews it, the others answer from the old one.
    """
    stamp = CatalogueStamp.objects.values_list("number", flat=True).first() or 0
    current = _finders.get(language)
    if current is not None and current.stamp == stamp:
        return current
    if current is not None and _building.locked():
        return current
    with _building:
        current = _finders.get(language)
        if current is None or current.stamp != stamp:
            current = _finders[language] = _build(language, stamp)
        return current


def forget() -> None:
    """Drop all indexes of this process; the next search builds them anew."""
    _finders.clear()


def prepare() -> None:
    """Make the dictionary file, so that the first search of a process is fast."""
    open_dictionary(settings.HOME / "search")


def _build(language: str, stamp: int) -> Finder:
    services = Service.objects.filter(published=True)
    groups = Synonym.objects.values_list("words", flat=True)
    index = Index.build(
        [entry(_searchable(service), language) for service in services],
        _language(language),
        (*everyday_words(), *synonym_groups(groups)),
    )
    return Finder(stamp, index, {service.slug: service.title for service in services})


def _language(code: str) -> Language:
    return (
        German(open_dictionary(settings.HOME / "search")) if code == SOURCE_LANGUAGE else English()
    )


def _searchable(service: Service) -> Searchable:
    texts = (service.summary, service.body, service.for_whom, service.cost, *service.documents)
    return Searchable(
        slug=service.slug,
        title=service.title,
        texts=texts,
        names=[source["title"] for source in (*service.links, *service.legal_basis)],
        keywords=service.keywords,
        featured=service.featured,
        online=Channel.ONLINE in service.channels,
    )

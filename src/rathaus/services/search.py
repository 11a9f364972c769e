"""What of a service can be found, and how much it counts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from rathaus.core.localized import Localized
from rathaus.core.search import Entry, SynonymGroup, Text
from rathaus.services.catalogue import Channel, ServiceEntry
from rathaus.services.texts import plain

EVERYDAY_WORDS = Path(__file__).with_name("everyday_words.yaml")


@dataclass(frozen=True)
class Searchable:
    """The words of a service: its texts by language, and names that all languages share."""

    slug: str
    title: Localized
    texts: Sequence[Localized] = ()
    names: Sequence[str] = ()
    keywords: Mapping[str, Sequence[str]] | None = None
    featured: bool = False
    online: bool = False


def entry(service: Searchable, language: str) -> Entry:
    """The service as it is found in one language; a text without translation is found in German."""
    title = _in(service.title, language)
    texts = [plain(_in(text, language)) for text in service.texts]
    keywords = (service.keywords or {}).get(language, ())
    return Entry(
        id=service.slug,
        title=title,
        texts=tuple(Text(words) for words in (*texts, *service.names) if words),
        synonyms=tuple(keywords),
        preference=float(service.featured + service.online),
    )


def searchable(service: ServiceEntry) -> Searchable:
    """The words of a catalogue document that is not stored yet."""
    texts = (service.summary, service.body, service.for_whom, service.cost, *service.documents)
    return Searchable(
        slug=service.slug,
        title=service.title.plain(),
        texts=[text.plain() for text in texts if text],
        names=[source.title for source in (*service.links, *service.legal_basis)],
        keywords={"de": service.keywords.de, "en": service.keywords.en},
        featured=service.featured,
        online=Channel.ONLINE in service.channels,
    )


@cache
def everyday_words() -> tuple[SynonymGroup, ...]:
    """The synonyms that ship with the product; editors add their own."""
    groups = yaml.safe_load(EVERYDAY_WORDS.read_text(encoding="utf-8"))["synonyms"]
    return synonym_groups(groups)


def synonym_groups(groups: Iterable[Sequence[str]]) -> tuple[SynonymGroup, ...]:
    """Lists of words as the search engine takes them."""
    return tuple(SynonymGroup(tuple(words)) for words in groups)


def _in(text: Localized, language: str) -> str:
    return text.get(language) or text.get("de", "")

"""Walks through the whole house as different people do: by following every link a page offers."""

import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape

from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve
from django.urls.exceptions import Resolver404

LINK = re.compile(r'<a\b[^>]*?\bhref="(/[^"#]*)')
VISITS_PER_ROUTE = 2


@dataclass(frozen=True)
class Visit:
    """One page as one person got it in one language."""

    who: str
    language: str
    address: str
    route: str
    status: int
    html: str

    @property
    def label(self) -> str:
        """For a test's complaint: who, language and route; the address may name a case."""
        return f"{self.who}/{self.language} {self.route or '/'}"


def walk(
    client: Client, *, who: str, language: str, starts: Iterable[str] = ("/",)
) -> Iterator[Visit]:
    """Visit the starts and, breadth first, what their links lead to; each route at most twice."""
    client.cookies["sprache"] = language
    first = list(starts)
    waiting, known = deque(first), set(first)
    seen: Counter[str] = Counter()
    while waiting:
        address = waiting.popleft()
        route = route_of(address)
        if address not in first and (route is None or seen[route] >= VISITS_PER_ROUTE):
            continue
        seen[route or address] += 1
        visit = look_at(client, address, who=who, language=language)
        yield visit
        for link in map(unescape, LINK.findall(visit.html)):
            if link not in known:
                known.add(link)
                waiting.append(link)


def look_at(client: Client, address: str, *, who: str, language: str) -> Visit:
    """Open an address and follow its redirects; what is no HTML counts as an empty page."""
    response = client.get(address, follow=True)
    final = response.request["PATH_INFO"]
    return Visit(
        who, language, final, route_of(final) or "", response.status_code, html_of(response)
    )


def html_of(response: HttpResponse) -> str:
    """The text of an HTML answer, else nothing; a file is read to its end, which closes it."""
    content = b"".join(response) if response.streaming else response.content
    return content.decode() if response.get("Content-Type", "").startswith("text/html") else ""


def route_of(address: str) -> str | None:
    """The pattern behind an address, or None for no route of ours."""
    try:
        return resolve(address.split("?")[0]).route
    except Resolver404:
        return None


def all_routes() -> dict[str, str]:
    """Every route of the house with its full name: `amt/faelle/` and `cases:inbox`."""
    return dict(_routes(get_resolver().url_patterns, before="", space=""))


def _routes(
    patterns: Iterable[URLPattern | URLResolver], *, before: str, space: str
) -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _routes(pattern.url_patterns, before=route, space=inner)
        else:
            yield route, f"{space}{pattern.name}"

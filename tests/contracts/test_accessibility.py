"""Every page of the house in both languages, 320 px wide: axe finds nothing, nothing overflows."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route
from tests.contracts.conftest import NODE_PACKAGES, House
from tests.static_files import answer_with_static_file
from tests.walking import Visit

pytestmark = pytest.mark.django_db

NARROWEST = 320
ORIGIN = "http://rathaus.test"
AXE = NODE_PACKAGES / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN_AXE = "tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']})"
TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def reader(browser: Browser, house: House) -> Iterator[Page]:
    """A narrow window that gets pages from memory and everything else from the static files."""
    if not AXE.exists():
        pytest.skip("axe-core fehlt: `npm ci` holt es")
    context = browser.new_context(
        viewport={"width": NARROWEST, "height": 640}, bypass_csp=True, reduced_motion="reduce"
    )
    page = context.new_page()
    page.add_init_script(path=AXE)
    page.route(f"{ORIGIN}/**", lambda route: _answer(route, house))
    yield page
    context.close()


def test_no_page_has_an_accessibility_violation_or_scrolls_sideways(
    reader: Page, pages: list[Visit]
) -> None:
    faults = [fault for visit in pages for fault in _faults(reader, visit)]

    assert faults == []


def _faults(reader: Page, visit: Visit) -> Iterator[str]:
    reader.unroute(f"{ORIGIN}/")
    reader.route(
        f"{ORIGIN}/", lambda route: route.fulfill(body=visit.html, content_type="text/html")
    )
    reader.goto(f"{ORIGIN}/")
    wider = reader.evaluate(TOO_WIDE)
    if wider > 0:
        yield f"{visit.label}: {wider} px zu breit"
    for violation in reader.evaluate(RUN_AXE, RULES)["violations"]:
        yield f"{visit.label}: {_in_words(violation)}"


def _in_words(violation: dict[str, Any]) -> str:
    first = violation["nodes"][0]
    return f"{violation['id']} × {len(violation['nodes'])} {first['target']} {first['html'][:120]}"


def _answer(route: Route, house: House) -> None:
    address = urlsplit(route.request.url).path
    if address in house.files:
        content_type, body = house.files[address]
        route.fulfill(body=body, content_type=content_type)
    elif not answer_with_static_file(route):
        route.fulfill(status=404, body="")

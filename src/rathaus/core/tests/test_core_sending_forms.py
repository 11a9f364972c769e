"""What the script of every page does for forms, in a real browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Route
from tests.static_files import answer_with_static_file

DESK = "http://desk.example/"
FORMS = """<!doctype html><html lang="de"><title>Schreibtisch</title>
<script src="/static/core/main.js" defer></script>
<body class="is-workspace"><a href="/woanders/">Woanders hin</a>
<form action="/nachricht/" data-once><textarea name="text" aria-label="Nachricht"></textarea>
<button>Senden</button>
<button formaction="/vorschau/" formtarget="_blank">Ansehen</button></form>
<form action="/uebernehmen/" data-once><button>Übernehmen</button></form>"""


@pytest.fixture
def desk(page: Page) -> Iterator[Page]:
    def answer(route: Route) -> None:
        if not answer_with_static_file(route):
            route.fulfill(body=FORMS, content_type="text/html; charset=utf-8")

    page.context.route("**/*", answer)
    page.goto(DESK)
    yield page
    page.context.unroute_all()


def test_a_look_in_another_window_does_not_keep_the_form_from_being_sent(desk: Page) -> None:
    with desk.context.expect_page():
        desk.get_by_role("button", name="Ansehen").click()

    desk.get_by_role("button", name="Senden").click()

    desk.wait_for_url(f"{DESK}nachricht/*")

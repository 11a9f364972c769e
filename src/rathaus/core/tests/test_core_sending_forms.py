"""What the script of every page does for forms, in a real browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Dialog, Page, Route
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


def asked(desk: Page) -> list[str]:
    """The kinds of questions the browser asks from now on; all are answered with staying."""
    kinds: list[str] = []

    def stay(dialog: Dialog) -> None:
        kinds.append(dialog.type)
        dialog.dismiss()

    desk.on("dialog", stay)
    return kinds


def test_a_look_in_another_window_does_not_keep_the_form_from_being_sent(desk: Page) -> None:
    with desk.context.expect_page():
        desk.get_by_role("button", name="Ansehen").click()

    desk.get_by_role("button", name="Senden").click()

    desk.wait_for_url(f"{DESK}nachricht/*")


@pytest.mark.parametrize(("role", "name"), [("link", "Woanders hin"), ("button", "Übernehmen")])
def test_a_text_that_is_not_sent_is_not_lost_by_a_click_elsewhere(
    desk: Page, role: str, name: str
) -> None:
    kinds = asked(desk)
    desk.get_by_label("Nachricht").press_sequentially("Guten Tag")
    with desk.context.expect_page():
        desk.get_by_role("button", name="Ansehen").click()

    desk.get_by_role(role, name=name).click(no_wait_after=True)  # type: ignore[arg-type]  # a role

    desk.wait_for_timeout(300)
    assert kinds == ["beforeunload"]
    assert desk.get_by_label("Nachricht").input_value() == "Guten Tag"


def test_a_text_that_is_sent_and_a_page_without_one_are_left_without_a_question(desk: Page) -> None:
    kinds = asked(desk)
    desk.get_by_label("Nachricht").press_sequentially("Guten Tag")
    desk.get_by_role("button", name="Senden").click()
    desk.wait_for_url(f"{DESK}nachricht/*")
    desk.get_by_role("link", name="Woanders hin").click()
    desk.wait_for_url(f"{DESK}woanders/")

    assert kinds == []

import pytest
from playwright.sync_api import Page


@pytest.mark.django_db(transaction=True)
def test_the_house_opens_in_a_real_browser(
    live_server_url: str, page: Page, phone_page: Page
) -> None:
    for window, width in ((page, 1440), (phone_page, 390)):
        answer = window.goto(live_server_url)

        assert answer is not None
        assert answer.status == 200
        assert window.locator("h1").count() == 1
        assert window.evaluate("document.documentElement.clientWidth") == width
        assert window.evaluate("document.documentElement.scrollWidth") == width

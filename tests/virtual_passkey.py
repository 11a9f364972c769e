"""A passkey without a person: a virtual device in the real browser answers what a page asks."""

from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, Route
from tests.static_files import answer_with_static_file

# Passkeys need a secure origin, and a browser trusts itself.
HOST = "localhost"
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
}


def plug_in(page: Page) -> None:
    """Give this window a device that knows its owner and always agrees."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})


def form_with_passkey(browser: Browser, page: str, *, name: str) -> bytes:
    """What the browser sends when somebody sets up a passkey on this page of ours.

    The page comes from memory and the answer goes nowhere: no server is needed.
    """
    sent: list[bytes] = []

    def answer(route: Route) -> None:
        if route.request.method == "POST":
            sent.append(route.request.post_data_buffer or b"")
            route.fulfill(body="", content_type="text/html")
        elif urlsplit(route.request.url).path == "/":
            route.fulfill(body=page, content_type="text/html")
        elif not answer_with_static_file(route):
            route.fulfill(status=404, body="")

    window = browser.new_page(locale="de-AT")
    try:
        plug_in(window)
        window.route("**/*", answer)
        window.goto(f"http://{HOST}/")
        window.locator("[name=name]").fill(name)
        window.locator("label[for=id_passwordless]").click()
        with window.expect_navigation():
            window.locator("#passkey_add").click()
    finally:
        window.close()
    return sent[0]

"""Scripts, styles and pictures for pages that a browser gets from memory."""

import mimetypes
from urllib.parse import urlsplit

from django.contrib.staticfiles import finders
from playwright.sync_api import Route

STATIC = "/static/"


def answer_with_static_file(route: Route) -> bool:
    """Answer a browser's question if it is for one of our static files."""
    address = urlsplit(route.request.url).path
    found = address.startswith(STATIC) and finders.find(address.removeprefix(STATIC))
    if not found:
        return False
    content_type, _ = mimetypes.guess_type(address)
    route.fulfill(path=found, content_type=content_type or "application/octet-stream")
    return True

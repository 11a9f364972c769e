"""The web server's door into the program."""

from __future__ import annotations

import gc
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import django
from django.core.handlers.wsgi import WSGIHandler
from django.http.response import HttpResponseBase

from rathaus.config.live_lines import KEEPS_LINES, Line, LineKept
from rathaus.core.live import LiveLine

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


class Application(WSGIHandler):
    """Django's, but for answers that go on (`LiveLine`) under a server that can keep them."""

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> HttpResponseBase:
        """Answer one request. Raises `LineKept` where the server says that it can."""
        begun: list[tuple[Any, ...]] = []

        def note(*how: Any) -> Any:  # status, headers and perhaps a fault, as WSGI passes them
            begun.append(how)

        response = super().__call__(environ, note)
        if isinstance(response, LiveLine) and environ.get(KEEPS_LINES):
            line = Line(_head(*begun[0][:2]) + response.content, response.topics)
            response.close()
            raise LineKept(line)
        start_response(*begun[0])
        return response


def _head(status: str, headers: Iterable[tuple[str, str]]) -> bytes:
    """A head of HTTP/1.1 whose body ends with the connection."""
    lines = [f"HTTP/1.1 {status}"]
    lines += [f"{name}: {value}" for name, value in headers if name.lower() != "content-length"]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode("latin-1")


django.setup(set_prefix=False)
application = Application()
# What is loaded by now stays: the collector need not look through it again while somebody waits,
# and the web server's processes go on sharing its memory.
gc.collect()
gc.freeze()

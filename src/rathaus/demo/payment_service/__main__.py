"""`python -m rathaus.demo.payment_service --shop URL`: serve until ended; prints its address.

How it fails is told by `POST /control` (JSON), what it knows by `GET /control`: see `Control`.
"""

import argparse
import json
import random
import sys
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from rathaus.demo.payment_service import KEY, SECRET, paying
from rathaus.demo.payment_service.api import Api
from rathaus.demo.payment_service.books import Books, Thing
from rathaus.demo.payment_service.messages import Messenger
from rathaus.demo.payment_service.pages import over_page, page, pay_page

SETTLES_AFTER = 20.0


class Control:
    """What shall go wrong, as shares of all requests.

    `down`: refused before anything is done; `broken`: done, and answered with a fault; `slow`: done
    and answered after `slow_seconds`. `changed`: what comes out otherwise than ordered.
    """

    def __init__(self) -> None:
        self.luck = random.Random()
        self.down = self.broken = self.slow = 0.0
        self.slow_seconds = 3.0
        self.changed: Thing = {}

    def take(self, told: Thing, messenger: Messenger) -> None:
        """Be like this from now on; what is not named becomes harmless."""
        self.__init__()  # type: ignore[misc]  # begins anew on purpose
        messenger.net.__init__()  # type: ignore[misc]
        if "seed" in told:
            self.luck.seed(told["seed"])
            messenger.net.luck.seed(told["seed"])
        for name in ("down", "broken", "slow", "slow_seconds", "changed"):
            setattr(self, name, told.get(name, getattr(self, name)))
        for name in ("drop", "duplicate", "delay", "longest"):
            setattr(messenger.net, name, told.get(name, getattr(messenger.net, name)))


class Service(BaseHTTPRequestHandler):
    """The API below `/v1/`, the pages below `/pay/`, and the control."""

    protocol_version = "HTTP/1.1"
    books: Books
    api: Api
    messenger: Messenger
    control: Control
    shop_name: str

    def log_message(self, *parts: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        """Look."""
        self._answer("GET", dict(parse_qsl(urlsplit(self.path).query)), "")

    def do_POST(self) -> None:
        """Act."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        self._answer("POST", dict(parse_qsl(body, keep_blank_values=True)), body)

    def _answer(self, method: str, fields: dict[str, str], body: str) -> None:
        path = urlsplit(self.path).path
        if path == "/control":
            self._control(method, body)
        elif path.startswith("/pay/"):
            self._pay(method, path.removeprefix("/pay/"), fields)
        elif path.startswith("/v1/"):
            self._api(method, path, fields)
        else:
            self._html(404, page("Nicht gefunden", "<h1>Das gibt es hier nicht.</h1>"))

    def _api(self, method: str, path: str, fields: dict[str, str]) -> None:
        control = self.control
        chance = control.luck.random
        if chance() < control.down:
            self._json(503, {"error": {"type": "api_error", "message": "down for a moment"}})
            return
        headers = dict(self.headers.items())
        broken = chance() < control.broken
        said = self.api.answer(method, path, fields, headers, broken=broken)
        if chance() < control.slow:
            time.sleep(control.slow_seconds)
        self._json(said.status, said.body, replayed=said.replayed)

    def _pay(self, method: str, number: str, fields: dict[str, str]) -> None:
        with self.books.lock:
            session = self.books.get(number, "checkout.session")
            if session is None:
                self._html(404, page("Nicht gefunden", "<h1>Diese Zahlung gibt es nicht.</h1>"))
                return
            deed, onward = fields.get("deed", ""), ""
            if method == "POST" and deed in paying.DEEDS:
                try:
                    onward = paying.act(self.books, session, deed, changed=self.control.changed)
                    self.books.keep()
                except paying.Over:
                    self._html(409, over_page(session))
                    return
                if deed == paying.LATER:
                    threading.Timer(SETTLES_AFTER, self._settle, [session]).start()
        if onward:
            self._send(303, "text/plain", b"", {"Location": onward})
        elif session["status"] != "open":
            self._html(200, over_page(session))
        else:
            declined = deed == paying.DECLINE
            self._html(200, pay_page(session, shop=self.shop_name, declined=declined))

    def _settle(self, session: Thing) -> None:
        with self.books.lock:
            if session["payment_status"] != "paid":
                paying.succeed(self.books, session, {})
                self.books.keep()

    def _control(self, method: str, body: str) -> None:
        if method == "POST":
            told = json.loads(body)
            with self.books.lock:
                self.control.take(told, self.messenger)
                for number in told.get("expire", ()):
                    paying.expire(self.books, self.books.things[number])
                for number in told.get("settle", ()):
                    paying.succeed(self.books, self.books.things[number], self.control.changed)
        with self.books.lock:
            known = {
                "sessions": self.books.counts(),
                "messages": self.messenger.told,
                "waiting": self.messenger.waiting(),
                "intents": len(self.books.all("payment_intent")),
                "received": sum(
                    intent["amount_received"] for intent in self.books.all("payment_intent")
                ),
                "refunded": sum(refund["amount"] for refund in self.books.all("refund")),
            }
        self._json(200, known)

    def _json(self, status: int, content: Thing, *, replayed: bool = False) -> None:
        headers = {"Idempotent-Replayed": "true"} if replayed else {}
        self._send(status, "application/json", json.dumps(content).encode(), headers)

    def _html(self, status: int, text: str) -> None:
        self._send(status, "text/html; charset=utf-8", text.encode(), {})

    def _send(self, status: int, kind: str, body: bytes, headers: dict[str, str]) -> None:
        with suppress(BrokenPipeError, ConnectionResetError):  # whoever found us too slow has left
            self.send_response(status)
            for name, value in {"Content-Type": kind, **headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)


class Server(ThreadingHTTPServer):
    """Many visitors at once, and none of them holds up the end."""

    daemon_threads = True
    request_queue_size = 128


def serve(options: argparse.Namespace) -> None:
    """Serve until ended; prints the address when ready."""
    server = Server(("127.0.0.1", options.port), Service)
    address = f"http://127.0.0.1:{server.server_port}"
    Service.books = Books(options.books)
    Service.api = Api(Service.books, key=KEY, address=address)
    Service.messenger = Messenger(shop=options.shop, secret=SECRET)
    Service.books.on_event = Service.messenger.send
    Service.control = Control()
    Service.shop_name = options.shop_name
    sys.stdout.write(f"{address}\n")
    sys.stdout.flush()
    server.serve_forever()


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--shop", default="", help="where messages go")
    parser.add_argument("--shop-name", default="Stadt Lindenfurt")
    parser.add_argument("--books", type=Path, help="a file that outlives the process")
    serve(parser.parse_args())


if __name__ == "__main__":
    main()

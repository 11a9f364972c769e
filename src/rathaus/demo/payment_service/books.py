"""What the payment service remembers: sessions, payments, refunds, events, answered requests."""

import json
import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

Thing = dict[str, Any]  # an object of the API, as JSON has it
_KINDS = {"checkout.session": "cs_test_", "payment_intent": "pi_", "refund": "re_", "event": "evt_"}


class Books:
    """All objects by their id. With a file they outlive the process."""

    def __init__(self, file: Path | None = None) -> None:
        self.lock = threading.RLock()
        self.things: dict[str, Thing] = {}
        self.answered: dict[str, tuple[str, int, Thing]] = {}
        self.under_way: set[str] = set()
        self.on_event: Callable[[Thing], None] = lambda event: None
        self._file = file
        if file and file.exists():
            self.things = json.loads(file.read_text(encoding="utf-8"))

    def make(self, kind: str, **values: object) -> Thing:
        """A new object of that kind."""
        number = _KINDS[kind] + secrets.token_hex(12)
        thing: Thing = {
            "id": number,
            "object": kind,
            "created": int(time.time()),
            "livemode": False,
            **values,
        }
        self.things[number] = thing
        return thing

    def get(self, number: str, kind: str) -> Thing | None:
        """The object with that id, if it is of that kind."""
        thing = self.things.get(number)
        return thing if thing and thing["object"] == kind else None

    def all(self, kind: str) -> list[Thing]:
        """All objects of a kind, the newest first."""
        return [thing for thing in reversed(self.things.values()) if thing["object"] == kind]

    def keep(self) -> None:
        """Write everything to the file, if there is one."""
        if self._file:
            fresh = self._file.with_suffix(".new")
            fresh.write_text(json.dumps(self.things), encoding="utf-8")
            fresh.replace(self._file)

    def tell(self, kind: str, thing: Thing) -> None:
        """Something happened: an event with a copy of the object, and its message."""
        copied = json.loads(json.dumps(thing))
        event = self.make("event", type=kind, api_version="2026-01-01", data={"object": copied})
        self.on_event(event)

    def counts(self) -> dict[str, int]:
        """How many sessions there are in each status; those that are paid count as such."""
        return Counter(
            "paid" if session["payment_status"] == "paid" else str(session["status"])
            for session in self.all("checkout.session")
        )


def let_expire(books: Books, session: Thing) -> None:
    """Close a session whose time is over, or that its shop has withdrawn."""
    session["status"] = "expired"
    session["url"] = None
    books.tell("checkout.session.expired", session)


def settle_clock(books: Books, session: Thing) -> None:
    """Sessions end by the clock; looked at when somebody asks."""
    if session["status"] == "open" and session["expires_at"] <= time.time():
        let_expire(books, session)

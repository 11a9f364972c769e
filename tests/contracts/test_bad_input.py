"""Nasty input at every door: never a fault of ours, and what is refused changes nothing.

Doors are found by walking: every page that a person reaches, every form on it with its fields, and
every other address of the resolver. A new page is tried as soon as it has an address.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from html.parser import HTMLParser
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from tests.every_route import every_route
from tests.factories import make_clerk, sign_in
from tests.tables import may_change, tables
from tests.walking import html_of, route_of, walk

from rathaus.accounts.models import Person
from rathaus.core.domain import all_rights
from rathaus.demo.lindenfurt.people import person_id

Request = Callable[[], HttpResponse]

pytest_plugins = ["tests.demo_city"]
pytestmark = pytest.mark.django_db

NASTY = {
    "a NUL byte": b"a\x00b",
    "no UTF-8": b"\xff\xfe\xc3(\xed\xa0\x80",
    "emoji, right to left, markup": "🦄\u200d👧\u202eשלום<script>'\"{{7*7}}{%now%}".encode(),
    "ten thousand letters": ("ä" * 10_000).encode(),
    "a line break for a header": b"de\r\nSet-Cookie: stolen=1",
    "a foreign address": b"//evil.example/..",
    "a negative number": b"-1",
    "a number beyond bigint": b"9" * 30,
    "digits of another script": "٣²".encode(),
    "a day that does not exist": b"2026-02-30",
}
# Names that pages read from an address without offering a field for them.
IN_ADDRESSES = ("q", "after", "before", "vor", "seite", "next", "vorlage", "word", "pruefen")
# Bodies that are no form at all: their content type and what is sent.
BODIES = {
    "JSON": ("application/json", b'{"a": [1, {"b": null}]}'),
    "broken JSON": ("application/json", b'{"a": '),
    "multipart without boundary": ("multipart/form-data", b"--x\r\n\r\n"),
    "multipart that breaks off": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="a"; filename="../\x00.pdf"\r\n\r\n%PD',
    ),
    "multipart in broken base64": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="a"\r\n'
        b"Content-Transfer-Encoding: base64\r\n\r\n%%%\r\n--x--\r\n",
    ),
    "an unknown charset": ("application/x-www-form-urlencoded; charset=klingon", b"a=b"),
    "a charset of two bytes": ("application/x-www-form-urlencoded; charset=utf-16", b"a=b"),
    "too many fields": ("application/x-www-form-urlencoded", b"a=b&" * 3_001),
    "too many bytes": ("application/x-www-form-urlencoded", b"a=" + b"b" * (5 * 1024 * 1024 + 1)),
}
METHODS = ("OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "BREW")
# A page of a form is saved before it is checked, so that nothing typed is lost.
SAVED_BEFORE_CHECKED = {"services_draft"}
# Addresses of rows that the demo city does not have.
WITHOUT_ROWS = {"amt/rollen/gruppen/<int:grant>/entziehen/"}


class Forms(HTMLParser):
    """The forms of a page: where each leads to, and the names of its fields."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, set[str]]] = []
        self.open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a form, or the name of a field within one."""
        known = dict(attrs)
        if tag == "form":
            self.found.append((known.get("action") or "", set()))
            self.open = True
        elif self.open and known.get("name"):
            self.found[-1][1].add(str(known["name"]))

    def handle_endtag(self, tag: str) -> None:
        """Leave the form."""
        self.open = self.open and tag != "form"


@dataclass
class Door:
    """One address as somebody who may open it, and the names of what it reads."""

    address: str
    visitor: Client
    fields: set[str] = field(default_factory=set)

    @property
    def client(self) -> Client:
        """The visitor as before every try: what an answer did to their cookies is forgotten."""
        fresh = Client(raise_request_exception=False)
        fresh.cookies.load({name: cookie.value for name, cookie in self.visitor.cookies.items()})
        return fresh

    def get(self, value: bytes) -> HttpResponse:
        """Every name in the address with this value, as long as a web server takes it."""
        question = dict.fromkeys((*IN_ADDRESSES, *sorted(self.fields)), value[:600])
        return self.client.generic("GET", self.address, QUERY_STRING=urlencode(question))

    def post(self, value: bytes) -> HttpResponse:
        """Every field with this value."""
        answers = urlencode(dict.fromkeys(sorted(self.fields | {"x"}), value))
        return self.client.generic(
            "POST", self.address, answers, content_type="application/x-www-form-urlencoded"
        )


@pytest.fixture
def doors(demo_city: None) -> list[Door]:
    """Every route once, as the first of four people who reaches it."""
    rights = [right.name for right in all_rights()]
    citizen = sign_in(Client(), Person.objects.get(pk=person_id("anna-huber")))
    clerk = sign_in(Client(), make_clerk(None, *rights))
    found: dict[str, Door] = {}
    for who, client, starts in (
        ("nobody", Client(), ["/", "/amt/anmelden/"]),
        ("citizen", citizen, ["/", *_begun(citizen)]),
        ("clerk", clerk, ["/amt/"]),
    ):
        for visit in walk(client, who=who, language="de", starts=starts):
            if visit.status == 200:
                _note(found, visit.address, client, set())
                for action, fields in _forms(visit.html):
                    _note(found, action or visit.address, client, fields)
    for route in every_route():
        for address in route.addresses(each=1):
            _note(found, address, clerk, set())
    return list(found.values())


def _begun(citizen: Client) -> list[str]:
    """The pages of a form that was begun and those about its draft."""
    first = citizen.post("/antrag/hund-anmelden/", follow=True).request["PATH_INFO"]
    draft = first.split("/seite/")[0]
    return [first, *(f"{draft}/{name}/" for name in ("pruefen", "spaeter", "loeschen"))]


def _forms(html: str) -> list[tuple[str, set[str]]]:
    parser = Forms()
    parser.feed(html)
    return parser.found


def _note(found: dict[str, Door], address: str, client: Client, fields: set[str]) -> None:
    route = route_of(address)
    if route is not None:
        door = found.setdefault(route, Door(address.split("?")[0], client))
        door.fields |= fields - {"csrfmiddlewaretoken"}


class Judge:
    """Sends requests, forgets what they did, and collects what was wrong about the answers."""

    def __init__(self) -> None:
        self.before = tables()
        self.wrong: list[str] = []
        self.tried = 0

    def send(self, label: str, request: Request) -> int:
        """Judge one answer and tell its status."""
        writes: list[str] = []
        with transaction.atomic(), connection.execute_wrapper(_noting(writes)):
            response = request()
            html = html_of(response)
            complaint = complaint_about(response, html) or self._changed(response, writes)
            transaction.set_rollback(True)
        self.tried += 1
        if complaint:
            self.wrong.append(f"{label}: {complaint}")
        return response.status_code

    def send_each(self, label: str, requests: Iterable[tuple[str, Request]]) -> None:
        """Judge answers of one kind until the door says that it takes none of this kind."""
        for name, request in requests:
            if self.send(f"{label} with {name}", request) == HTTPStatus.METHOD_NOT_ALLOWED:
                return

    def _changed(self, response: HttpResponse, writes: list[str]) -> str:
        if response.status_code < 400 or not writes:
            return ""
        after = tables()
        changed = {name for name in after if after[name] != self.before[name]}
        refused = sorted(changed - SAVED_BEFORE_CHECKED)
        return f"refused with {response.status_code}, yet changed {refused}" if refused else ""


def _noting(writes: list[str]) -> Callable[..., Any]:
    def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        table = str(sql).split('"')[1] if '"' in str(sql) else ""
        if str(sql).startswith(("INSERT", "UPDATE", "DELETE")) and not may_change(table):
            writes.append(table)
        return execute(sql, *rest)

    return note


def complaint_about(response: HttpResponse, html: str) -> str:
    """What is wrong with an answer: a fault of ours, a foreign header, a page not in our words.

    Who speaks JSON may be answered in JSON, as the scripts of the passkeys are.
    """
    status = response.status_code
    if status >= 500:
        return f"answered {status} {type(getattr(response, 'exc_info', [0, 0])[1])}"
    if "stolen" in response.cookies or urlsplit(response.get("Location", "")).netloc:
        return "lets the sender write a header"
    if status < 400 or response.request["REQUEST_METHOD"] == "HEAD":
        return ""
    sent, answered = response.request.get("CONTENT_TYPE"), response.get("Content-Type")
    if sent == answered == "application/json":
        return ""
    is_ours = html.count("<h1") == 1 and '<html lang="de"' in html
    return "" if is_ours else f"answered {status} without a page of ours"


@pytest.fixture
def judge(doors: list[Door]) -> Iterator[Judge]:
    """What comes out must be without complaint."""
    judge = Judge()
    yield judge
    assert judge.wrong == []


def test_every_door_is_found(doors: list[Door]) -> None:
    found = {route_of(door.address) for door in doors}
    assert {route.pattern for route in every_route()} - found == WITHOUT_ROWS


def test_people_stay_signed_in(doors: list[Door]) -> None:
    statuses = {
        address: door.client.get(address).status_code
        for address in ("/meine-anliegen/", "/amt/faelle/")
        for door in doors
        if door.address == address
    }
    assert statuses == {"/meine-anliegen/": 200, "/amt/faelle/": 200}


def test_nasty_values_in_every_address_and_every_field(doors: list[Door], judge: Judge) -> None:
    for door in doors:
        for send in (door.get, door.post):
            label = f"{send.__name__} {door.address}"
            judge.send_each(label, [(name, partial(send, value)) for name, value in NASTY.items()])
    assert judge.tried > 12 * len(doors), "too few attempts: does any door take them?"


def test_bodies_that_are_no_form(doors: list[Door], judge: Judge) -> None:
    for door in doors:
        bodies = [
            (name, partial(door.client.generic, "POST", door.address, body, content_type=kind))
            for name, (kind, body) in BODIES.items()
        ]
        judge.send_each(f"post {door.address}", bodies)
    assert judge.tried > 5 * len(doors), "too few attempts: does any door take them?"


def test_methods_that_nobody_offered(doors: list[Door], judge: Judge) -> None:
    for door in doors:
        for method in METHODS:
            request = partial(door.client.generic, method, door.address)
            judge.send(f"{method} {door.address}", request)
    assert judge.tried == len(doors) * len(METHODS)


def test_what_can_be_read_answers_to_head(doors: list[Door], judge: Judge) -> None:
    for door in doors:
        label = f"HEAD {door.address}"
        got = judge.send(label, partial(door.client.get, door.address))
        asked = judge.send(label, partial(door.client.head, door.address))
        if asked != got:
            judge.wrong.append(f"{label}: {asked}, to GET {got}")
    assert judge.tried == 2 * len(doors)

"""Forms: a large one evaluated, steps of ten people at once over HTTP, drafts over a new version.

A step is what somebody waits for: the page is sent, saved, and the next page has come. Each of ten
people takes one every second. `step_rush_p95_ms` is the same without any pause for thought: ten
programs that share the machine with the server.
"""

import argparse
import http
import http.client
import os
import random
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from urllib.parse import urlencode, urlsplit

PROJECT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(PROJECT), str(PROJECT / "src")]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rathaus.config.settings.embedded")

import django  # noqa: E402  # the path comes first

django.setup()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from tests.factories import make_citizen, make_city, make_department  # noqa: E402

from rathaus.accounts.queries import actor_of  # noqa: E402
from rathaus.cases.actions import install_procedures  # noqa: E402
from rathaus.core.actor import SYSTEM  # noqa: E402
from rathaus.operate.measuring import percentile, report  # noqa: E402
from rathaus.operate.web_server import web_server_command  # noqa: E402
from rathaus.services.actions.drafts import Rendering, save_page, start_draft  # noqa: E402
from rathaus.services.actions.publishing import publish_form  # noqa: E402
from rathaus.services.actions.submitting import submit  # noqa: E402
from rathaus.services.draft_access import Knock  # noqa: E402
from rathaus.services.forms.compiled import CompiledForm  # noqa: E402
from rathaus.services.forms.document import FormDocument  # noqa: E402
from rathaus.services.forms.loading import load_yaml  # noqa: E402
from rathaus.services.models import Draft  # noqa: E402

FIELDS, CONDITIONS = 700, 500
PEOPLE = 10
ROUNDS, QUICK_ROUNDS = (12, 15), (2, 3)
DRAFTS = 100
EVALUATIONS = 200
TODAY = date(2026, 11, 22)
HIDDEN = re.compile(
    r'<input type="hidden" name="(revision|window|csrfmiddlewaretoken)" value="([^"]+)"'
)
FORM = """
schema: 1
form: bench
service: bench
title: Hund anmelden
pages:
  - id: person
    title: Ihre Angaben
    fields:
      - {id: name, type: text, label: Name}
      - {id: geburt, type: date, label: Geburtsdatum, max: today}
      - {id: adresse, type: address, label: Anschrift}
      - {id: telefon, type: phone, label: Telefon, required: false}
  - id: hund
    title: Ihr Hund
    fields:
      - {id: rufname, type: text, label: Rufname}
      - {id: chip, type: text, label: Chipnummer, pattern: '^[0-9]{15}$', pattern_message: M}
      - {id: vorbesitz, type: yesno, label: Vorbesitz}
      - {id: vorher, type: text, label: Wer war es, show: {eq: [vorbesitz, true]}}
  - id: ende
    title: Abschluss
    fields:
      - {id: richtig, type: declaration, label: Alles stimmt.}
"""
PROCEDURE = "{procedure: bench, name: {de: Hund}, department: bench, number_prefix: BE}"
PAGES: Mapping[str, Mapping[str, str]] = {
    "person": {
        "name": "Ada Lovelace",
        "geburt": "10.12.1985",
        "adresse.street": "Rathausplatz",
        "adresse.number": "5",
        "adresse.postcode": "4890",
        "adresse.place": "Lindenfurt",
    },
    "hund": {"rufname": "Bello", "chip": "040000000000001", "vorbesitz": "false"},
    "ende": {"richtig": "true"},
}


def evaluate_ms() -> float:
    """The median of evaluating the large form with all its conditions deciding something."""
    form = CompiledForm(large_form())
    answers = {f"f{number}": number % 3 != 0 for number in range(FIELDS)}
    times = []
    for _ in range(EVALUATIONS):
        begin = time.perf_counter()
        form.evaluate(answers, today=TODAY)
        times.append((time.perf_counter() - begin) * 1000)
    return percentile(times, 0.5)


def large_form() -> FormDocument:
    """Chains of questions that depend on earlier ones, two of them at a time."""
    first = FIELDS - CONDITIONS
    fields = [
        {"id": f"f{number}", "type": "yesno", "label": f"Frage {number}"} | _shown_by(number, first)
        for number in range(FIELDS)
    ]
    page = {"id": "p", "title": "P", "fields": fields}
    plain = {"schema": 1, "form": "large", "service": "large", "title": "L", "pages": [page]}
    return FormDocument.model_validate(plain)


def _shown_by(number: int, first: int) -> dict[str, object]:
    if number < first:
        return {}
    earlier = (f"f{number - first}", f"f{number - first // 2}")
    return {"show": {"any": [{"eq": [name, True]} for name in earlier]}}


def furnish() -> FormDocument:
    """The city, the form and the procedure of its cases."""
    make_city()
    make_department("bench", number_prefix="BE")
    install_procedures(by=SYSTEM, text=PROCEDURE)
    document = load_yaml(FORM)
    publish_form(by=SYSTEM, document=document)
    return document


def step_queries() -> int:
    """The most queries that saving a page, or showing the next one, costs anywhere in the form."""
    client = Client()
    draft = client.post("/antrag/bench/").url
    most = 0
    for page, fields in PAGES.items():
        data = {**fields, "revision": "99", "window": "bench"}
        with CaptureQueriesContext(connection) as saving:
            following = client.post(f"{draft}seite/{page}/", data).url
        with CaptureQueriesContext(connection) as showing:
            client.get(following)
        most = max(most, len(saving), len(showing))
    return most


class Person(threading.Thread):
    """Somebody at a browser: fills in the form again and again and notes how long steps took."""

    def __init__(self, port: int, rounds: int, pause: float) -> None:
        super().__init__()
        self.port = port
        self.rounds = rounds
        self.pause = pause
        self.cookies: dict[str, str] = {}
        self.steps: list[float] = []
        self.failed: list[str] = []

    def run(self) -> None:
        """Fill in, from start to summary."""
        for _ in range(self.rounds):
            self.cookies = {}
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            _, _, text = self._ask("GET", "/antrag/bench/")
            _, address, _ = self._ask("POST", "/antrag/bench/", _hidden(text))
            _, address, _ = self._ask("GET", address)
            _, _, text = self._ask("GET", address)
            for fields in PAGES.values():
                address, text = self._step(address, {**_hidden(text), **fields})
            self.connection.close()

    def _step(self, address: str, fields: Mapping[str, str]) -> tuple[str, str]:
        time.sleep(random.uniform(0.5, 1.5) * self.pause)
        begin = time.perf_counter()
        status, following, _ = self._ask("POST", address, fields)
        _, _, text = self._ask("GET", following)
        self.steps.append((time.perf_counter() - begin) * 1000)
        if status != http.HTTPStatus.FOUND or "Gespeichert um" not in text:
            self.failed.append(f"{status} {address}")
        return following, text

    def _ask(
        self, method: str, path: str, fields: Mapping[str, str] | None = None
    ) -> tuple[int, str, str]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if fields is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, urlencode(fields or {}), headers)
        response = self.connection.getresponse()
        text = response.read().decode()
        for line in response.headers.get_all("Set-Cookie") or ():
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        return response.status, urlsplit(response.headers.get("Location", "")).path, text


def _hidden(text: str) -> dict[str, str]:
    return dict(HIDDEN.findall(text))


@contextmanager
def web_server() -> Iterator[int]:
    """The web server as the house runs it, on a free port of loopback."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = int(door.getsockname()[1])
        path = {"PYTHONPATH": str(PROJECT / "src")}
        server = subprocess.Popen(
            web_server_command(door.fileno()),
            env={**os.environ, **path},
            pass_fds=[door.fileno()],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            yield port
        finally:
            server.terminate()
            server.wait(timeout=30)


def steps(rounds: int, rush_rounds: int) -> tuple[float, float]:
    """The 95th percentile of a step with ten people at once, in milliseconds: calm, in a rush."""
    with web_server() as port:
        _together(port, 2, pause=0)
        calm, rush = _together(port, rounds, pause=1), _together(port, rush_rounds, pause=0)
    return percentile(calm, 0.95), percentile(rush, 0.95)


def _together(port: int, rounds: int, *, pause: float) -> list[float]:
    people = [Person(port, rounds, pause) for _ in range(PEOPLE)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    failed = [story for person in people for story in person.failed]
    taken = [taken for person in people for taken in person.steps]
    if failed or len(taken) != PEOPLE * rounds * len(PAGES):
        raise RuntimeError(f"steps went wrong: {failed[:3]}")
    return taken


def drafts_submitted(document: FormDocument, wanted: int) -> int:
    """How many open drafts can be sent on their own version after a stricter one was published."""
    drafts = [_begun() for _ in range(wanted)]
    stricter = document.model_dump(by_alias=True, exclude_none=True)
    asked = {"id": "neu", "type": "text", "label": {"de": "Neue Frage"}}
    stricter["pages"][0]["fields"] = [*stricter["pages"][0]["fields"], asked]
    newest = publish_form(by=SYSTEM, document=FormDocument.model_validate(stricter))
    sent = 0
    for knock, draft in drafts:
        application = submit(knock=knock, draft=draft)
        sent += application.version.number == newest.number - 1
    return sent


def _begun() -> tuple[Knock, object]:
    knock = Knock(actor_of(make_citizen()), "")
    draft = start_draft(knock=knock, form="bench", account={})
    for page, fields in PAGES.items():
        posted = {name: [value] for name, value in fields.items()}
        seen = Rendering(Draft.objects.get(pk=draft).revision, "bench")
        save_page(knock=knock, draft=draft, page=page, posted=posted, rendering=seen)
    return knock, draft


def main() -> None:
    """Measure everything and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    document = furnish()
    calm, rush = steps(*(QUICK_ROUNDS if quick else ROUNDS))
    figures = {
        "evaluate_ms": round(evaluate_ms(), 3),
        "step_queries": step_queries(),
        "step_p95_ms": round(calm, 1),
        "step_rush_p95_ms": round(rush, 1),
        "drafts_submitted": drafts_submitted(document, DRAFTS),
    }
    report("forms", figures)


if __name__ == "__main__":
    main()

"""Kill web server and database while guests fill in a form: nothing that was saved is lost.

Guests write over real HTTP to a real demo under its supervisor. An answer counts as given when the
program leads to the next page; from then on every page must show it, whatever was killed meanwhile.
Each guest sends the form off with two clicks; in the end no draft may have become two cases.
"""

import argparse
import http.client
import os
import random
import re
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from http.cookies import SimpleCookie
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

from rathaus.operate.database import connect
from rathaus.operate.home import home_from_environment
from rathaus.operate.installation import DEMO, installation
from rathaus.operate.measuring import report
from rathaus.operate.processes import wait_until
from rathaus.operate.supervisor import noted_processes

OWN_INSTALLATION = True

GUESTS = 6
STEPS, QUICK_STEPS = 2000, 100
KILLS, QUICK_KILLS = 16, 2
CHANGES_PER_DRAFT = 6
FORM = "/antrag/beschwerde/"
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
NOTHING = ""
SHOWS_THE_ANSWER = re.compile(r'name="text"|kern-summary__list')
WORDS = re.compile(r"Satz [0-9a-f]{16}")


class Answer(NamedTuple):
    """What came back from the web server."""

    status: int
    place: str
    text: str


class Window:
    """A browser without a screen: cookies, hidden fields, no scripts."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}

    def look(self, path: str) -> Answer:
        """Open a page; try again until the house has healed."""
        while True:
            answer = self._ask("GET", path)
            if answer and answer.status < http.HTTPStatus.INTERNAL_SERVER_ERROR:
                return answer
            time.sleep(0.1)

    def send(self, page: Answer, path: str, fields: Mapping[str, str]) -> Answer | None:
        """Send the form of a page once; None where no answer came back."""
        return self._ask("POST", path, {**dict(HIDDEN.findall(page.text)), **fields})

    def _ask(
        self, method: str, path: str, fields: Mapping[str, str] | None = None
    ) -> Answer | None:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if fields is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, urlencode(fields or {}), headers)
            response = connection.getresponse()
            text = response.read().decode()
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()
        for line in response.headers.get_all("Set-Cookie") or ():
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        return Answer(response.status, urlsplit(response.headers.get("Location", "")).path, text)


class Tally:
    """What all guests saw together."""

    def __init__(self, goal: int) -> None:
        self.goal = goal
        self.lock = threading.Lock()
        self.steps = self.unanswered = 0
        self.lost: list[str] = []
        self.sent: dict[str, str] = {}

    def done(self) -> bool:
        """Whether enough steps were taken."""
        return self.steps >= self.goal

    def add(self, *, steps: int = 0, unanswered: int = 0) -> None:
        """Count."""
        with self.lock:
            self.steps += steps
            self.unanswered += unanswered

    def lose(self, where: str, shown: object, expected: object) -> None:
        """Keep what is needed to understand a loss, and say it at once."""
        story = f"lost at {where}: shown {shown}, expected {expected}"
        print(story, file=sys.stderr)
        with self.lock:
            self.lost.append(story)


class Guest:
    """Begins a draft, changes its mind a few times, sends it off with two clicks, begins again."""

    def __init__(self, port: int, tally: Tally) -> None:
        self.port = port
        self.tally = tally
        self.window = Window(port)
        self.allowed = {NOTHING}

    def work(self) -> None:
        """Fill in forms until all guests together have taken enough steps."""
        while not self.tally.done():
            self.window = Window(self.port)
            self.allowed = {NOTHING}
            self._fill_in(self._begin())

    def _begin(self) -> str:
        """The address of a new draft, or of the one that the first click made."""
        while True:
            answer = self.window.send(self.window.look(FORM), FORM, {})
            if answer and answer.status == http.HTTPStatus.FOUND:
                return answer.place
            self.tally.add(unanswered=1)

    def _fill_in(self, draft: str) -> None:
        for _ in range(CHANGES_PER_DRAFT):
            sentence = f"Satz {secrets.token_hex(8)}"
            words = {"art": "lob", "bereich": "online", "text": sentence}
            self._step(f"{draft}seite/anliegen/", words, sentence)
            if self.tally.done():
                return
        self._step(f"{draft}seite/antwort/", {"antwort-erwuenscht": "false"})
        self._send_off(draft)

    def _step(self, path: str, fields: Mapping[str, str], sentence: str = "") -> None:
        """Send a page until it is acknowledged; look first whether all is still there."""
        while True:
            page = self.window.look(path)
            self._compare(path, page)
            if sentence:
                self.allowed.add(sentence)  # from now on it may be there
            answer = self.window.send(page, path, fields)
            if answer and answer.status == http.HTTPStatus.FOUND:
                break
            self.tally.add(unanswered=1)
        if sentence:
            self.allowed = {sentence}  # from now on it must be there
        self.tally.add(steps=1)

    def _compare(self, path: str, page: Answer) -> None:
        """Every page with the question shows the last answer, or one sent after it."""
        shown = set(WORDS.findall(page.text)) or {NOTHING}
        if SHOWS_THE_ANSWER.search(page.text) and not shown & self.allowed:
            self.tally.lose(path, (page.status, shown), self.allowed)

    def _send_off(self, draft: str) -> None:
        summary = f"{draft}pruefen/"
        page = self.window.look(summary)
        self._compare(summary, page)
        clicks = [self.window.send(page, summary, {}) for _ in range(2)]
        while not any(click and "abgesendet" in click.place for click in clicks):
            self.tally.add(unanswered=1)
            page = self.window.look(summary)
            if "abgesendet" in page.place:
                break
            clicks = [self.window.send(page, summary, {})]
        self.tally.add(steps=1)
        with self.tally.lock:
            self.tally.sent[draft.split("/")[-2]] = next(iter(self.allowed))


def kill(name: str) -> bool:
    """Kill a process of the house with all its children; False where it is just being restarted."""
    process = noted_processes(home_from_environment(profile=DEMO)).get(name)
    if process is None or not process.alive():
        return False
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    try:
        family = [process.pid, *map(int, children.read_text().split())]
    except FileNotFoundError:
        return False
    for member in family:
        try:
            os.kill(member, signal.SIGKILL)
        except ProcessLookupError:
            continue  # it went by itself
    return True


def kill_now_and_then(tally: Tally, wanted: int) -> int:
    """Kill web and database in turn, spread by chance over all steps; how often it was done."""
    moments = sorted(random.sample(range(tally.goal // 50, tally.goal * 49 // 50), wanted))
    kills = 0
    for number, moment in enumerate(moments):
        wait_until(lambda due=moment: tally.steps >= due, seconds=600)
        kills += wait_until(lambda name=("web", "postgres")[number % 2]: kill(name), seconds=60)
    return kills


def open_house() -> tuple[subprocess.Popen[bytes], int]:
    """A real demo under its supervisor, on a free port."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = int(door.getsockname()[1])
    command = [sys.executable, "-m", "rathaus.operate", "demo", "--small", "--port", str(port)]
    house = subprocess.Popen(command, stdout=sys.stderr)
    if not wait_until(lambda: answers(port) or house.poll() is not None, seconds=180):
        raise TimeoutError("the house did not open")
    return house, port


def answers(port: int) -> bool:
    """Whether a page comes back."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", FORM)
        return connection.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()


def applications_and_cases() -> tuple[dict[str, str], int]:
    """The sentence of every application by its draft, and how many cases there are in all."""
    with installation(profile=DEMO).database_running() as program, connect(program.owner) as now:
        sentences = now.execute("select draft_id::text, answers->>'text' from services_application")
        kept = dict(sentences.fetchall())
        ((cases,),) = now.execute("select count(*) from cases_case").fetchall()
    return kept, cases


def measure(steps: int, kills: int) -> dict[str, float]:
    """Run guests and killer against a house and look at what is left."""
    house, port = open_house()
    kept_before, cases_before = applications_and_cases()
    tally = Tally(steps)
    begin = time.monotonic()
    guests = [threading.Thread(target=Guest(port, tally).work) for _ in range(GUESTS)]
    for guest in guests:
        guest.start()
    done = kill_now_and_then(tally, kills)
    for guest in guests:
        guest.join()
    seconds = time.monotonic() - begin
    house.send_signal(signal.SIGINT)
    house.wait(60)
    kept, cases = applications_and_cases()
    for draft, sentence in tally.sent.items():
        if kept.get(draft) != sentence:
            tally.lose(draft, kept.get(draft), sentence)
    return {
        "steps": tally.steps,
        "kills": done,
        "answers_lost": len(tally.lost),
        "duplicate_cases": (cases - cases_before) - (len(kept) - len(kept_before)),
        "drafts_sent": len(tally.sent),
        "steps_without_answer": tally.unanswered,
        "seconds": round(seconds, 1),
    }


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    report("crash", measure(*((QUICK_STEPS, QUICK_KILLS) if quick else (STEPS, KILLS))))


if __name__ == "__main__":
    main()

"""PostgreSQL goes and comes back under a busy house: people wait, nobody sees a fault of ours."""

import http.client
import os
import signal
import subprocess
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.house import House

from rathaus.operate.supervisor import noted_processes
from rathaus.operate.web_server import web_processes

PAGES = ("/", "/suche/?q=Hund", "/leistungen/", "/gibt-es-nicht/", "/konto/anmelden/")
ANSWERS = {200, 404}
MOMENT = 503


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT, signal.SIGQUIT])
def test_nobody_sees_a_fault_and_every_web_process_heals(house: House, how: signal.Signals) -> None:
    before = noted_processes(house.home)
    workers = children_of(before["web"].pid)
    log = house.home.logs / "web.log"
    already = log.stat().st_size

    with visitors(house) as seen:
        os.kill(before["postgres"].pid, how)
        assert house.heals(before, "postgres"), house.said()

    assert faults_in(log, since=already) == []
    assert set(seen) - ANSWERS == {MOMENT}
    assert len(workers) == web_processes()
    assert children_of(before["web"].pid) == workers
    with visitors(house, rounds=10) as healed:
        pass
    assert set(healed) == ANSWERS
    assert faults_in(log, since=already) == []


def faults_in(log: Path, *, since: int) -> list[str]:
    """What the web processes wrote about errors that are not the database being away."""
    lines = log.read_bytes()[since:].decode().splitlines()
    return [line for line in lines if "Traceback" in line or '"exception"' in line]


def children_of(pid: int) -> set[str]:
    done = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@contextmanager
def visitors(house: House, rounds: int | None = None) -> Iterator[Counter[int]]:
    """Two people for each page who open it again and again: how often each status was seen."""
    seen: Counter[int] = Counter()
    over = threading.Event()
    counting = threading.Lock()

    def look(path: str) -> None:
        done = 0
        while not over.is_set() if rounds is None else done < rounds:
            status = status_of(house.port, path)
            done += 1
            with counting:
                seen[status] += 1

    people = [threading.Thread(target=look, args=[path]) for path in PAGES * 2]
    for person in people:
        person.start()
    yield seen
    over.set()
    for person in people:
        person.join()


def status_of(port: int, path: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path, headers={"Cookie": "sessionid=unknown"})
        response = connection.getresponse()
        response.read()
        return response.status
    finally:
        connection.close()

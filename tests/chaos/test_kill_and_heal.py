"""The real demo, its real processes: what is killed heals, and nothing blocks the next start."""

import http.client
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from rathaus.operate.home import SOURCES, Home
from rathaus.operate.processes import Identity, wait_until
from rathaus.operate.supervisor import noted_processes

PATIENCE = 40


class House:
    """A demo in a folder of its own, started like a person would start it."""

    def __init__(self, folder: Path) -> None:
        self.home = Home(folder / "home")
        self.port = free_port()
        self.story = folder / "story.txt"
        self.process = self.open()

    def open(self) -> subprocess.Popen[bytes]:
        with self.story.open("wb") as story:
            process = subprocess.Popen(
                self.command(), env=self.environment(), stdout=story, stderr=story
            )
        assert wait_until(lambda: "offen" in self.said(), seconds=180), self.said()
        return process

    def command(self, port: int | None = None) -> list[str]:
        return [sys.executable, "-m", "rathaus.operate", "demo", "--port", str(port or self.port)]

    def environment(self) -> dict[str, str]:
        others = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        own = {"PYTHONPATH": str(SOURCES.parent), "RATHAUS_HOME": str(self.home.folder)}
        return others | own

    def said(self) -> str:
        return self.story.read_text()

    def status(self) -> int | None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/")
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()

    def heals(self, killed: dict[str, Identity], name: str) -> bool:
        def healed() -> bool:
            now = noted_processes(self.home)
            return now[name] != killed[name] and now[name].alive() and self.status() == 200

        return wait_until(healed, seconds=PATIENCE)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as door:
        return int(door.getsockname()[1])


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    house = House(tmp_path_factory.mktemp("house"))
    yield house
    house.process.send_signal(signal.SIGINT)
    house.process.wait(60)


@pytest.mark.parametrize("name", ["web", "worker", "postgres"])
def test_a_killed_process_heals(house: House, name: str) -> None:
    assert house.status() == 200
    before = noted_processes(house.home)

    os.kill(before[name].pid, signal.SIGKILL)

    assert house.heals(before, name), house.said()
    assert house.process.poll() is None


def test_a_killed_supervisor_leaves_nothing_in_the_way(house: House) -> None:
    left = noted_processes(house.home)
    house.process.kill()
    house.process.wait()

    house.process = house.open()

    assert house.status() == 200
    assert [name for name, identity in left.items() if identity.alive()] == []


def test_a_second_start_in_the_same_folder_is_refused_in_one_sentence(house: House) -> None:
    command = house.command(free_port())

    done = subprocess.run(command, env=house.environment(), capture_output=True, text=True)

    assert (done.returncode, done.stderr) == (1, "")
    last = done.stdout.strip().splitlines()[-1]
    assert last.startswith("Rathaus läuft in diesem Ordner schon (Prozess ")
    assert house.status() == 200


def test_a_taken_port_is_refused_in_one_sentence(house: House, tmp_path: Path) -> None:
    environment = house.environment() | {"RATHAUS_HOME": str(tmp_path)}

    done = subprocess.run(house.command(), env=environment, capture_output=True, text=True)

    assert (done.returncode, done.stderr) == (1, "")
    last = done.stdout.strip().splitlines()[-1]
    assert last.startswith(f"Der Port {house.port} auf 127.0.0.1 ist nicht frei.")


def test_a_polite_end_ends_everything(house: House) -> None:
    running = noted_processes(house.home)
    assert sorted(running) == ["postgres", "web", "worker"]

    house.process.send_signal(signal.SIGINT)

    assert house.process.wait(60) == 0
    assert [name for name, identity in running.items() if identity.alive()] == []
    assert house.said().rstrip().endswith("Rathaus ist geschlossen.")
    house.process = house.open()

import os
import signal
import subprocess
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from rathaus.operate.home import Home
from rathaus.operate.problem import Problem
from rathaus.operate.processes import start, wait_until
from rathaus.operate.supervisor import (
    Process,
    Service,
    Supervisor,
    end_leftovers,
    noted_processes,
)
from rathaus.operate.tests.conftest import Spawn


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    home.prepare()
    return home


def sleeper(log: Path) -> Process:
    return start(["sleep", "60"], log=subprocess.DEVNULL)


def while_watching(supervisor: Supervisor, then: Callable[[], None]) -> None:
    """Run `then` in a thread while the supervisor keeps watch in this one."""

    def act() -> None:
        try:
            then()
        finally:
            supervisor.stopping.set()

    actor = threading.Thread(target=act)
    actor.start()
    supervisor.keep_alive()
    actor.join()


def test_what_dies_is_started_again(home: Home) -> None:
    service = Service("sleeper", sleeper)
    supervisor = Supervisor(home, [service])
    supervisor.begin(service)
    first = noted_processes(home)["sleeper"]
    seen: list[int] = []

    def kill_and_wait() -> None:
        os.kill(first.pid, signal.SIGKILL)
        wait_until(lambda: noted_processes(home)["sleeper"] != first, seconds=30)
        seen.append(noted_processes(home)["sleeper"].pid)

    while_watching(supervisor, kill_and_wait)

    assert service.process is not None
    assert seen == [service.process.pid]
    assert service.process.poll() is None
    supervisor.end()
    assert service.process.poll() == -signal.SIGTERM
    assert noted_processes(home) == {}


def test_what_can_not_start_is_tried_again(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    attempts: list[str] = []

    def fail_once(log: Path) -> Process:
        attempts.append("start")
        if len(attempts) == 2:
            raise Problem("Der Datenträger ist voll.", "The disk is full.")
        return start(["true"] if len(attempts) == 1 else ["sleep", "60"], log=subprocess.DEVNULL)

    service = Service("fragile", fail_once)
    supervisor = Supervisor(home, [service])
    supervisor.begin(service)

    while_watching(supervisor, lambda: wait_until(lambda: len(attempts) == 3, seconds=30))

    supervisor.end()
    assert attempts == ["start"] * 3
    assert "fragile: Der Datenträger ist voll. (The disk is full.)" in capsys.readouterr().out


def test_the_last_started_stops_first(home: Home) -> None:
    story = home.logs / "story"

    def teller(name: str) -> Callable[[Path], Process]:
        script = f"trap 'echo {name} >> {story}; exit' TERM; echo up >> {story}; "
        script += "while :; do sleep 0.02; done"
        return lambda log: start(["sh", "-c", script], log=subprocess.DEVNULL)

    def has_come_up(count: int) -> bool:
        return story.exists() and story.read_text().count("up") == count

    services = [Service(name, teller(name)) for name in ("server", "web")]
    supervisor = Supervisor(home, services)
    for count, service in enumerate(services, start=1):
        supervisor.begin(service)
        wait_until(partial(has_come_up, count), seconds=30)

    supervisor.end()

    assert story.read_text().split() == ["up", "up", "web", "server"]


SUPERVISOR = """
import subprocess, sys, time
from pathlib import Path
from rathaus.operate.home import Home
from rathaus.operate.supervisor import Service, Supervisor
def stubborn(log):
    return subprocess.Popen(["sleep", "60"], start_new_session=True)  # knows nothing of its parent
supervisor = Supervisor(Home(Path(sys.argv[1])), [Service("stubborn", stubborn)])
supervisor.begin(supervisor.services[0])
print("ready", flush=True)
time.sleep(60)
"""


def test_the_next_start_ends_what_a_killed_supervisor_left(home: Home, spawn_python: Spawn) -> None:
    supervisor = spawn_python(SUPERVISOR, home.folder)
    supervisor.kill()
    supervisor.wait()
    left = noted_processes(home)["stubborn"]
    assert left.alive()

    end_leftovers(home)

    assert not left.alive()


def test_a_broken_note_is_no_obstacle(home: Home) -> None:
    (home.folder / "processes.json").write_text('[{"name": "web"')

    assert noted_processes(home) == {}

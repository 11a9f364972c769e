"""The real demo, its real processes: what is killed heals, and nothing blocks the next start."""

import os
import signal
import subprocess
from pathlib import Path

import pytest
from tests.house import House, free_port

from rathaus.operate.supervisor import noted_processes


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
    assert sorted(running) == ["payment-service", "postgres", "web", "worker"]

    house.process.send_signal(signal.SIGINT)

    assert house.process.wait(60) == 0
    assert [name for name, identity in running.items() if identity.alive()] == []
    assert house.said().rstrip().endswith("Rathaus ist geschlossen.")
    house.process = house.open()

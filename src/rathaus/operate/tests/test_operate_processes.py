import os
import signal
import time
from pathlib import Path

from rathaus.operate.processes import Identity, identity_of, start, wait_until
from rathaus.operate.tests.conftest import Spawn


def test_a_process_is_not_mistaken_for_a_later_one_with_its_number(spawn: Spawn) -> None:
    child = spawn("sleep", "60")
    identity = identity_of(child.pid)
    assert identity is not None
    assert identity.alive()
    assert not Identity(child.pid, "1").alive()

    identity.end(ask=signal.SIGTERM, patience=5)

    assert not identity.alive()  # dead, though not reaped yet
    assert child.wait() == -signal.SIGTERM


DEAF = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("deaf", flush=True)
time.sleep(60)
"""


def test_who_does_not_listen_is_killed(spawn_python: Spawn) -> None:
    child = spawn_python(DEAF)
    identity = identity_of(child.pid)
    assert identity is not None

    identity.end(ask=signal.SIGTERM, patience=0.2)

    assert child.wait() == -signal.SIGKILL


def test_a_stranger_with_the_number_of_the_dead_is_left_alone(spawn: Spawn) -> None:
    stranger = spawn("sleep", "60")

    Identity(stranger.pid, "1").end(ask=signal.SIGKILL, patience=1)

    assert stranger.poll() is None


PARENT = """
import sys, time
from rathaus.operate.processes import start
with open(sys.argv[1], "w") as note:
    note.write(str(start(["sleep", "60"], log=2).pid))
print("started", flush=True)
time.sleep(60)
"""


def test_children_end_with_a_killed_parent(spawn_python: Spawn, tmp_path: Path) -> None:
    parent = spawn_python(PARENT, tmp_path / "note")
    child = identity_of(int((tmp_path / "note").read_text()))
    assert child is not None
    name = Path(f"/proc/{child.pid}/comm")
    assert wait_until(lambda: name.read_text() == "sleep\n", seconds=30)

    parent.kill()
    parent.wait()

    assert wait_until(lambda: not child.alive(), seconds=30)


RUNNER = """
import sys
from rathaus.operate.processes import run
print("begun", flush=True)
run(["sh", "-c", f"echo $$ > {sys.argv[1]}; exec sleep 60"])
"""


def test_a_program_that_is_run_ends_with_its_killed_parent(
    spawn_python: Spawn, tmp_path: Path
) -> None:
    note = tmp_path / "note"
    parent = spawn_python(RUNNER, note)
    assert wait_until(lambda: note.exists() and note.read_text().endswith("\n"), seconds=30)
    child = identity_of(int(note.read_text()))
    assert child is not None

    parent.kill()
    parent.wait()

    assert wait_until(lambda: not child.alive(), seconds=30)


def test_a_child_inherits_the_descriptors_it_is_meant_to(tmp_path: Path) -> None:
    read, write = os.pipe()
    log = tmp_path / "log"
    with log.open("wb") as output:
        child = start(["sh", "-c", f"echo hello >/proc/self/fd/{write}"], log=output, keep=[write])
    assert child.wait() == 0

    assert os.read(read, 10) == b"hello\n"
    os.close(read)
    os.close(write)


def test_waiting_ends_when_time_is_up() -> None:
    begin = time.monotonic()

    assert wait_until(lambda: False, seconds=0.1) is False

    assert 0.1 <= time.monotonic() - begin < 1

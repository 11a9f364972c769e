import os
import signal
import socket
import stat
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from rathaus.operate.postgres import Cluster, cluster_in, initialise, launch, running, stop
from rathaus.operate.problem import Problem
from rathaus.operate.processes import wait_until
from rathaus.operate.tests.conftest import Spawn


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    folder = tmp_path_factory.mktemp("server")
    cluster = cluster_in(folder, forgetful=True)
    with running(cluster, folder / "log"):
        yield cluster


def answer(cluster: Cluster, question: bytes) -> object:
    with psycopg.connect(cluster.url(database="postgres")) as connection:
        row = connection.execute(question).fetchone()
    return row and row[0]


def test_letters_of_the_language_are_understood(cluster: Cluster) -> None:
    assert answer(cluster, "select upper('äöüß')".encode()) == "ÄÖÜSS"
    assert answer(cluster, "select 'Ärger' ilike 'ärger'".encode()) is True
    assert answer(cluster, b"show data_checksums") == "on"


def test_nobody_else_reaches_the_server(cluster: Cluster) -> None:
    assert stat.S_IMODE(cluster.socket.stat().st_mode) == 0o700
    assert stat.S_IMODE(cluster.data.stat().st_mode) == 0o700
    assert answer(cluster, b"show listen_addresses") == ""
    with pytest.raises(ConnectionRefusedError), socket.create_connection(("127.0.0.1", 5432)):
        pass


def test_statements_and_their_data_stay_out_of_the_log(cluster: Cluster) -> None:
    with pytest.raises(psycopg.errors.DivisionByZero):
        answer(cluster, b"select 1/0 as geheim")

    log = (cluster.data.parent / "log").read_text()
    assert "division by zero" in log
    assert "geheim" not in log


def test_a_second_user_of_a_running_server_leaves_it_running(cluster: Cluster) -> None:
    with running(cluster, cluster.data.parent / "log"):
        pass

    assert cluster.answers()


def test_it_starts_again_after_a_kill(tmp_path: Path) -> None:
    cluster, log = cluster_in(tmp_path), tmp_path / "log"
    assert initialise(cluster) is True
    assert initialise(cluster) is False
    first = launch(cluster, log)
    with psycopg.connect(cluster.url(database="postgres"), autocommit=True) as connection:
        connection.execute("create table kept as select 42 as number")

    first.send_signal(signal.SIGKILL)
    reaper = threading.Timer(0.5, first.wait)  # until then it counts as alive
    reaper.start()
    second = launch(cluster, log)

    assert answer(cluster, b"select number from kept") == 42
    reaper.join()
    stop(second)
    assert second.returncode == 0


INITIALISE = """
import sys
from pathlib import Path
from rathaus.operate.postgres import cluster_in, initialise
cluster = cluster_in(Path(sys.argv[1]))
print("begun", flush=True)
initialise(cluster)
"""


@pytest.mark.parametrize("after", [0.0, 0.1, 0.3])
def test_what_a_killed_start_left_half_made_is_made_anew(
    after: float, tmp_path: Path, spawn_python: Spawn
) -> None:
    first = spawn_python(INITIALISE, tmp_path)
    assert wait_until((tmp_path / "unfinished").exists, seconds=30)
    time.sleep(after)
    first.kill()
    first.wait()

    cluster = cluster_in(tmp_path, forgetful=True)
    initialise(cluster)
    with running(cluster, tmp_path / "log"):
        assert cluster.answers()


def test_a_note_that_names_a_stranger_blocks_nothing(tmp_path: Path) -> None:
    cluster = cluster_in(tmp_path, forgetful=True)
    initialise(cluster)
    stranger = subprocess.Popen(["sleep", "60"])
    (cluster.data / "postmaster.pid").write_text(f"{stranger.pid}\n{cluster.data}\n1\n5432\n")

    with running(cluster, tmp_path / "log"):
        assert stranger.poll() is None
    stranger.kill()
    stranger.wait()


def test_an_empty_note_blocks_nothing(tmp_path: Path) -> None:
    cluster = cluster_in(tmp_path, forgetful=True)
    initialise(cluster)
    (cluster.data / "postmaster.pid").touch()

    with running(cluster, tmp_path / "log"):
        assert cluster.answers()


def test_a_server_without_space_is_given_up_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster = cluster_in(tmp_path, forgetful=True)
    complaint = "echo FATAL: could not write init file: No space left on device; exec sleep 60"
    monkeypatch.setattr(Cluster, "command", lambda self: ["sh", "-c", complaint])

    with pytest.raises(Problem, match=r"^Der Datenträger ist voll\. Bitte Platz schaffen"):
        launch(cluster, tmp_path / "log", patience=600)


def test_a_long_path_gets_a_short_private_socket(tmp_path: Path) -> None:
    folder = tmp_path / ("langer-name-" * 10)
    folder.mkdir()

    cluster = cluster_in(folder)

    assert len(os.fsencode(cluster.socket / ".s.PGSQL.5432")) <= 107
    assert stat.S_IMODE(cluster.socket.stat().st_mode) == 0o700
    cluster.socket.rmdir()

"""`./rathaus test`: everything, browser included, on a PostgreSQL of its own."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rathaus.operate.chromium import HOW_TO_GET_CHROMIUM, find_chromium
from rathaus.operate.front_end import (
    build_front_end,
    compile_translations,
    install_node_packages,
)
from rathaus.operate.home import PROJECT
from rathaus.operate.postgres import cluster_in, running
from rathaus.operate.progress import say, step


def run(words: Sequence[str]) -> int:
    """Run pytest with `words`, without any with everything, and return its exit code."""
    with step("Oberfläche und Übersetzungen"):
        build_front_end()
        compile_translations()
        install_node_packages(development=True)
    say(f"  Browser: {find_chromium() or HOW_TO_GET_CHROMIUM}")
    with _database() as address:
        environment = os.environ | {"DATABASE_URL": address}
        command = [sys.executable, "-m", "pytest", *(words or _everything())]
        return subprocess.run(command, cwd=PROJECT, env=environment, check=False).returncode


def _everything() -> Sequence[str]:
    """In parallel, the tests of one file in one process."""
    return ["--numprocesses=auto", "--dist=loadfile", "--durations=15", "-q"]


@contextmanager
def _database() -> Iterator[str]:
    """The address in the environment, else a server that lasts as long as the tests."""
    given = os.environ.get("DATABASE_URL")
    if given:
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="rathaus-test-") as name:
        folder = Path(name)
        with running(cluster_in(folder, forgetful=True), folder / "log") as cluster:
            yield cluster.url(database="postgres")

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

Spawn = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def spawn() -> Iterator[Spawn]:
    """Start processes that are killed and reaped at the end of the test."""
    with ExitStack() as started:

        def begin(*command: str | Path) -> "subprocess.Popen[bytes]":
            process = subprocess.Popen(
                command,
                stdout=subprocess.PIPE,
                env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])},
            )
            started.enter_context(process)
            started.callback(process.kill)
            return process

        yield begin


@pytest.fixture
def spawn_python(spawn: Spawn) -> Spawn:
    """Start a Python script with arguments and wait for its first line."""

    def begin(script: str, *arguments: str | Path) -> "subprocess.Popen[bytes]":
        process = spawn(sys.executable, "-c", script, *arguments)
        assert process.stdout is not None
        process.stdout.readline()
        return process

    return begin

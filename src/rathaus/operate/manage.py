"""`./rathaus manage …`: a management command of Django, on the database of this installation."""

import subprocess
import sys
from collections.abc import Sequence

from rathaus.operate.installation import installation
from rathaus.operate.program import Program


def run(words: Sequence[str]) -> int:
    """Run the command in this terminal and hand on its exit code."""
    with installation().database_running() as program:
        return call(program, words)


def call(program: Program, words: Sequence[str]) -> int:
    """Run the command on a database that answers."""
    command = [sys.executable, "-m", "rathaus", *words]
    return subprocess.run(command, env=program.environment(), check=False).returncode

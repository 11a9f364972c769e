"""`./rathaus manage …`: a management command of Django, on the database of this installation."""

import subprocess
import sys
from collections.abc import Sequence

from rathaus.operate.installation import installation


def run(words: Sequence[str]) -> int:
    """Run the command in this terminal and hand on its exit code."""
    with installation().database_running() as program:
        command = [sys.executable, "-m", "rathaus", *words]
        return subprocess.run(command, env=program.environment(), check=False).returncode

"""How the Django side of the house is called from outside: always as a process of its own."""

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rathaus.operate.home import SOURCES, Home
from rathaus.operate.problem import Problem, disk_full, says_disk_full
from rathaus.operate.processes import run


@dataclass(frozen=True)
class Program:
    """One installation as its processes see it: profile, home and the two doors to its database.

    `database` is the door of the running program, `owner` that of migrations.
    """

    profile: str
    home: Home
    database: str
    owner: str

    def environment(self, *, database: str | None = None) -> Mapping[str, str]:
        """What a process of this installation finds in its environment."""
        return os.environ | {
            "DJANGO_SETTINGS_MODULE": f"rathaus.config.settings.{self.profile}",
            "RATHAUS_HOME": str(self.home.folder),
            "DATABASE_URL": database or self.database,
            "PYTHONPATH": str(SOURCES.parent),
            "PYTHONUNBUFFERED": "1",
            "OPENBLAS_NUM_THREADS": "1",  # each process would start a thread for every core
        }

    def manage(self, *arguments: str, as_owner: bool = False) -> str:
        """Run a management command and return what it printed; its whole story goes to a log.

        Raises `Problem` with the last line when it fails.
        """
        return self.run([sys.executable, "-m", "rathaus", *arguments], as_owner=as_owner)

    def run(self, command: Sequence[str], *, as_owner: bool = False) -> str:
        """Run any Python program of this installation, like `manage`."""
        environment = self.environment(database=self.owner if as_owner else None)
        done = run(command, environment=environment)
        log = self.home.logs / "commands.log"
        with log.open("a", encoding="utf-8") as story:
            story.write(f"$ {' '.join(command[1:])}\n{done.stdout}{done.stderr}")
        if done.returncode:
            raise _failed(command, done.stdout + done.stderr, str(log))
        return done.stdout


def _failed(command: Sequence[str], said: str, log: str) -> Problem:
    if says_disk_full(said):
        return disk_full()
    last = (said.strip().splitlines() or ["?"])[-1]
    name = command[3] if len(command) > 3 else command[-1]
    return Problem(
        f"Der Schritt {name} ist gescheitert: {last} Mehr steht in {log}.",
        f"The step {name} failed; see {log}",
    )

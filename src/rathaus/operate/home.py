"""The folder that holds everything one installation keeps: database, files, secrets, logs."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rathaus.operate.problem import Problem, problem_of

PROJECT = Path(__file__).resolve().parents[3]
SOURCES = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Home:
    """Where things lie below `folder`. Nothing is created until `prepare` is called."""

    folder: Path

    @property
    def postgres(self) -> Path:
        """The embedded server's folder."""
        return self.folder / "postgres"

    @property
    def files(self) -> Path:
        """Uploaded and made documents, encrypted."""
        return self.folder / "files"

    @property
    def secrets(self) -> Path:
        """Keys, each in a file that only the owner reads."""
        return self.folder / "secrets"

    @property
    def logs(self) -> Path:
        """One log for each process."""
        return self.folder / "logs"

    def profile(self) -> str | None:
        """The profile that this folder was first opened with."""
        note = self.folder / "profile"
        return note.read_text(encoding="ascii", errors="replace").strip() if note.exists() else None

    def remember(self, profile: str) -> None:
        """Bind the folder to a profile. Raises `Problem` if it belongs to the other one."""
        known = self.profile()
        if known not in (None, profile):
            raise _other_profile(self.folder)
        (self.folder / "profile").write_text(f"{profile}\n", encoding="ascii")

    def prepare(self) -> None:
        """Make the folders, closed to everybody else. Raises `Problem` where that is refused."""
        try:
            self._refuse_that_of_somebody_else()
            for folder in (self.folder, self.files, self.secrets, self.logs):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            probe = self.folder / ".writable"
            probe.write_bytes(b"x" * 4096)
            probe.unlink()
        except OSError as error:
            raise problem_of(error) from error

    def _refuse_that_of_somebody_else(self) -> None:
        """Root may write everywhere, and would leave files that the owner can't read any more."""
        if self.secrets.exists() and self.secrets.stat().st_uid != os.geteuid():
            raise Problem(
                f"{self.folder} gehört einem anderen Konto. Bitte unter diesem Konto starten oder "
                "mit RATHAUS_HOME einen anderen Ordner wählen.",
                f"{self.folder} belongs to another account. Please start as that account or "
                "choose another folder with RATHAUS_HOME.",
            )

    @contextmanager
    def claimed(self) -> Iterator[None]:
        """Hold the folder for this process alone; a killed process loses its hold by itself."""
        with (self.folder / "running").open("a+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                lock.seek(0)
                raise _already_running(lock.read().strip() or "?") from None
            lock.truncate(0)
            lock.write(str(os.getpid()))
            lock.flush()
            yield


def _other_profile(folder: Path) -> Problem:
    return Problem(
        f"{folder} gehört zur Vorführung oder zu einer echten Stadt, nicht zu beiden. "
        "Bitte mit RATHAUS_HOME einen anderen Ordner wählen.",
        f"{folder} belongs to a demo or to a real city, not to both. "
        "Please choose another folder with RATHAUS_HOME.",
    )


def _already_running(process: str) -> Problem:
    return Problem(
        f"Rathaus läuft in diesem Ordner schon (Prozess {process}). Bitte dort mit Strg-C beenden.",
        f"Rathaus already runs in this folder (process {process}). Stop it there with Ctrl-C.",
    )


def home_from_environment(*, profile: str) -> Home:
    """`$RATHAUS_HOME`, else a folder in the project: `var/demo`, `var/city` for a real city."""
    usual = PROJECT / "var" / ("city" if profile == "production" else "demo")
    return Home(Path(os.environ.get("RATHAUS_HOME") or usual).resolve())

"""Child processes that end with their parent, and the recognition of those that did not."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO


@dataclass(frozen=True)
class Identity:
    """A process that can't be mistaken for a later one with the same number."""

    pid: int
    started: str

    def alive(self) -> bool:
        """Whether this very process still runs; dead but not yet reaped is not running."""
        return _started(self.pid) == self.started

    def end(self, *, ask: signal.Signals, patience: float) -> None:
        """Ask it to end and kill it when it has not after `patience` seconds."""
        for wish, seconds in ((ask, patience), (signal.SIGKILL, 10.0)):
            if not self.alive():
                return
            with suppress(ProcessLookupError):  # it ended by itself a moment ago
                os.kill(self.pid, wish)
            wait_until(lambda: not self.alive(), seconds=seconds)


def identity_of(pid: int) -> Identity | None:
    """Who has this number now, or None when nobody has."""
    started = _started(pid)
    return Identity(pid, started) if started else None


def _started(pid: int) -> str:
    """Ticks since boot at which a process began; empty when there is none or it is dead."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return ""
    state, ticks = fields[0], fields[19]
    return "" if state in "ZX" else ticks


def wait_until(condition: Callable[[], bool], *, seconds: float) -> bool:
    """Ask again and again until `condition()` holds; False when it never did."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def start(
    command: Sequence[str | Path],
    *,
    log: IO[bytes] | int,
    ask: signal.Signals = signal.SIGTERM,
    prefix: Sequence[str] = (),
    environment: Mapping[str, str] | None = None,
    keep: Sequence[int] = (),
) -> subprocess.Popen[bytes]:
    """Start a child in a session of its own that the kernel sends `ask` when this process dies.

    Must be called from the main thread: the kernel watches the thread that started the child.
    `prefix` comes before the wish, since a change of account would drop it; `keep` are descriptors
    that the child inherits.
    """
    return subprocess.Popen(
        _bound(command, ask, prefix),
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
        env=environment,
        pass_fds=keep,
        start_new_session=True,
    )


def run(
    command: Sequence[str | Path],
    *,
    prefix: Sequence[str] = (),
    environment: Mapping[str, str] | None = None,
    cwd: Path | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run a program to its end and keep what it said; it dies with this process, like a child that
    was started. Standard error comes after standard output.
    """
    return subprocess.run(
        _bound(command, signal.SIGKILL, prefix),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env=environment,
        cwd=cwd,
        check=False,
    )


def _bound(command: Sequence[str | Path], ask: signal.Signals, prefix: Sequence[str]) -> list[str]:
    wish = ask.name.removeprefix("SIG")
    return [*prefix, "setpriv", "--pdeathsig", wish, "--", *map(str, command)]

"""Keeps the processes of an installation alive: what dies is started again, what must stop stops.

Children end with this process, whatever kills it; the next start ends those that still linger.
"""

import json
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rathaus.operate.home import Home
from rathaus.operate.problem import Problem
from rathaus.operate.processes import Identity, identity_of
from rathaus.operate.progress import say

Process = subprocess.Popen[bytes]
_CALM_AFTER = 20.0
_LONGEST_PAUSE = 10.0
_LARGEST_LOG = 10_000_000


@dataclass
class Service:
    """One process to be kept alive: how it is started and how it is asked to end."""

    name: str
    start: Callable[[Path], Process]
    ask: signal.Signals = signal.SIGTERM
    patience: float = 20.0
    process: Process | None = field(default=None, init=False)
    since: float = field(default=0.0, init=False)
    pause: float = field(default=0.0, init=False)

    def has_died(self) -> bool:
        """Whether it was started and is gone; asking also reaps it."""
        return self.process is not None and self.process.poll() is not None


class Supervisor:
    """Starts services in order, restarts what dies, stops all in reverse order."""

    def __init__(self, home: Home, services: Sequence[Service]) -> None:
        self.home = home
        self.services = services
        self.stopping = threading.Event()

    def listen_for_the_end(self) -> None:
        """Ctrl-C, the end of the terminal and a polite kill all mean: stop everything."""
        for wish in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if wish is signal.SIGHUP and signal.getsignal(wish) is signal.SIG_IGN:
                continue  # `nohup` says that the terminal may go
            signal.signal(wish, lambda *_: self.stopping.set())

    def begin(self, service: Service) -> None:
        """Start one service and note its process, so that a later start can recognise it."""
        log = self.home.logs / f"{service.name}.log"
        if log.exists() and log.stat().st_size > _LARGEST_LOG:
            log.replace(log.with_suffix(".log.1"))
        service.process = service.start(log)
        service.since = time.monotonic()
        self._note_processes()

    def keep_alive(self) -> None:
        """Watch until someone asks for the end (`listen_for_the_end`)."""
        while not self.stopping.wait(0.1):
            for service in self.services:
                if service.has_died():
                    self._revive(service)

    def _revive(self, service: Service) -> None:
        """Start again at once; ever more slowly when it keeps dying."""
        if time.monotonic() - service.since > _CALM_AFTER:
            service.pause = 0.0
        say(f"  {service.name} ist ausgefallen und wird neu gestartet.")
        self.stopping.wait(service.pause)
        service.pause = min(_LONGEST_PAUSE, 2 * service.pause + 0.1)
        if self.stopping.is_set():
            return
        try:
            self.begin(service)
        except (Problem, OSError) as problem:
            say(f"  {service.name}: {problem}")
            service.since = time.monotonic()

    def end(self) -> None:
        """Stop all, the last started first."""
        for service in reversed(self.services):
            if service.process and service.process.poll() is None:
                _stop(service.process, service.ask, service.patience)
        _notes(self.home).unlink(missing_ok=True)

    def _note_processes(self) -> None:
        found = [
            {"name": service.name, "pid": identity.pid, "started": identity.started}
            for service in self.services
            if service.process and (identity := identity_of(service.process.pid))
        ]
        fresh = _notes(self.home).with_suffix(".new")
        fresh.write_text(json.dumps(found), encoding="utf-8")
        fresh.replace(_notes(self.home))


def _stop(process: Process, ask: signal.Signals, patience: float) -> None:
    process.send_signal(ask)
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _notes(home: Home) -> Path:
    return home.folder / "processes.json"


def noted_processes(home: Home) -> dict[str, Identity]:
    """The processes that the last supervisor of this home noted, by name."""
    notes = _notes(home)
    if not notes.exists():
        return {}
    try:
        found = json.loads(notes.read_text(encoding="utf-8"))
        return {one["name"]: Identity(one["pid"], one["started"]) for one in found}
    except (ValueError, KeyError, TypeError):
        return {}  # written while the disk was full


def end_leftovers(home: Home) -> None:
    """End what a killed supervisor left behind. Call it only while holding the home."""
    for identity in reversed(noted_processes(home).values()):
        identity.end(ask=signal.SIGINT, patience=15)

"""The peer: libres, the reservation library of OneGov Cloud, in an environment of its own.

Run as a program by that environment's Python, it obeys one JSON line after the other.
"""

import json
import random
import subprocess
import sys
import time
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SCRIPTS = Path(__file__).resolve().parents[2] / "shared" / "peers" / "counter"
PACKAGES = ("libres==1.4.0", "psycopg[binary]>=3.2")
RETRIES = 20


class Peer:
    """The running program."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def ask(self, do: str, **values: Any) -> dict[str, Any]:
        """Let it do something, and read what came of it."""
        if not (self._process.stdin and self._process.stdout):
            raise SystemExit("the peer has no pipes")
        self._process.stdin.write(json.dumps({"do": do, **values}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit("the peer has ended")
        answer: dict[str, Any] = json.loads(line)
        return answer


@contextmanager
def libres(folder: Path, address: str) -> Iterator[Peer | None]:
    """The peer on the database of that address; None, with a note, where it cannot be had."""
    if not (SCRIPTS / "peer_libres.py").exists():
        print("libres: no peer script beside the project, not compared")
        yield None
        return
    python = folder / "bin" / "python"
    venv.create(folder, with_pip=True)
    install = [python, "-m", "pip", "install", "--quiet", *PACKAGES]
    if subprocess.run(install, stderr=subprocess.DEVNULL, check=False).returncode:
        print("libres: could not be installed, not compared")
        yield None
        return
    process = subprocess.Popen(
        [python, __file__, address.replace("postgresql://", "postgresql+psycopg://", 1)],
        env={"PYTHONPATH": str(SCRIPTS), "PYTHONWARNINGS": "ignore"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield Peer(process)
    finally:
        process.terminate()
        process.wait(20)


def obey(address: str) -> None:
    """Set the scenario up, then do as told until nobody speaks any more."""
    import peer_libres as peer  # both are scripts of the peer's folder
    import scenario

    context = peer.context(address)
    schedulers = [peer.scheduler(context, f"counter-{c}") for c in range(scenario.COUNTERS)]
    schedulers[0].setup_database()
    schedulers[0].commit()
    for each in schedulers:
        peer.allocate_days(each, scenario.DAYS, scenario.MINUTES)
    todo = iter(scenario.all_starts())
    for line in sys.stdin:
        task = json.loads(line)
        begin = time.perf_counter()
        match task["do"]:
            case "book":
                answer: dict[str, Any] = {}
                for _ in range(task["count"]):
                    counter, start = next(todo)
                    peer.book(schedulers[counter], start, start + scenario.SLOT)
            case "free":
                answer = {"free": count_free(schedulers, scenario)}
            case _:
                answer = disjoint(peer, scenario, context, schedulers[0], address, **task)
        seconds = time.perf_counter() - begin
        print(json.dumps({"seconds": seconds, **answer}), flush=True)


def count_free(schedulers: Any, scenario: Any) -> int:
    """All free slots of four weeks, by the call that the library offers for it."""
    free = 0
    for each in schedulers:
        found = each.search_allocations(
            scenario.DAYS[0], scenario.DAYS[-1] + scenario.OPEN, strict=True
        )
        free += sum(len(allocation.free_slots()) for allocation in found)
        each.rollback()
    return free


def disjoint(
    peer: Any,
    scenario: Any,
    context: Any,
    scheduler: Any,
    address: str,
    *,
    writers: int,
    slots: int,
    **_do: str,
) -> dict[str, Any]:
    """Writers that never want the same slot; each retries as often as the library's users must."""
    from timing import merge, run_together

    peer.reset(address)
    peer.allocate_days(scheduler, scenario.DAYS, scenario.MINUTES)
    peer.drop_connections(context)
    wanted = [
        (day + number * scenario.SLOT, day + (number + 1) * scenario.SLOT)
        for day in scenario.DAYS
        for number in range(scenario.PER_DAY)
    ]
    random.Random(7).shuffle(wanted)
    seconds, out = run_together(
        peer.writer_of_share, writers, address, wanted[:slots], RETRIES, writers
    )
    booked, errors, _times = merge(out)
    return {"booked": booked, "seconds": seconds, "errors": errors}


if __name__ == "__main__":
    obey(sys.argv[1])

"""What every benchmark shares: the machine it ran on, and how its figures are shown."""

import json
import os
import platform
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

Figures = Mapping[str, float]


def machine() -> dict[str, str | int | float]:
    """Where and when something was measured, and how busy the machine was."""
    return {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "processor": _processor(),
        "cores": os.cpu_count() or 1,
        "load": round(os.getloadavg()[0], 2),
        "system": platform.platform(terse=True),
        "python": platform.python_version(),
    }


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def report(bench: str, figures: Figures, *, peers: Mapping[str, Figures] | None = None) -> None:
    """Print a table for people and, as the last line, one JSON object for programs."""
    rows = [(name, "rathaus", value) for name, value in figures.items()]
    for peer, theirs in (peers or {}).items():
        rows += [(name, peer, value) for name, value in theirs.items()]
    for name, whose, value in rows:
        print(f"{name:<28} {whose:<20} {value:>14,.3f}")
    result = {"bench": bench, "figures": figures, "peers": peers or {}, "machine": machine()}
    print(json.dumps(result, ensure_ascii=False), flush=True)


def percentile(values: list[float], share: float) -> float:
    """The smallest measured value that is not below `share` of all of them."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]

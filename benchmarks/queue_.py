"""Queue: how well it says how long one waits, sixteen clerks at once, and click to display."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT / "src"))

import _queue_counters  # noqa: E402  # the path comes first
import _queue_display  # noqa: E402
import _wait_estimate  # noqa: E402

from rathaus.operate.measuring import report  # noqa: E402

Measured = tuple[dict[str, float], dict[str, dict[str, float]]]
PARTS: dict[str, Callable[..., Measured]] = {
    "estimate": _wait_estimate.measure,
    "counters": _queue_counters.measure,
    "display": _queue_display.measure,
}


def main() -> None:
    """Measure each part, or the one asked for, and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", choices=PARTS)
    options = parser.parse_args()
    figures: dict[str, float] = {}
    peers: dict[str, dict[str, float]] = {}
    for name, measure in PARTS.items():
        if options.only in (None, name):
            found, theirs = measure(quick=options.quick)
            figures |= found
            for peer, values in theirs.items():
                peers[peer] = peers.get(peer, {}) | values
    report("queue", figures, peers=peers)


if __name__ == "__main__":
    main()

"""`./rathaus check`: what a machine can see without running the tests."""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rathaus.operate.front_end import find_node, install_node_packages
from rathaus.operate.home import PROJECT, SOURCES
from rathaus.operate.progress import say

_TOOLS = Path(sys.executable).parent


@dataclass(frozen=True)
class Check:
    """A program that ends with 0 when all is well."""

    name: str
    command: Sequence[str | Path]
    environment: Mapping[str, str] = field(default_factory=dict)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be typed after `check`."""
    parser.add_argument("names", nargs="*", help="nur diese Prüfungen")


def run(options: argparse.Namespace) -> int:
    """Run all checks, or the named ones, and return 1 if any complains."""
    install_node_packages(development=True)
    with tempfile.TemporaryDirectory(prefix="rathaus-check-") as folder:
        chosen = [one for one in checks(folder) if not options.names or one.name in options.names]
        complaining = [check.name for check in chosen if not _passes(check)]
    say()
    say(f"{len(chosen) - len(complaining)} von {len(chosen)} Prüfungen bestanden")
    if complaining:
        say(f"Nicht bestanden: {', '.join(complaining)}")
    return 1 if complaining else 0


def checks(home: str) -> list[Check]:
    """All checks; `home` is an empty folder for the secrets that the production profile makes."""
    manage = [sys.executable, "-m", "rathaus"]
    test = {"DJANGO_SETTINGS_MODULE": "rathaus.config.settings.test", "RATHAUS_HOME": home}
    city = test | {
        "DJANGO_SETTINGS_MODULE": "rathaus.config.settings.production",
        "RATHAUS_HOSTS": "rathaus.example",
    }
    compiler = PROJECT / "node_modules" / "typescript" / "bin" / "tsc"
    return [
        Check("ruff", [_TOOLS / "ruff", "check", "."]),
        Check("format", [_TOOLS / "ruff", "format", "--check", "."]),
        Check("mypy", [_TOOLS / "mypy"]),
        Check("layers", [_TOOLS / "lint-imports", "--no-cache"]),
        Check("migrations", [*manage, "makemigrations", "--check", "--dry-run"], test),
        Check("deploy", [*manage, "check", "--deploy", "--fail-level", "WARNING"], city),
        Check("templates", [_TOOLS / "djlint", "--lint", "--quiet", SOURCES]),
        Check("typescript", [find_node()[0], compiler, "--noEmit"]),
    ]


def _passes(check: Check) -> bool:
    begin = time.monotonic()
    done = subprocess.run(
        [str(word) for word in check.command],
        cwd=PROJECT,
        env=os.environ | check.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    verdict = "nicht bestanden" if done.returncode else "bestanden"
    say(f"{check.name:<12} {verdict} ({time.monotonic() - begin:.1f} s)".replace(".", ","))
    if done.returncode:
        say(done.stdout.strip())
    return done.returncode == 0

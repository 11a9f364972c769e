"""`./rathaus bench NAME`: run `benchmarks/NAME.py` on a database and a home folder of its own."""

import argparse
import ast
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from rathaus.operate.database import migrate
from rathaus.operate.home import PROJECT, Home
from rathaus.operate.installation import DEMO, Installation, installation
from rathaus.operate.problem import Problem
from rathaus.operate.progress import say, step

_FOLDER = PROJECT / "benchmarks"
_RESULTS = _FOLDER / "results"
_ALONE = "OWN_INSTALLATION"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be typed after `bench`."""
    parser.add_argument("name", nargs="?", help="was gemessen wird")
    parser.add_argument("--list", action="store_true", help="alle Messungen mit einer Zeile")
    parser.add_argument("--quick", action="store_true", help="kleiner, in höchstens 30 Sekunden")
    parser.add_argument(
        "--keep", action="store_true", help="Ergebnis in benchmarks/results ablegen"
    )


def run(options: argparse.Namespace) -> int:
    """Measure, or list what can be measured."""
    programs = benchmarks()
    if options.list or not options.name:
        for name, program in programs.items():
            say(f"{name:<10} {_first_line(program)}")
        return 0
    if options.name not in programs:
        raise Problem(
            f"{options.name} kenne ich nicht. Es gibt: {', '.join(programs)}",
            f"There is no benchmark {options.name}",
        )
    return _measure(programs[options.name], quick=options.quick, keep=options.keep)


def benchmarks() -> dict[str, Path]:
    """Every benchmark by name; a `_` at the end keeps one from hiding a module of Python's own."""
    return {path.stem.rstrip("_"): path for path in sorted(_FOLDER.glob("[a-z]*.py"))}


def _first_line(program: Path) -> str:
    return (ast.get_docstring(_tree(program)) or "").split("\n")[0]


def _tree(program: Path) -> ast.Module:
    return ast.parse(program.read_text(encoding="utf-8"))


def _brings_its_own(program: Path) -> bool:
    """Whether it opens a house itself: it says so with `OWN_INSTALLATION = True`."""
    return any(
        isinstance(line, ast.Assign) and ast.unparse(line) == f"{_ALONE} = True"
        for line in _tree(program).body
    )


def _measure(program: Path, *, quick: bool, keep: bool) -> int:
    with tempfile.TemporaryDirectory(prefix="rathaus-bench-") as folder:
        place = installation(profile=DEMO, home=Home(Path(folder)))
        if _brings_its_own(program):
            return _run(program, place, quick=quick, keep=keep)
        with place.database_running():
            with step("Tabellen"):
                migrate(place.program)
            return _run(program, place, quick=quick, keep=keep)


def _run(program: Path, place: Installation, *, quick: bool, keep: bool) -> int:
    command = [sys.executable, str(program), *(["--quick"] if quick else [])]
    environment = place.program.environment(database=place.program.owner)
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    last = ""
    for line in process.stdout or ():
        say(line.rstrip("\n"))
        last = line if line.strip() else last
    if process.wait():
        return process.returncode
    result = json.loads(last)
    if keep:
        _RESULTS.mkdir(exist_ok=True)
        text = json.dumps(result, indent=2, ensure_ascii=False)
        (_RESULTS / f"{result['bench']}.json").write_text(f"{text}\n", encoding="utf-8")
    return 0

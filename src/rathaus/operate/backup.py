"""`./rathaus backup`: database and files of one moment, with a manifest that proves them.

The moment is a snapshot of the database: the dump, the fingerprints and the list of files all see
exactly that, while people go on working. Files never change, so they can be copied afterwards.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

from rathaus.operate.comparing import as_data, file_fingerprint, tables_fingerprint
from rathaus.operate.database import connect
from rathaus.operate.home import PROJECT
from rathaus.operate.installation import installation
from rathaus.operate.postgres import binaries
from rathaus.operate.problem import Problem
from rathaus.operate.program import Program
from rathaus.operate.progress import say, step
from rathaus.operate.readiness import note_backup

MANIFEST = "manifest.json"
DUMP = "database.dump"
FILES = "files"
FORMAT = 1
_FILES_OF_THE_MOMENT = "select storage_key from core_storedfile order by storage_key"
_ATTEMPTS = 3


class FileVanishedError(Exception):
    """A file was rightly deleted while the backup was being made."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be typed after `backup`."""
    parser.add_argument("target", nargs="?", type=Path, help="Ordner, der dafür angelegt wird")
    parser.add_argument(
        "--keys", type=Path, help="Ordner für eine Kopie der Schlüssel; getrennt aufbewahren"
    )


def run(options: argparse.Namespace) -> int:
    """Make a backup and say where it is."""
    name = datetime.now(UTC).strftime("%Y-%m-%dT%H-%M-%SZ")
    target: Path = (options.target or PROJECT / "var" / "backups" / name).resolve()
    if target.exists():
        raise Problem(f"{target} gibt es schon.", f"{target} already exists.")
    with installation().database_running() as program:
        back_up(program, target)
        note_backup(program, at=datetime.now(UTC))
        if options.keys:
            copy_keys(program.home.secrets, options.keys)
    say(f"Gesichert in {target}")
    if not options.keys:
        say("Ohne die Schlüssel sind die Dateien nicht lesbar: --keys ORDNER sichert auch sie.")
    return 0


def back_up(program: Program, target: Path) -> None:
    """Write a complete backup to `target`, or nothing."""
    unfinished = target.with_name(f"{target.name}.unfinished")
    for attempt in range(1, _ATTEMPTS + 1):
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700, parents=True)
        try:
            _write(program, unfinished)
        except FileVanishedError:
            if attempt == _ATTEMPTS:
                raise
        else:
            break
    unfinished.rename(target)


def _write(program: Program, folder: Path) -> None:
    with connect(program.owner) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        snapshot = _value(connection, "select pg_export_snapshot()")
        version = int(_value(connection, "show server_version_num")) // 10000
        with step("Datenbank"):
            dump = [client("pg_dump", version), "--format=custom", f"--snapshot={snapshot}"]
            dump += ["--no-owner", "--no-privileges", f"--file={folder / DUMP}", program.owner]
            run_client(dump)
        with step("Prüfsummen der Tabellen"):
            tables = tables_fingerprint(connection)
        with step("Dateien"):
            keys = [key for (key,) in connection.execute(_FILES_OF_THE_MOMENT)]
            files = {key: _copy_file(program, key, folder / FILES) for key in keys}
    manifest = {
        "format": FORMAT,
        "made_at": datetime.now(UTC).isoformat(),
        "profile": program.profile,
        "postgresql": version,
        "dump": file_fingerprint(folder / DUMP),
        "tables": as_data(tables),
        "files": files,
    }
    text = json.dumps(manifest, indent=1, ensure_ascii=False, sort_keys=True)
    (folder / MANIFEST).write_text(text, encoding="utf-8")


def _copy_file(program: Program, key: str, files: Path) -> str:
    """Copy one file and return its hash; the sealed bytes, which need the key to be read."""
    target = files / key
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        shutil.copyfile(program.home.files / key, target)
    except FileNotFoundError:
        raise _missing(program, key) from None
    return file_fingerprint(target)


def _missing(program: Program, key: str) -> Exception:
    question = "select 1 from core_storedfile where storage_key = %s"
    with connect(program.owner) as connection:
        if connection.execute(question, (key,)).fetchone() is None:
            return FileVanishedError(key)
    return Problem(
        f"Die Datei {key} fehlt in {program.home.files}, obwohl die Datenbank sie nennt.",
        f"The file {key} is missing although the database names it.",
    )


def _value(connection: psycopg.Connection[Any], question: str) -> str:
    row = connection.execute(question.encode()).fetchone()
    if row is None:
        raise LookupError(question)
    return str(row[0])


def copy_keys(source: Path, target: Path) -> None:
    """Copy the keys to a folder that only their owner can read."""
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    for key in source.iterdir():
        with os.fdopen(os.open(target / key.name, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as copy:
            copy.write(key.read_bytes())


def client(name: str, server_version: int) -> str | Path:
    """The client program of the server's own version if the machine has it, else the wheel's."""
    installed = shutil.which(name)
    if installed:
        said = subprocess.run([installed, "--version"], capture_output=True, text=True, check=False)
        found = re.search(r"\d+", said.stdout)
        if found and int(found.group()) == server_version:
            return installed
    return binaries() / name


def run_client(command: Sequence[str | Path]) -> None:
    """Run `pg_dump` or `pg_restore`; raises `Problem` with its last line."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["?"])[-1]
        name = Path(command[0]).name
        raise Problem(f"{name} ist gescheitert: {last}", f"{name} failed")

"""`./rathaus restore`: bring a backup back into an empty place and prove that it is equal."""

import argparse
import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rathaus.operate.backup import DUMP, FILES, FORMAT, MANIFEST, client, copy_keys, run_client
from rathaus.operate.comparing import (
    TableFingerprint,
    differences,
    file_fingerprint,
    from_data,
    tables_fingerprint,
)
from rathaus.operate.database import apply_rights, connect
from rathaus.operate.home import Home
from rathaus.operate.installation import Installation, installation
from rathaus.operate.problem import Problem
from rathaus.operate.program import Program
from rathaus.operate.progress import say, step


@dataclass(frozen=True)
class Backup:
    """A backup whose files are all there and unchanged."""

    folder: Path
    profile: str
    tables: dict[str, TableFingerprint]
    files: dict[str, str]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be typed after `restore`."""
    parser.add_argument("backup", type=Path, help="Ordner der Sicherung")
    parser.add_argument("--home", type=Path, help="leerer Ordner, in den zurückgespielt wird")
    parser.add_argument("--keys", type=Path, help="Ordner mit den gesicherten Schlüsseln")
    parser.add_argument(
        "--prove", action="store_true", help="nur beweisen: anderswo zurückspielen und vergleichen"
    )


def run(options: argparse.Namespace) -> int:
    """Restore, compare every row and every file, and say the result."""
    with step("Sicherung wird gelesen"):
        backup = read_backup(options.backup)
    with _target(options, backup.profile) as place:
        restore(backup, place)
        if options.keys:
            take_keys(options.keys, place.home)
    rows = sum(table.rows for table in backup.tables.values())
    say(f"Gleich: {len(backup.tables)} Tabellen, {rows} Zeilen, {len(backup.files)} Dateien.")
    if not options.prove and not any(place.home.secrets.iterdir()):
        say("Die Schlüssel fehlen noch: bitte nach " + str(place.home.secrets) + " kopieren.")
    return 0


@contextmanager
def _target(options: argparse.Namespace, profile: str) -> Iterator[Installation]:
    """An installation that nobody uses: the named home, or a temporary one for a proof."""
    if options.prove:
        with tempfile.TemporaryDirectory(prefix="rathaus-restore-") as folder:
            yield installation(profile="embedded", home=Home(Path(folder)))
        return
    place = installation(
        profile=profile, home=Home(options.home.resolve()) if options.home else None
    )
    with place.home.claimed():
        place.home.remember(profile)
        yield place


def read_backup(folder: Path) -> Backup:
    """Read the manifest and check the hash of everything in the backup."""
    manifest = _manifest(folder)
    expected = {DUMP: manifest["dump"]}
    expected |= {f"{FILES}/{key}": digest for key, digest in manifest["files"].items()}
    broken = [name for name, digest in expected.items() if not _is_whole(folder / name, digest)]
    if broken:
        raise Problem(
            f"Die Sicherung ist beschädigt: {', '.join(broken[:5])} fehlt oder wurde verändert.",
            "The backup is damaged: a file is missing or was changed.",
        )
    tables = from_data(manifest["tables"])
    return Backup(folder, manifest["profile"], tables, manifest["files"])


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if manifest["format"] == FORMAT:
            return dict(manifest)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _no_backup(folder) from error
    raise _no_backup(folder)


def _no_backup(folder: Path) -> Problem:
    return Problem(
        f"{folder} ist keine Sicherung dieses Programms.", f"{folder} is no backup of this program."
    )


def _is_whole(path: Path, digest: str) -> bool:
    return path.is_file() and file_fingerprint(path) == digest


def restore(backup: Backup, place: Installation) -> None:
    """Fill an empty installation and compare. Raises `Problem` if it is not empty or not equal."""
    with place.database_running() as program:
        _refuse_if_used(program)
        with step("Datenbank"):
            _restore_database(backup, program)
            apply_rights(program)
        with step("Dateien"):
            if backup.files:
                files = program.home.files
                shutil.copytree(backup.folder / FILES, files, dirs_exist_ok=True)
        with step("Vergleich aller Zeilen und Dateien"):
            _compare(backup, program)


def _refuse_if_used(program: Program) -> None:
    with connect(program.owner) as connection:
        tables = tables_fingerprint(connection)
    if tables or any(program.home.files.iterdir()):
        raise Problem(
            "Zurückgespielt wird nur in eine leere Datenbank und einen leeren Ordner. "
            "Bitte mit --home einen neuen Ordner nennen.",
            "A backup is restored into an empty place only; please name one with --home.",
        )


def _restore_database(backup: Backup, program: Program) -> None:
    with connect(program.owner) as connection:
        version = connection.info.server_version // 10000
    command = [client("pg_restore", version), "--exit-on-error", "--single-transaction"]
    command += ["--no-owner", "--no-privileges", f"--dbname={program.owner}"]
    run_client([*command, backup.folder / DUMP])


def _compare(backup: Backup, program: Program) -> None:
    with connect(program.owner) as connection:
        differing = differences(backup.tables, tables_fingerprint(connection))
    differing += [
        key
        for key, digest in backup.files.items()
        if not _is_whole(program.home.files / key, digest)
    ]
    if differing:
        raise Problem(
            "Das Zurückgespielte ist nicht gleich:\n" + "\n".join(differing) + "\n",
            "What was restored is not equal",
        )


def take_keys(source: Path, home: Home) -> None:
    """Bring the keys back. Raises `Problem` where other keys are in place already."""
    for key in source.iterdir():
        present = home.secrets / key.name
        if present.exists() and present.read_bytes() != key.read_bytes():
            raise Problem(
                f"In {home.secrets} liegen schon andere Schlüssel.",
                f"Other keys are already in {home.secrets}.",
            )
    copy_keys(source, home.secrets)

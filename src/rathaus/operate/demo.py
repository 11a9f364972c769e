"""`./rathaus demo`: the whole city hall of Lindenfurt on this machine, for this machine alone."""

import argparse
import os
import socket
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml

from rathaus.demo.payment_service import KEY, SECRET
from rathaus.operate.database import migrations_fingerprint, read_notes, write_note
from rathaus.operate.front_end import fingerprint
from rathaus.operate.home import SOURCES
from rathaus.operate.installation import DEMO, installation
from rathaus.operate.opening import add_port, open_house
from rathaus.operate.problem import Problem
from rathaus.operate.processes import start
from rathaus.operate.program import Program
from rathaus.operate.progress import say, step
from rathaus.operate.supervisor import Process, Service

_NOT_DATA = {".pyc", ".html"}
_VIENNA = ZoneInfo("Europe/Vienna")
_LINDENFURT = SOURCES / "demo" / "lindenfurt"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be typed after `demo`."""
    add_port(parser, "Port des Webservers")
    parser.add_argument(
        "--small", action="store_true", help="wenige Anliegen: schneller beim ersten Start"
    )


def run(options: argparse.Namespace) -> int:
    """Serve the demo until Ctrl-C."""
    place = installation(profile=DEMO)
    place.home.remember(DEMO)
    address = f"http://127.0.0.1:{options.port}/"
    os.environ["RATHAUS_ADDRESS"] = address  # the web server writes it into mails
    beside = (
        []
        if os.environ.get("RATHAUS_STRIPE_KEY")
        else [payment_service(place.program, options.port)]
    )
    say("Rathaus wird geöffnet")
    open_house(
        place.program,
        cluster=place.cluster,
        address=("127.0.0.1", options.port),
        furnish=partial(load_lindenfurt, small=options.small),
        greet=lambda: _greet(address),
        beside=beside,
    )
    say("Rathaus ist geschlossen.")
    return 0


def payment_service(program: Program, port: int) -> Service:
    """The payment service of the demo on the next port, where no money moves; told to the house by
    its environment, as a real one would be.
    """
    own_port = _port_beside(port)
    os.environ |= {
        "RATHAUS_STRIPE_KEY": KEY,
        "RATHAUS_STRIPE_WEBHOOK_SECRET": SECRET,
        "RATHAUS_STRIPE_API": f"http://127.0.0.1:{own_port}",
    }
    books = program.home.folder / "payment_service.json"
    command = [sys.executable, "-m", "rathaus.demo.payment_service", "--port", str(own_port)]
    command += ["--shop", f"http://127.0.0.1:{port}/zahlungsdienste/stripe/", "--books", str(books)]

    def begin(log: Path) -> Process:
        with log.open("ab") as output:
            return start(command, log=output, environment=program.environment())

    return Service("payment-service", begin)


def _port_beside(port: int) -> int:
    """The next port, so that pages stay where they are; another one if it is taken."""
    for wish in (port + 1, 0):
        try:
            with socket.create_server(("127.0.0.1", wish)) as door:
                return int(door.getsockname()[1])
        except (OSError, OverflowError):
            continue
    raise Problem("Kein Port ist frei.", "No port is free")


def load_lindenfurt(program: Program, *, small: bool) -> None:
    """Fill the database with the demo city, once for each state of its data, and its queues on each
    further day.
    """
    data = [
        path
        for path in SOURCES.glob("demo/**/*")
        if path.is_file() and path.suffix not in _NOT_DATA and "tests" not in path.parts
    ]
    wanted = f"{fingerprint(data)}-{migrations_fingerprint()}"
    notes, day = read_notes(program.owner), str(datetime.now(_VIENNA).date())
    if notes.get("demo") == wanted:
        if notes.get("demo_day") != day:
            with step("Ein neuer Tag an den Schaltern"):
                program.manage("load_demo", "--today")
                write_note(program.owner, "demo_day", day)
        return
    with step("Lindenfurt, die Vorführstadt"), ThreadPoolExecutor() as beside:
        search = beside.submit(program.manage, "prepare_search")
        program.manage("load_demo", *(["--small"] if small else []))
        search.result()
        write_note(program.owner, "demo", wanted)
        write_note(program.owner, "demo_day", day)


def _greet(address: str) -> None:
    say()
    say(f"Das Rathaus ist offen:  {address}")
    say(f"Anmelden ohne Passwort: {address}demo/anmelden/  (ein Knopf für jede Person)")
    for who, name in sign_ins():
        say(f"  {who:<24} {name}")
    say("Beenden mit Strg-C")
    say()


def sign_ins() -> list[tuple[str, str]]:
    """One person of each kind and role, as the sign-in page of the demo offers them."""
    people, city = (
        yaml.safe_load((_LINDENFURT / name).read_text(encoding="utf-8"))
        for name in ("people.yaml", "city.yaml")
    )
    roles = {role["slug"]: role["name"]["de"] for role in city["roles"]}
    found = {"Bürgerin": " ".join(people["citizens"][0]["name"])}
    for person in people["staff"]:
        found.setdefault(roles[person["places"][0][0]], " ".join(person["name"]))
    return list(found.items())

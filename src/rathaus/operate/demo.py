"""`./rathaus demo`: the whole city hall of Lindenfurt on this machine, for this machine alone."""

import argparse
import os
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import yaml

from rathaus.operate.database import migrations_fingerprint, read_notes, write_note
from rathaus.operate.front_end import fingerprint
from rathaus.operate.home import SOURCES
from rathaus.operate.installation import DEMO, installation
from rathaus.operate.opening import add_port, open_house
from rathaus.operate.program import Program
from rathaus.operate.progress import say, step

_NOT_DATA = {".pyc", ".html"}
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
    say("Rathaus wird geöffnet")
    open_house(
        place.program,
        cluster=place.cluster,
        address=("127.0.0.1", options.port),
        furnish=partial(load_lindenfurt, small=options.small),
        greet=lambda: _greet(address),
    )
    say("Rathaus ist geschlossen.")
    return 0


def load_lindenfurt(program: Program, *, small: bool) -> None:
    """Fill the database with the demo city, once for each state of its data."""
    data = [
        path
        for path in SOURCES.glob("demo/**/*")
        if path.is_file() and path.suffix not in _NOT_DATA and "tests" not in path.parts
    ]
    wanted = f"{fingerprint(data)}-{migrations_fingerprint()}"
    if read_notes(program.owner).get("demo") == wanted:
        return
    with step("Lindenfurt, die Vorführstadt"), ThreadPoolExecutor() as beside:
        search = beside.submit(program.manage, "prepare_search")
        program.manage("load_demo", *(["--small"] if small else []))
        search.result()
        write_note(program.owner, "demo", wanted)


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

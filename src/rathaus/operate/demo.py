"""`./rathaus demo`: the whole city hall of Lindenfurt on this machine, for this machine alone."""

import argparse

import yaml

from rathaus.operate.database import migrations_fingerprint, read_notes, write_note
from rathaus.operate.front_end import fingerprint
from rathaus.operate.home import SOURCES
from rathaus.operate.installation import DEMO, installation
from rathaus.operate.opening import add_port, open_house
from rathaus.operate.program import Program
from rathaus.operate.progress import say, step

_NOT_DATA = {".pyc", ".html"}
_PEOPLE = SOURCES / "demo" / "lindenfurt" / "people.yaml"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be typed after `demo`."""
    add_port(parser, "Port des Webservers")


def run(options: argparse.Namespace) -> int:
    """Serve the demo until Ctrl-C."""
    place = installation(profile=DEMO)
    place.home.remember(DEMO)
    address = f"http://127.0.0.1:{options.port}/"
    say("Rathaus wird geöffnet")
    open_house(
        place.program,
        cluster=place.cluster,
        address=("127.0.0.1", options.port),
        furnish=load_lindenfurt,
        greet=lambda: _greet(address),
    )
    say("Rathaus ist geschlossen.")
    return 0


def load_lindenfurt(program: Program) -> None:
    """Fill the database with the demo city, once for each state of its data."""
    data = [
        path
        for path in SOURCES.glob("demo/**/*")
        if path.is_file() and path.suffix not in _NOT_DATA and "tests" not in path.parts
    ]
    wanted = f"{fingerprint(data)}-{migrations_fingerprint()}"
    if read_notes(program.owner).get("demo") == wanted:
        return
    with step("Lindenfurt, die Vorführstadt"):
        program.manage("load_demo")
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
    people = yaml.safe_load(_PEOPLE.read_text(encoding="utf-8"))
    found = {"Bürgerin": " ".join(people["citizens"][0]["name"])}
    for person in people["staff"]:
        role = people["roles"][person["places"][0][0]]["name"]["de"]
        found.setdefault(role, " ".join(person["name"]))
    return list(found.items())

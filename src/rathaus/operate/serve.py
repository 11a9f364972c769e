"""`./rathaus serve`: the city hall of a real city, behind its own HTTPS proxy."""

import argparse
import os

from rathaus.operate.database import read_notes
from rathaus.operate.installation import CITY, installation
from rathaus.operate.opening import add_port, open_house
from rathaus.operate.problem import Problem
from rathaus.operate.program import Program
from rathaus.operate.progress import say, step


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be typed after `serve`."""
    parser.add_argument("--host", default="127.0.0.1", help="Adresse, an der der Proxy anklopft")
    add_port(parser, "Port dazu")


def run(options: argparse.Namespace) -> int:
    """Serve until asked to stop; refuse what only a demo may do."""
    if not os.environ.get("RATHAUS_HOSTS"):
        raise Problem(
            "Bitte mit RATHAUS_HOSTS sagen, unter welchem Namen die Stadt erreichbar ist, "
            "etwa RATHAUS_HOSTS=rathaus.stadt.example.",
            "Please name the host of the city in RATHAUS_HOSTS",
        )
    place = installation(profile=CITY)
    place.home.remember(CITY)
    say("Rathaus wird geöffnet")
    with step("Sicherheitseinstellungen"):
        place.program.manage("check", "--deploy", "--fail-level", "WARNING")
    open_house(
        place.program,
        cluster=place.cluster,
        address=(options.host, options.port),
        furnish=refuse_demo_data,
        greet=lambda: say(f"\nDas Rathaus ist offen: {options.host}:{options.port} (hinter HTTPS)"),
    )
    return 0


def refuse_demo_data(program: Program) -> None:
    """Raise `Problem` where the database holds the demo city, whose people sign in by a button."""
    if "demo" in read_notes(program.owner):
        raise Problem(
            "Diese Datenbank enthält die Vorführstadt. Eine echte Stadt braucht eine eigene.",
            "This database holds the demo city; a real city needs one of its own.",
        )

"""`./rathaus import WHAT FILE`: take in data that a city already has."""

from collections.abc import Sequence

from rathaus.operate import manage
from rathaus.operate.database import migrations_fingerprint, read_notes
from rathaus.operate.installation import installation
from rathaus.operate.problem import Problem
from rathaus.operate.program import Program

# In the order in which a new city needs them.
KINDS = (
    "city",
    "chart",
    "places",
    "levies",
    "procedures",
    "forms",
    "services",
    "addresses",
    "grants",
    "camt",
)


def run(words: Sequence[str]) -> int:
    """Run the importer of that name."""
    if len(words) < 2:
        raise Problem(
            "Bitte sagen, was woher: ./rathaus import services DATEI "
            f"(möglich sind {', '.join(KINDS)})",
            "Please say what from where: ./rathaus import services FILE",
        )
    what, *rest = words
    if what not in KINDS:
        raise Problem(
            f"Was „{what}“ ist, weiß Rathaus nicht. Möglich sind: {', '.join(KINDS)}.",
            f"There is no import of {what}; choose one of {', '.join(KINDS)}",
        )
    with installation().database_running() as program:
        _require_tables(program)
        return manage.call(program, [f"import_{what}", *rest])


def _require_tables(program: Program) -> None:
    if read_notes(program.owner).get("migrations") != migrations_fingerprint():
        raise Problem(
            "Die Tabellen fehlen noch oder sind älter als das Programm. Bitte zuerst einmal "
            "öffnen: ./rathaus serve",
            "The tables are missing or old; please open once: ./rathaus serve",
        )

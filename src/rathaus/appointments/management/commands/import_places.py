"""`rathaus import places FILE`: houses with counters and numbers, and what people come for."""

from argparse import ArgumentParser
from pathlib import Path

from rathaus.appointments.actions.bringing import install_places
from rathaus.core.actor import SYSTEM
from rathaus.core.documents.files import text_of
from rathaus.core.terminal import TerminalCommand, reading


class Command(TerminalCommand):
    """Reads one YAML file; a mistake anywhere installs nothing."""

    help = "Übernimmt die Standorte mit Schaltern, Nummernkreisen und Terminangeboten."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """A file."""
        parser.add_argument("place", type=Path, help="YAML-Datei")

    def handle(self, *args: object, place: Path, **options: object) -> None:
        """Install; a mistake ends with file, line and reason, and status 1."""
        with reading(place):
            slugs = install_places(by=SYSTEM, text=text_of(place))
        self.stdout.write(f"{place}: {', '.join(slugs)}")

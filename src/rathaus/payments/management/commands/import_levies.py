"""`rathaus import levies FILE`: what the city levies each year."""

from argparse import ArgumentParser
from pathlib import Path

from rathaus.core.actor import SYSTEM
from rathaus.core.documents.files import text_of
from rathaus.core.terminal import TerminalCommand, reading
from rathaus.payments.actions.levy_kinds import install_levies


class Command(TerminalCommand):
    """Reads one YAML file; a mistake anywhere installs nothing."""

    help = "Übernimmt die wiederkehrenden Abgaben der Stadt mit Tarifen und Fälligkeiten."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """A file."""
        parser.add_argument("place", type=Path, help="YAML-Datei")

    def handle(self, *args: object, place: Path, **options: object) -> None:
        """Install; a mistake ends with file, line and reason, and status 1."""
        with reading(place):
            slugs = install_levies(by=SYSTEM, text=text_of(place))
        self.stdout.write(f"{place}: {', '.join(slugs)}")

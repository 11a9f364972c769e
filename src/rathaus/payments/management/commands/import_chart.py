"""`rathaus import chart FILE`: the accounts on which the city books."""

from argparse import ArgumentParser
from pathlib import Path

from rathaus.core.actor import SYSTEM
from rathaus.core.documents.files import text_of
from rathaus.core.terminal import TerminalCommand, reading
from rathaus.payments.actions.charting import install_chart


class Command(TerminalCommand):
    """Reads one YAML file; a mistake anywhere installs nothing."""

    help = "Übernimmt den Kontenplan der Stadt."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """A file."""
        parser.add_argument("place", type=Path, help="YAML-Datei")

    def handle(self, *args: object, place: Path, **options: object) -> None:
        """Install; a mistake ends with file, line and reason, and status 1."""
        with reading(place):
            numbers = install_chart(by=SYSTEM, text=text_of(place))
        self.stdout.write(f"{place}: {', '.join(numbers)}")

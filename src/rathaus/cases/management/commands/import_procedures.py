"""`rathaus import procedures FILE`: install how the city handles its kinds of cases."""

from argparse import ArgumentParser
from pathlib import Path

from rathaus.cases.actions import install_procedures
from rathaus.core.actor import SYSTEM
from rathaus.core.documents.files import documents_in, text_of
from rathaus.core.terminal import TerminalCommand, reading
from rathaus.core.transaction import unit_of_work


class Command(TerminalCommand):
    """Reads a YAML file, or all `*.yaml` of a folder; one mistake anywhere installs nothing."""

    help = "Übernimmt Verfahren: Fristen, Zustände, Bescheidvorlagen."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """A file or a folder."""
        parser.add_argument("place", type=Path, help="YAML-Datei oder Ordner mit YAML")

    def handle(self, *args: object, place: Path, **options: object) -> None:
        """Install; a mistake ends with file, line and reason, and status 1."""
        with reading(place), unit_of_work():
            for file in documents_in(place):
                with reading(file):
                    names = install_procedures(by=SYSTEM, text=text_of(file))
                self.stdout.write(f"{file}: {', '.join(names)}")

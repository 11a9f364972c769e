"""`rathaus import addresses FILE`: replace the city's list of addresses."""

from argparse import ArgumentParser
from pathlib import Path

from rathaus.core.actor import SYSTEM
from rathaus.core.documents.files import text_of
from rathaus.core.terminal import TerminalCommand, reading
from rathaus.services.actions import load_addresses, parse_addresses


class Command(TerminalCommand):
    """Reads a table in UTF-8 with one street a line: `postcode;place;street;first;last`."""

    help = "Ersetzt das Adressverzeichnis der Stadt (CSV: postcode;place;street;first;last)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The table."""
        parser.add_argument("file", type=Path)

    def handle(self, *args: object, file: Path, **options: object) -> None:
        """Import; a table that cannot be read ends with its line and reason, and status 1."""
        with reading(file):
            streets = parse_addresses(text_of(file))
        self.stdout.write(f"Adressen: {load_addresses(by=SYSTEM, streets=streets)}")

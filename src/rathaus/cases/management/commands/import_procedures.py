"""`rathaus import procedures FILE`: install how the city handles its kinds of cases."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from rathaus.cases.actions import install_procedures
from rathaus.cases.procedures import BadProcedure
from rathaus.core.actor import SYSTEM
from rathaus.core.transaction import unit_of_work


class Command(BaseCommand):
    """Reads a YAML file, or all `*.yaml` of a folder; one mistake anywhere installs nothing."""

    help = "Übernimmt Verfahren: Fristen, Zustände, Bescheidvorlagen."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """A file or a folder."""
        parser.add_argument("place", type=Path)

    def handle(self, *args: object, place: Path, **options: object) -> None:
        """Install; a mistake ends with file, place and reason, and status 1."""
        files = sorted(place.glob("*.yaml")) if place.is_dir() else [place]
        with unit_of_work():
            for file in files:
                self._install(file)

    def _install(self, file: Path) -> None:
        try:
            names = install_procedures(by=SYSTEM, text=file.read_text(encoding="utf-8"))
        except (BadProcedure, OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{file}: {error}", returncode=1) from error
        self.stdout.write(f"{file}: {', '.join(names)}")

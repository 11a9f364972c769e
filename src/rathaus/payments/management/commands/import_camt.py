"""`rathaus import camt FILE …`: take over what the bank tells of the account, by a nightly job."""

from argparse import ArgumentParser
from pathlib import Path

from rathaus.core.actor import SYSTEM
from rathaus.core.documents.files import bytes_of
from rathaus.core.terminal import TerminalCommand, reading
from rathaus.payments.actions import AlreadyTaken, clear_new_movements, take_bank_file
from rathaus.payments.queries import bank_tally


class Command(TerminalCommand):
    """Takes each file whole or not at all; what another file told before adds nothing."""

    help = (
        "Übernimmt Kontoauszüge der Bank (camt.052, 053, 054, auch als ZIP) und verbucht, was "
        "sicher zugeordnet ist. Dieselbe Datei ein zweites Mal ändert nichts."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The files."""
        parser.add_argument("files", type=Path, metavar="DATEI", nargs="+", help="Dateien der Bank")

    def handle(self, *args: object, files: list[Path], **options: object) -> None:
        """Import one after the other; a file that is wrong ends with line, reason and status 1."""
        for file in files:
            with reading(file):
                self._take(file)
        cleared = clear_new_movements(by=SYSTEM)
        self.stdout.write(f"Zugeordnet: {cleared} neue Zahlungseingänge angesehen")
        for label, count in bank_tally(by=SYSTEM):
            self.stdout.write(f"  {label}: {count}")

    def _take(self, file: Path) -> None:
        try:
            taken = take_bank_file(by=SYSTEM, name=file.name, content=bytes_of(file))
        except AlreadyTaken as known:
            self.stdout.write(f"{file}: {known.message}")
            return
        new = taken.told - taken.known
        self.stdout.write(f"{file}: {taken.told} Kontobewegungen, davon {new} neu")

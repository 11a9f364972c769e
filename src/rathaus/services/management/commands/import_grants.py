"""`rathaus import grants FILE`: take over how much the city sets aside for grants."""

from argparse import ArgumentParser
from pathlib import Path

from rathaus.core.actor import SYSTEM
from rathaus.core.documents.files import text_of
from rathaus.core.terminal import TerminalCommand, reading
from rathaus.services.actions import import_budgets, parse_budgets


class Command(TerminalCommand):
    """Reads a YAML file of budgets, each with its year, its sum and its source."""

    help = "Übernimmt Fördertöpfe: wie viel die Stadt in welchem Jahr wofür vorsieht."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file."""
        parser.add_argument("file", type=Path)

    def handle(self, *args: object, file: Path, **options: object) -> None:
        """Import; mistakes are all named with file, line and reason, and end with status 1."""
        with reading(file):
            report = import_budgets(by=SYSTEM, budgets=parse_budgets(text_of(file)))
        self._say("neu", report.new)
        self._say("geändert", report.changed)
        self._say("unverändert", report.same)
        self._say("von Hand gesetzt, bleibt so", report.by_hand)

    def _say(self, what: str, budgets: list[str]) -> None:
        for budget in budgets:
            self.stdout.write(f"{budget}: {what}")

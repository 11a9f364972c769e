"""`rathaus import grants FILE`: take over how much the city sets aside for grants."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from rathaus.core.actor import SYSTEM
from rathaus.core.errors import DomainError
from rathaus.services.actions import import_budgets, parse_budgets
from rathaus.services.forms.source import BadDocument
from rathaus.services.reading import Unreadable, text_of


class Command(BaseCommand):
    """Reads a YAML file of budgets, each with its year, its sum and its source."""

    help = "Übernimmt Fördertöpfe: wie viel die Stadt in welchem Jahr wofür vorsieht."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file."""
        parser.add_argument("file", type=Path)

    def handle(self, *args: object, file: Path, **options: object) -> None:
        """Import; mistakes are all named with file, line and reason, and end with status 1."""
        try:
            report = import_budgets(by=SYSTEM, budgets=parse_budgets(text_of(file)))
        except BadDocument as error:
            lines = (f"{file}: {mistake}" for mistake in error.mistakes)
            raise CommandError("\n".join(lines), returncode=1) from error
        except Unreadable as error:
            raise CommandError(str(error), returncode=1) from error
        except DomainError as error:
            raise CommandError(f"{file}: {error}", returncode=1) from error
        self._say("neu", report.new)
        self._say("geändert", report.changed)
        self._say("unverändert", report.same)
        self._say("von Hand gesetzt, bleibt so", report.by_hand)

    def _say(self, what: str, budgets: list[str]) -> None:
        for budget in budgets:
            self.stdout.write(f"{budget}: {what}")

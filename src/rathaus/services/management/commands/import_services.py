"""`rathaus import_services FILE [--offices FILE]`: take over a catalogue and say what was taken."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from rathaus.core.actor import SYSTEM
from rathaus.services import munich
from rathaus.services.actions.importing import ImportReport, Taken, import_catalogue
from rathaus.services.finder import prepare
from rathaus.services.munich import Import
from rathaus.services.reading import Unreadable, read_folder


class Command(BaseCommand):
    """Reads our own YAML (a file or a folder) or the JSON that Munich publishes."""

    help = "Übernimmt einen Leistungskatalog und berichtet, was übernommen wurde und was nicht."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """A file or folder, and for JSON the file of the offices."""
        parser.add_argument("file", type=Path, help="YAML-Datei, Ordner mit YAML, oder JSON")
        parser.add_argument("--offices", type=Path, help="JSON-Datei der Ämter")

    def handle(self, *args: object, file: Path, offices: Path | None, **options: object) -> None:
        """Import; a file that cannot be read ends with its line and reason, and status 1."""
        try:
            found = _read(file, offices)
        except Unreadable as error:
            raise CommandError(str(error), returncode=1) from error
        report = import_catalogue(by=SYSTEM, catalogue=found.catalogue)
        prepare()
        self.stdout.write("\n".join(_lines(report, found)))


def _read(file: Path, offices: Path | None) -> Import:
    if file.suffix == ".json":
        return munich.read(file, offices)
    return Import(read_folder(file), not_taken=())


def _lines(report: ImportReport, found: Import) -> list[str]:
    lines = [
        _line("Leistungen", report.services),
        _line("Ämter", report.offices),
        _line("Lebenslagen", report.life_situations),
        _line("Gruppen gleicher Wörter", report.synonyms),
    ]
    hidden = sum(not service.published for service in found.catalogue.services)
    if hidden:
        lines.append(f"Davon im Portal nicht sichtbar, weil im Original nicht öffentlich: {hidden}")
    lines += [f"Nicht übernommen: {reason}" for reason in found.left_out]
    lines += [f"Ohne Platz im Katalog: {kind}" for kind in found.not_taken]
    return lines


def _line(kind: str, taken: Taken) -> str:
    total = taken.new + taken.changed + taken.same
    return f"{kind}: {total} ({taken.new} neu, {taken.changed} geändert, {taken.same} unverändert)"

"""`rathaus import services PLACE [--offices FILE]`: take over a catalogue, say what was taken."""

from argparse import ArgumentParser
from pathlib import Path

from rathaus.core.actor import SYSTEM
from rathaus.core.terminal import TerminalCommand, reading
from rathaus.services import munich
from rathaus.services.actions.importing import ImportReport, import_catalogue
from rathaus.services.finder import prepare
from rathaus.services.munich import Import
from rathaus.services.reading import read_folder


class Command(TerminalCommand):
    """Reads our own YAML (a file or a folder) or the JSON that Munich publishes."""

    help = (
        "Übernimmt einen Leistungskatalog und berichtet, was übernommen wurde und was nicht. "
        "Gelesen werden eine YAML-Datei, ein Ordner mit YAML, oder das JSON der Stadt München: "
        "der Ordner mit services_de.json und locations_de.json, oder die Datei der Leistungen."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """A file or folder, and for JSON the file of the offices."""
        parser.add_argument(
            "file", type=Path, metavar="ORT", help="YAML-Datei, JSON-Datei der Leistungen, Ordner"
        )
        parser.add_argument(
            "--offices",
            type=Path,
            metavar="DATEI",
            help="JSON-Datei der Ämter; ohne diese Angabe die Datei locations_… daneben",
        )

    def handle(self, *args: object, file: Path, offices: Path | None, **options: object) -> None:
        """Import; a file that cannot be read ends with its line and reason, and status 1."""
        with reading(file):
            found = _read(file, offices)
            report = import_catalogue(by=SYSTEM, catalogue=found.catalogue)
        prepare()
        self.stdout.write("\n".join(_lines(report, found)))


def _read(place: Path, offices: Path | None) -> Import:
    if place.suffix == ".json" or munich.is_folder_of_json(place):
        return munich.read(place, offices)
    return Import(read_folder(place), not_taken=())


def _lines(report: ImportReport, found: Import) -> list[str]:
    lines = [
        report.services.line("Leistungen"),
        report.offices.line("Ämter"),
        report.life_situations.line("Lebenslagen"),
        report.synonyms.line("Gruppen gleicher Wörter"),
    ]
    hidden = sum(not service.published for service in found.catalogue.services)
    if hidden:
        lines.append(f"Davon im Portal nicht sichtbar, weil im Original nicht öffentlich: {hidden}")
    lines += [f"Nicht übernommen: {reason}" for reason in found.left_out]
    lines += [f"Ohne Platz im Katalog: {kind}" for kind in found.not_taken]
    return lines

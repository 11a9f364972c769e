"""`rathaus import city FILE`: take over who the city is, how it looks and who works where."""

from argparse import ArgumentParser
from pathlib import Path

from rathaus.accounts.actions.founding import CityReport, found_city
from rathaus.accounts.city_document import CityDocument, contrasts
from rathaus.accounts.city_file import read_city
from rathaus.core.actor import SYSTEM
from rathaus.core.calendar import Kind, known_holidays
from rathaus.core.localized import localize
from rathaus.core.terminal import TerminalCommand, reading


class Command(TerminalCommand):
    """Reads one YAML document; one mistake anywhere changes nothing."""

    help = (
        "Übernimmt die Stadt: Name, Behörde, Anschrift, Öffnungszeiten, Farben, Wappen, Texte, "
        "Abteilungen und Rollen. Dieselbe Datei ein zweites Mal ändert nichts."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The document."""
        parser.add_argument("file", type=Path, metavar="DATEI", help="YAML-Datei der Stadt")

    def handle(self, *args: object, file: Path, **options: object) -> None:
        """Import; mistakes are all named with line and reason, and end with status 1."""
        with reading(file):
            document, crest = read_city(file)
            report = found_city(by=SYSTEM, document=document, crest=crest)
        self.stdout.write("\n".join(_lines(report, document)))


def _lines(report: CityReport, document: CityDocument) -> list[str]:
    what = f"übernommen: {', '.join(report.city)}" if report.city else "unverändert"
    lines = [
        f"Stadt: {document.name} ({what})",
        report.departments.line("Abteilungen"),
        report.roles.line("Rollen"),
    ]
    for slug, change in report.rights.items():
        added = [f"+ {right}" for right in change["added"]]
        removed = [f"- {right}" for right in change["removed"]]
        lines.append(f"Rechte der Rolle {slug}: {', '.join(added + removed)}")
    lines += [f"Nicht in der Datei, bleibt wie es ist: {thing}" for thing in report.left]
    lines.append(f"Feiertage: {_holidays(document.federal_state)}")
    lines += [
        f"Kontrast: {ink} auf {paper} {ratio:.1f} : 1".replace(".", ",")
        for ink, paper, ratio in contrasts(document.colours)
    ]
    return lines


def _holidays(federal_state: str) -> str:
    patrons = [
        localize(holiday.name, "de")
        for holiday in known_holidays()
        if holiday.kind is Kind.PATRON and federal_state in holiday.states
    ]
    return ", ".join([f"die österreichischen, dazu für {federal_state}", *patrons])

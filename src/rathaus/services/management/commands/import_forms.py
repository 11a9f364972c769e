"""`rathaus import forms FILE`: check form documents and publish those that say something new."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import CommandError

from rathaus.core.actor import SYSTEM
from rathaus.core.documents.files import documents_in, text_of
from rathaus.core.terminal import TerminalCommand, reading
from rathaus.services.actions import publish_form
from rathaus.services.forms.document import FormDocument
from rathaus.services.forms.loading import load_yaml


class Command(TerminalCommand):
    """Reads a YAML file, or all `*.yaml` of a folder; one mistake anywhere publishes nothing."""

    help = "Prüft Formulare und veröffentlicht, was neu ist."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """A file or a folder."""
        parser.add_argument("place", type=Path, help="YAML-Datei oder Ordner mit YAML")

    def handle(self, *args: object, place: Path, **options: object) -> None:
        """Publish; mistakes are all named with file, line and reason, and end with status 1."""
        with reading(place):
            files = documents_in(place)
        for file, document in zip(files, _documents(files), strict=True):
            with reading(file):
                published = publish_form(by=SYSTEM, document=document)
            state = "neu" if published.is_new else "unverändert"
            self.stdout.write(f"{published.form}: Fassung {published.number} ({state})")


def _documents(files: list[Path]) -> list[FormDocument]:
    documents: list[FormDocument] = []
    mistakes: list[str] = []
    for file in files:
        try:
            with reading(file):
                documents.append(load_yaml(text_of(file)))
        except CommandError as refusal:
            mistakes.append(str(refusal))
    if mistakes:
        raise CommandError("\n".join(mistakes), returncode=1)
    return documents

"""`rathaus import forms FILE`: check form documents and publish those that say something new."""

from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from rathaus.core.actor import SYSTEM
from rathaus.core.errors import DomainError
from rathaus.services.actions import publish_form
from rathaus.services.forms.document import FormDocument
from rathaus.services.forms.loading import load_yaml
from rathaus.services.forms.source import BadDocument
from rathaus.services.reading import Unreadable, text_of


class Command(BaseCommand):
    """Reads a YAML file, or all `*.yaml` of a folder; one mistake anywhere publishes nothing."""

    help = "Prüft Formulare und veröffentlicht, was neu ist."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """A file or a folder."""
        parser.add_argument("place", type=Path)

    def handle(self, *args: object, place: Path, **options: object) -> None:
        """Publish; mistakes are all named with file, line and reason, and end with status 1."""
        files = sorted(place.glob("*.yaml")) if place.is_dir() else [place]
        for document in _documents(files):
            try:
                published = publish_form(by=SYSTEM, document=document)
            except DomainError as error:
                raise CommandError(f"{document.form}: {error}", returncode=1) from error
            state = "neu" if published.is_new else "unverändert"
            self.stdout.write(f"{published.form}: Fassung {published.number} ({state})")


def _documents(files: list[Path]) -> list[FormDocument]:
    documents: list[FormDocument] = []
    mistakes: list[str] = []
    for file in files:
        try:
            documents.append(load_yaml(text_of(file)))
        except BadDocument as error:
            mistakes += _located(file, error)
        except Unreadable as error:
            mistakes.append(str(error))
    if mistakes:
        raise CommandError("\n".join(mistakes), returncode=1)
    return documents


def _located(file: Path, error: BadDocument) -> Iterator[str]:
    return (f"{file}: {mistake}" for mistake in error.mistakes)

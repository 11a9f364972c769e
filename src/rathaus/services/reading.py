"""Reads catalogue files from disk: our own YAML, one file or a folder of them as one catalogue."""

from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from rathaus.services.catalogue import Catalogue, contradictions, merged
from rathaus.services.forms.loading import shape_mistakes
from rathaus.services.forms.source import BadDocument, read_yaml


class Unreadable(ValueError):
    """A file that cannot be taken; the message names file, line and reason."""


def read_folder(place: Path) -> Catalogue:
    """Read a YAML file, or all `*.yaml` of a folder. Raises `Unreadable`."""
    files = sorted(place.glob("*.yaml")) if place.is_dir() else [place]
    if not files:
        raise Unreadable(f"{place}: kein Katalog, hier liegt keine Datei mit der Endung .yaml")
    catalogue = merged(_read_file(file) for file in files)
    found = contradictions(catalogue)
    if found:
        raise Unreadable("\n".join(f"{place}: {reason}" for reason in found))
    return catalogue


def text_of(file: Path) -> str:
    """The words of a file in UTF-8. Raises `Unreadable`."""
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(f"{file}: kein Text in UTF-8 (Stelle {error.start})") from error
    except OSError as error:
        raise Unreadable(f"{file}: {error.strerror}") from error


def _read_file(file: Path) -> Catalogue:
    try:
        source = read_yaml(text_of(file))
    except BadDocument as error:
        raise Unreadable("\n".join(_located(file, error))) from error
    try:
        return Catalogue.model_validate(source.values)
    except ValidationError as error:
        mistakes = BadDocument(*shape_mistakes(error, source))
        raise Unreadable("\n".join(_located(file, mistakes))) from error


def _located(file: Path, error: BadDocument) -> Iterator[str]:
    return (f"{file}: {mistake}" for mistake in error.mistakes)

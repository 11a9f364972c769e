"""Reads catalogue files from disk: our own YAML, one file or a folder of them as one catalogue."""

from pathlib import Path

from rathaus.core.documents.files import Unreadable, documents_in, text_of
from rathaus.core.documents.mistakes import checked
from rathaus.core.documents.source import BadDocument, read_yaml
from rathaus.services.catalogue import Catalogue, contradictions, merged


def read_folder(place: Path) -> Catalogue:
    """Read a YAML file, or all `*.yaml` of a folder. Raises `Unreadable`."""
    catalogue = merged(_read_file(file) for file in documents_in(place))
    found = contradictions(catalogue)
    if found:
        raise Unreadable("\n".join(f"{place}: {reason}" for reason in found))
    return catalogue


def _read_file(file: Path) -> Catalogue:
    try:
        return checked(Catalogue, read_yaml(text_of(file)))
    except BadDocument as error:
        raise Unreadable("\n".join(f"{file}: {mistake}" for mistake in error.mistakes)) from error

"""Reads a city from its file, with the crest that lies beside it."""

from pathlib import Path

from rathaus.accounts.city_document import CityDocument, parse_city
from rathaus.core.documents.files import text_of
from rathaus.core.domain import all_rights


def read_city(file: Path) -> tuple[CityDocument, str]:
    """The city and its crest as SVG. Raises `BadDocument` and `Unreadable`."""
    return parse_city(
        text_of(file),
        rights=[right.name for right in all_rights()],
        read=lambda name: text_of(file.parent / name),
    )

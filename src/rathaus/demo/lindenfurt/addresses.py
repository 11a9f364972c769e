"""The city's list of addresses, street by street."""

from pathlib import Path

from rathaus.core.actor import SYSTEM
from rathaus.services.actions import load_addresses, parse_addresses
from rathaus.services.actions.addresses import NumberedStreet

LIST = Path(__file__).parent / "addresses.csv"


def streets() -> list[NumberedStreet]:
    """Every street with its house numbers."""
    return parse_addresses(LIST.read_text(encoding="utf-8"))


def load() -> None:
    """Bring the list up to date."""
    load_addresses(by=SYSTEM, streets=streets())

"""The city itself: name, look, texts, departments and roles."""

from pathlib import Path

from rathaus.accounts.actions import found_city
from rathaus.accounts.city_file import read_city
from rathaus.core.actor import SYSTEM

CITY = Path(__file__).with_name("city.yaml")


def load() -> None:
    """Turn the program into Lindenfurt's city hall, as `rathaus import city` would."""
    document, crest = read_city(CITY)
    found_city(by=SYSTEM, document=document, crest=crest)

"""The city's list of addresses, street by street."""

import csv
from collections.abc import Iterator
from pathlib import Path

from rathaus.services.address_key import address_key
from rathaus.services.models import StreetAddress

LIST = Path(__file__).parent / "addresses.csv"


def load() -> None:
    """Add the addresses that are not there yet."""
    StreetAddress.objects.bulk_create(_addresses(), ignore_conflicts=True, batch_size=500)


def _addresses() -> Iterator[StreetAddress]:
    with LIST.open(encoding="utf-8", newline="") as file:
        for street in csv.DictReader(file, delimiter=";"):
            for number in range(int(street["first"]), int(street["last"]) + 1):
                yield StreetAddress(
                    street=street["street"],
                    number=str(number),
                    postcode=street["postcode"],
                    place=street["place"],
                    search_key=address_key(f"{street['street']} {number}"),
                )

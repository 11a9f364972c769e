"""Lindenfurt, the fictional demo city: brought up to date by loading again."""

from rathaus.demo.lindenfurt import addresses, catalogue, city, matters, people


def load() -> None:
    """Load the city from the ground up; what is there already stays as it is."""
    city.load()
    people.load()
    addresses.load()
    catalogue.load()
    matters.load()

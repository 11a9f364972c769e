"""A city for the time of a test."""

from collections.abc import Iterator
from contextlib import contextmanager

from rathaus.core.city import forget_city
from rathaus.core.models import City


@contextmanager
def founded(**fields: object) -> Iterator[City]:
    """The one row of the city, read anew at once and forgotten afterwards."""
    City.objects.all().delete()
    city = City.objects.create(
        **{
            "name": "Stadt Lindenfurt",
            "authority": "Magistrat der Stadt Lindenfurt",
            "federal_state": "AT-4",
            **fields,
        }
    )
    forget_city()
    try:
        yield city
    finally:
        forget_city()

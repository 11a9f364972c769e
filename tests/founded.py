"""A city for the time of a test."""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.factories import make_city

from rathaus.core.city import forget_city
from rathaus.core.models import City


@contextmanager
def founded(**fields: object) -> Iterator[City]:
    """The one row of the city, read anew at once and forgotten afterwards."""
    City.objects.all().delete()
    city = make_city(**fields)
    forget_city()
    try:
        yield city
    finally:
        forget_city()

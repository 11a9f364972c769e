"""The city as every page, mail and document needs it: one row, kept in memory for a minute."""

from django.core.cache import caches

from rathaus.core.models import City

CACHE_KEY = "core.city"
SECONDS_KEPT = 60


def current_city() -> City:
    """The installed city, or a nameless one before its data is loaded."""
    city: City | None = caches["process"].get(CACHE_KEY)
    if city is None:
        city = City.objects.first() or City(name="Rathaus", authority="Magistrat", federal_state="")
        caches["process"].set(CACHE_KEY, city, SECONDS_KEPT)
    return city


def forget_city() -> None:
    """Read the row anew at the next question, and draw anew what templates kept of it (header and
    footer); for whoever changes it.
    """
    caches["process"].clear()

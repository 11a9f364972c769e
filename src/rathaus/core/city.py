"""The city as every page, mail and document needs it: one row, kept in memory for some seconds."""

from collections.abc import Mapping

from django.core.cache import caches

from rathaus.core.models import City

CACHE_KEY = "core.city"
# So long may another process show what was changed here; hardly at all while a city is founded.
SECONDS_KEPT, SECONDS_NAMELESS = 10, 1


def current_city() -> City:
    """The installed city, or a nameless one before its data is loaded."""
    city: City | None = caches["process"].get(CACHE_KEY)
    if city is None:
        found = City.objects.first()
        city = found or City(name="Rathaus", authority="Magistrat", federal_state="")
        caches["process"].set(CACHE_KEY, city, SECONDS_KEPT if found else SECONDS_NAMELESS)
    return city


def install_city(values: Mapping[str, object]) -> list[str]:
    """Make the city's one row, or bring it to these values; what changed, in German words.

    The caller's action has asked for permission and writes the trail.
    """
    city = City.objects.select_for_update().first() or City()
    changed = [name for name, value in values.items() if getattr(city, name) != value]
    for name in changed:
        setattr(city, name, values[name])
    if changed:
        city.save()
        forget_city()
    labels = {column.name: str(column.verbose_name) for column in City._meta.fields}
    return [labels[name] for name in changed]


def forget_city() -> None:
    """Read the row anew at the next question; for whoever changes it."""
    caches["process"].delete(CACHE_KEY)

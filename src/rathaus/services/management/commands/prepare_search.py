"""`rathaus prepare_search`: make the dictionary of the search, so that no first question waits."""

from django.core.management.base import BaseCommand

from rathaus.services.finder import prepare


class Command(BaseCommand):
    """Writes the dictionary into the home folder; needs no database. A second time does nothing."""

    help = "Bereitet das Wörterbuch der Suche vor."

    def handle(self, *args: object, **options: object) -> None:
        """Write it, if it is not there."""
        prepare()

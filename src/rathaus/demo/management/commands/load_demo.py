"""Fills the database with Lindenfurt, the demo city."""

from typing import Any

from django.core.management.base import BaseCommand

from rathaus.demo.lindenfurt import load


class Command(BaseCommand):
    """`rathaus load_demo`; a second time brings the data up to date and opens no matter twice."""

    help = "Lädt die Vorführstadt Lindenfurt."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load everything, from the city's crest to its open matters."""
        load()

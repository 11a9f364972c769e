"""Fills the database with Lindenfurt, the demo city."""

import gc
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from rathaus.demo.lindenfurt import load, load_today


class Command(BaseCommand):
    """`rathaus load_demo`; a second time brings the data up to date and opens no matter twice."""

    help = "Lädt die Vorführstadt Lindenfurt."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whether the whole city is wanted."""
        parser.add_argument(
            "--small", action="store_true", help="nur die von Hand geschriebenen Anliegen"
        )
        parser.add_argument(
            "--today", action="store_true", help="nur die Warteschlangen des heutigen Tages"
        )

    def handle(self, *args: Any, small: bool, today: bool, **options: Any) -> None:
        """Load everything, from the city's crest to its open matters."""
        if today:
            load_today()
            return
        gc.disable()  # makes much, frees little, ends soon: collecting would be a tenth of the time
        load(showpieces_only=small)

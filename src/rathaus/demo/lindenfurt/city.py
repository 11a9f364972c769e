"""The city itself: name, look, offices' hours, texts."""

from pathlib import Path

import yaml

from rathaus.core.city import forget_city
from rathaus.core.models import City

HERE = Path(__file__).parent


def load() -> None:
    """Make the one row that turns the program into Lindenfurt's city hall."""
    values = yaml.safe_load((HERE / "city.yaml").read_text(encoding="utf-8"))
    crest = (HERE / "crest.svg").read_text(encoding="utf-8")
    City.objects.update_or_create(only=True, defaults={**values, "crest": crest})
    forget_city()

"""An office with counters and clerks for the measurements of the queue."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(PROJECT), str(PROJECT / "src")]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rathaus.config.settings.embedded")

import django  # noqa: E402  # the path comes first

django.setup()

from tests.factories import make_city, make_clerk, make_department  # noqa: E402

from rathaus.accounts.models import Person  # noqa: E402
from rathaus.accounts.queries import actor_of  # noqa: E402
from rathaus.appointments.actions import counters as at_counter  # noqa: E402
from rathaus.appointments.models import Counter, Location, Offer  # noqa: E402
from rathaus.core.actor import Actor  # noqa: E402
from rathaus.core.models import City  # noqa: E402


@dataclass(frozen=True)
class Office:
    """A location whose counters are all open."""

    location: Location
    offer: str
    people: list[Person]
    clerks: list[Actor]

    @property
    def slug(self) -> str:
        """Its name in addresses."""
        return self.location.slug


def office(slug: str, *, counters: int) -> Office:
    """Make it, with one matter that every clerk can do."""
    if not City.objects.exists():
        make_city()
    department = make_department(slug)
    location = Location.objects.create(slug=slug, name={"de": slug}, department=department)
    Offer.objects.get_or_create(
        slug="bench-auskunft", defaults={"title": {"de": "Auskunft"}, "minutes": 5}
    )
    people, clerks = [], []
    for number in range(1, counters + 1):
        counter = Counter.objects.create(location=location, number=number, name=f"Nr. {number}")
        people.append(make_clerk(department, "appointments.serve"))
        clerks.append(actor_of(people[-1]))
        at_counter.open_counter(by=clerks[-1], counter=counter.pk)
    return Office(location, "bench-auskunft", people, clerks)

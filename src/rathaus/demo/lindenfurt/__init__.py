"""Lindenfurt, the fictional demo city: brought up to date by loading again."""

from rathaus.cases.models import Case
from rathaus.core.clock import now, today
from rathaus.demo.lindenfurt import (
    addresses,
    appointments,
    banking,
    catalogue,
    chart,
    city,
    counters,
    paying,
    people,
    residents,
    searches,
    showpieces,
    storytelling,
)
from rathaus.demo.lindenfurt.chronicle import Chronicle, founded_at, founding, quietly
from rathaus.demo.lindenfurt.colleagues import Colleagues


def load(*, showpieces_only: bool = False) -> None:
    """Load the city from the ground up; what is there already stays as it is.

    It comes with seven months of everybody's matters, or with the hand-written ones of the people
    on the sign-in page alone (`showpieces_only`). A house that has matters keeps them.
    """
    years = {founded_at().year, now().year}
    everybody = [] if showpieces_only else residents.residents(addresses.streets())
    with founding():
        city.load()
        chart.load()
        people.load()
        residents.settle(everybody)
        addresses.load()
        catalogue.load(years)
    appointments.load()
    if not Case.objects.exists():
        stories = storytelling.stories(everybody, addresses.streets(), today()) if everybody else []
        Chronicle([*stories, *showpieces.showpieces(now())]).tell()
        colleagues = Colleagues()
        paying.load(colleagues)
        banking.load(colleagues)
        searches.load()
    with quietly():
        appointments.book()
    counters.load()

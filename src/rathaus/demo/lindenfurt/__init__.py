"""Lindenfurt, the fictional demo city: brought up to date by loading again."""

from rathaus.cases.models import Case
from rathaus.core.clock import now, today
from rathaus.demo.lindenfurt import (
    addresses,
    appointments,
    catalogue,
    chart,
    city,
    help_calls,
    levies,
    money,
    people,
    residents,
    searches,
    showpieces,
    storytelling,
    video,
)
from rathaus.demo.lindenfurt.bookings import Bookings
from rathaus.demo.lindenfurt.chronicle import Chronicle, Matters, founded_at, founding, quietly
from rathaus.demo.lindenfurt.colleagues import Colleagues
from rathaus.demo.lindenfurt.money import Claims, Treasury
from rathaus.demo.lindenfurt.money_coming import Bank, Desk
from rathaus.demo.lindenfurt.people import person_id
from rathaus.demo.lindenfurt.queue_days import QueueDays, send_home

# So many past days of queues, and the minutes between two people who come.
QUEUES = {"past": 6, "minutes_between": 6}
QUEUES_OF_SHOWPIECES = {"past": 1, "minutes_between": 15}


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
        levies.load()
        people.load()
        residents.settle(everybody)
        addresses.load()
        catalogue.load(years)
        appointments.found()
    appointments.load()
    if Case.objects.exists():
        load_today()
        return
    stories = storytelling.stories(everybody, addresses.streets(), today()) if everybody else []
    until, colleagues, plan = now(), Colleagues(), appointments.plan()
    owed, claims = money.plan(), Claims()
    queues = QUEUES_OF_SHOWPIECES if showpieces_only else QUEUES
    Chronicle(
        [
            Matters([*stories, *showpieces.showpieces(until), *levies.matters(until)], colleagues),
            Bookings(plan, colleagues, until),
            QueueDays(plan, colleagues, until, **queues),
            Treasury(owed, colleagues, until, claims),
            Bank(
                owed, colleagues, until, claims, frozenset(person_id(one.slug) for one in everybody)
            ),
            Desk(owed, colleagues, until, claims),
            help_calls.tell,
        ],
        until,
    ).tell()
    with quietly():
        levies.tell(colleagues)
    searches.load()
    video.load()


def load_today() -> None:
    """Let the queues of today run up to this moment; those that run already go on by themselves."""
    until = now()
    send_home()
    queues = QueueDays(appointments.plan(), Colleagues(), until, **QUEUES)
    Chronicle([queues.today], until).tell()
    video.load()

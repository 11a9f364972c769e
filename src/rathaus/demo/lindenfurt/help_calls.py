"""A call for help of some days ago for the list of the head, and whom the house writes to."""

from datetime import date, datetime, time, timedelta
from functools import partial

from rathaus.accounts.queries import actor_by_id
from rathaus.appointments.actions import helping
from rathaus.appointments.help_calls import Outcome
from rathaus.appointments.models import Duty, HelpTermsRow
from rathaus.core.clock import VIENNA, today
from rathaus.demo.lindenfurt.agenda import Agenda
from rathaus.demo.lindenfurt.people import person_id

CALLER, COLLEAGUE = "mirjana-petrovic", "georg-aichinger"
BEGAN, LIST = date(2026, 1, 1), ["wache@lindenfurt.example"]
DAYS_AGO = 4
CALLED = time(10, 42, 7)
ANSWERED, CLOSED = timedelta(seconds=9), timedelta(minutes=6, seconds=20)
NOTE = "Lautes Gespräch, gemeinsam beruhigt"


def tell(agenda: Agenda) -> None:
    """Somebody called, a colleague came, and it was closed: each at its own moment."""
    duty = Duty.objects.filter(person_id=person_id(CALLER)).select_related("counter__location")
    post = duty.order_by("pk").first()
    if post is None:
        return
    place = post.counter.location
    HelpTermsRow.objects.create(location=place, valid_from=BEGAN, emails=LIST)
    begin = datetime.combine(today() - timedelta(days=DAYS_AGO), CALLED, VIENNA)
    agenda.at(begin, partial(_call, agenda, begin, place.slug, post.counter_id))


def _call(agenda: Agenda, begin: datetime, place: str, counter: int) -> None:
    caller, colleague = actor_by_id(person_id(CALLER)), actor_by_id(person_id(COLLEAGUE))
    call = helping.call_for_help(by=caller, location=place, counter=counter)
    agenda.at(begin + ANSWERED, partial(helping.come_to_help, by=colleague, call=call))
    done = partial(helping.close_help, by=caller, call=call, outcome=Outcome.DONE, note=NOTE)
    agenda.at(begin + CLOSED, done)

"""A call for help of some days ago for the list of the head, and whom the house writes to."""

from datetime import date, datetime, time, timedelta

from rathaus.accounts.queries import actor_by_id
from rathaus.appointments.actions import helping
from rathaus.appointments.help_calls import Outcome
from rathaus.appointments.models import Duty, HelpCall, HelpTermsRow
from rathaus.core.clock import VIENNA, as_of, today
from rathaus.demo.lindenfurt.people import person_id

CALLER, COLLEAGUE = "mirjana-petrovic", "georg-aichinger"
BEGAN, LIST = date(2026, 1, 1), ["wache@lindenfurt.example"]
DAYS_AGO = 4
CALLED = time(10, 42, 7)
ANSWERED, CLOSED = timedelta(seconds=9), timedelta(minutes=6, seconds=20)
NOTE = "Lautes Gespräch, gemeinsam beruhigt"


def load() -> None:
    """Let it have happened; twice changes nothing."""
    duty = Duty.objects.filter(person_id=person_id(CALLER)).select_related("counter__location")
    found = duty.order_by("pk").first()
    if found is None or HelpCall.objects.exists():
        return
    HelpTermsRow.objects.create(location=found.counter.location, valid_from=BEGAN, emails=LIST)
    begin = datetime.combine(today() - timedelta(days=DAYS_AGO), CALLED, VIENNA)
    caller, colleague = actor_by_id(person_id(CALLER)), actor_by_id(person_id(COLLEAGUE))
    with as_of(begin):
        place = found.counter.location.slug
        call = helping.call_for_help(by=caller, location=place, counter=found.counter_id)
    with as_of(begin + ANSWERED):
        helping.come_to_help(by=colleague, call=call)
    with as_of(begin + CLOSED):
        helping.close_help(by=caller, call=call, outcome=Outcome.DONE, note=NOTE)

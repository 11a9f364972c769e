"""Run inside the house: a counter for events that is open every day, today until midnight, so that
whoever tests finds a time.
"""

from datetime import date, time

from rathaus.accounts.models import Department, Membership, Person, Role
from rathaus.appointments.models import (
    Counter,
    Duty,
    Location,
    Offer,
    OpeningHours,
    Skill,
    StaffSkill,
    TicketSeries,
)
from rathaus.core.clock import today

BEGAN = date(2026, 1, 1)
MORNING, WHOLE_DAY = (time(8), time(13)), (time(0), time(23, 59))

office = Department.objects.get(slug="gewerbe-und-veranstaltungen")
place = Location.objects.create(
    slug="veranstaltungen",
    name={"de": "Veranstaltungsservice", "en": "Event service"},
    department=office,
    address="Rathausplatz 3\n4890 Lindenfurt",
)
clerk = Person.objects.get(given_name="Birgit", family_name="Schwarz")
head_of_counters = Role.objects.get(slug="schalterleitung")
Membership.objects.create(person=clerk, role=head_of_counters, department=office)
skill = Skill.objects.create(slug="feste", name={"de": "Feste", "en": "Events"})
StaffSkill.objects.create(person=clerk, skill=skill)
counter = Counter.objects.create(location=place, number=1, name="Schalter 1")
offer = Offer.objects.create(
    slug="fest-besprechen",
    title={"de": "Veranstaltung besprechen", "en": "Talk about an event"},
    advice={"de": "Bitte bringen Sie einen Lageplan mit.", "en": "Please bring a site plan."},
    minutes=15,
    step_minutes=5,
    lead_minutes=0,
    skill=skill,
    service_slug="fest-am-rathausplatz",
)
series = TicketSeries.objects.create(
    location=place, letter="V", title={"de": "Veranstaltungen", "en": "Events"}
)
series.offers.add(offer)
for weekday in range(7):
    opens, closes = WHOLE_DAY if weekday == today().weekday() else MORNING
    OpeningHours.objects.create(
        location=place, weekday=weekday, opens=opens, closes=closes, valid_from=BEGAN
    )
    Duty.objects.create(
        person=clerk,
        counter=counter,
        weekday=weekday,
        starts=opens,
        ends=closes,
        valid_from=BEGAN,
    )

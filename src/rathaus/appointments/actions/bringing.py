"""Takes the places that a city brings along into the house."""

from rathaus.accounts.queries import departments as all_departments
from rathaus.appointments.models import (
    Counter,
    Location,
    Offer,
    OpeningHours,
    Quota,
    Skill,
    TicketSeries,
)
from rathaus.appointments.places_document import (
    HoursEntry,
    OfferEntry,
    PlaceEntry,
    SeriesEntry,
    parse_places,
)
from rathaus.audit.actions import record
from rathaus.core.actor import Actor
from rathaus.core.clock import today
from rathaus.core.documents.parts import Weekday
from rathaus.core.transaction import atomic

PLAN = "appointments.plan"
WEEKDAYS = {day: number for number, day in enumerate(Weekday)}


@atomic
def install_places(*, by: Actor, text: str) -> list[str]:
    """Install or change the places and offers of a YAML text; the slugs of the places.

    What is not named stays. Opening hours and quotas are taken for a place that has none: later
    they are the planners'. Raises `NotAllowed` without `appointments.plan` for the whole city, and
    `BadDocument` with line and reason; nothing is installed then.
    """
    by.require(PLAN)
    known = {department.slug: department.pk for department in all_departments()}
    document = parse_places(text, departments=known.keys())
    skills = {
        slug: Skill.objects.update_or_create(slug=slug, defaults={"name": name.plain()})[0]
        for slug, name in document.skills.items()
    }
    for offer in document.offers:
        _install_offer(offer, skills.get(offer.skill or ""))
    for place in document.locations:
        _install_place(place, known[place.department])
    slugs = [place.slug for place in document.locations]
    record(
        by=by,
        did="appointments.places_installed",
        thing_type="location",
        thing_id=", ".join(slugs)[:120],
    )
    return slugs


def _install_offer(entry: OfferEntry, skill: Skill | None) -> None:
    values = entry.model_dump(exclude={"slug", "title", "advice", "kinds", "skill", "service"})
    values |= {
        "title": entry.title.plain(),
        "advice": entry.advice.plain() if entry.advice else {},
        "kinds": list(entry.kinds),
        "skill": skill,
        "service_slug": entry.service or "",
    }
    Offer.objects.update_or_create(slug=entry.slug, defaults=values)


def _install_place(entry: PlaceEntry, department: int) -> None:
    place, _is_new = Location.objects.update_or_create(
        slug=entry.slug,
        defaults={
            "name": entry.name.plain(),
            "department_id": department,
            "address": entry.address,
        },
    )
    for counter in entry.counters:
        Counter.objects.update_or_create(
            location=place,
            number=counter.number,
            defaults={"name": counter.name, "kind": counter.kind},
        )
    for series in entry.series:
        _install_series(place, series)
    if not place.hours.exists():
        OpeningHours.objects.bulk_create(
            row for hours in entry.hours for row in _hours(place, hours)
        )
    if not place.quotas.exists():
        Quota.objects.bulk_create(
            Quota(location=place, channel=channel, share=share)
            for channel, share in entry.quotas.items()
        )


def _install_series(place: Location, entry: SeriesEntry) -> None:
    series, _is_new = TicketSeries.objects.update_or_create(
        location=place, letter=entry.letter, defaults={"title": entry.title.plain()}
    )
    series.offers.set(Offer.objects.filter(slug__in=entry.offers))


def _hours(place: Location, entry: HoursEntry) -> list[OpeningHours]:
    channels = {"channels": ["online", "phone"]} if entry.by_appointment else {}
    return [
        OpeningHours(
            location=place,
            weekday=WEEKDAYS[day],
            opens=entry.opens,
            closes=entry.closes,
            valid_from=entry.valid_from or today(),
            **channels,
        )
        for day in entry.days
    ]

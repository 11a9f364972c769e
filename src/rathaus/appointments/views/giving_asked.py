"""What the address of the page asks for on which staff give appointments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.http import QueryDict

from rathaus.appointments.channels import Channel, Kind
from rathaus.appointments.models import Location, Offer
from rathaus.appointments.needs import Wish
from rathaus.appointments.queries.free import Wanted, earliest_of
from rathaus.appointments.queries.offers import offer_of_service
from rathaus.appointments.queries.video import meets_by_video
from rathaus.appointments.views import asked as reading
from rathaus.core.actor import Actor
from rathaus.core.clock import local_date, now
from rathaus.core.domain import Applicant, applicant_of, case_address
from rathaus.core.errors import NotFound

STAFF_CHANNELS = (Channel.PHONE, Channel.WALK_IN)


@dataclass(frozen=True)
class Search:
    """A wish at one of the clerk's own locations, by which way it comes in, and from which day.

    `without_video` says that a meeting by video was asked for where there is none; `applicant` is
    whose case it is for.
    """

    asked: reading.Asked
    channel: Channel
    since: date | None
    without_video: bool
    applicant: Applicant | None = None

    @property
    def wanted(self) -> Wanted:
        """What to look for."""
        return replace(self.asked.wanted, channel=self.channel.value)

    @property
    def named(self) -> list[tuple[Wish, Offer]]:
        """Each wish with its offer."""
        return list(zip(self.asked.wishes, self.asked.offers, strict=True))

    @property
    def by_video(self) -> bool:
        """Whether people meet by video."""
        return self.asked.chosen_kind == Kind.VIDEO

    def query(self) -> str:
        """The same as the end of an address, without the day."""
        return self.asked.query(weg=self.channel.value)


def wishes_in(data: QueryDict) -> QueryDict:
    """The address with its wishes in one form, whether a form's rows, a service, or wishes."""
    found = data.copy()
    if "wunsch" in data:
        return found
    persons = data.getlist("personen")
    pairs = [
        (offer, persons[number] if number < len(persons) else "")
        for number, offer in enumerate(data.getlist("angebot"))
        if offer
    ]
    service = data.get("leistung", "")
    if not pairs and service and reading.is_plain(service):
        preset = offer_of_service(service)
        pairs = [(preset.slug, "1")] if preset else []
    found.setlist("wunsch", [f"{offer}:{number}" for offer, number in pairs])
    return found


def search_in(by: Actor, data: QueryDict, places: Sequence[Location]) -> Search | None:
    """What is looked for, once something is chosen; at the location with the first free time where
    none is named.

    Raises `UnknownOffer`, `UnknownLocation`, `NotFound` for a location where the clerk does not
    serve, and like `free_slots`.
    """
    wishes = wishes_in(data)
    if not wishes.getlist("wunsch"):
        return None
    asked = reading.asked_in(wishes)
    if asked.location is not None and asked.location not in places:
        raise NotFound
    channel = channel_in(data)
    fit = [place for place in places if _fits(asked, place)]
    without_video = asked.kind == Kind.VIDEO and not fit
    if without_video or (asked.location is not None and asked.location not in fit):
        asked, fit, without_video = replace(asked, kind=""), list(places), True
    if asked.location is None:
        asked = replace(asked, location=_first_free(asked, channel, fit))
    case = asked.case if asked.case and case_address(by, asked.case) else ""
    applicant = applicant_of(by, case) if case else None
    return Search(replace(asked, case=case), channel, day_asked(data), without_video, applicant)


def channel_in(data: QueryDict) -> Channel:
    """Telephone, unless it is said that somebody stands here."""
    named = data.get("weg", "")
    return next((channel for channel in STAFF_CHANNELS if channel == named), Channel.PHONE)


def moment_asked(data: QueryDict) -> datetime | None:
    """The time that is chosen already, if any; on another day than the named one it is not."""
    chosen = data.get("beginn", "")
    if not chosen:
        return None
    begins_at = reading.moment_in(chosen)
    day = reading.calendar_day_in(data.get("ab", ""))
    return begins_at if day in (None, local_date(begins_at)) else None


def day_asked(data: QueryDict) -> date | None:
    """The day from which to look, if one is named."""
    begins_at = moment_asked(data)
    named = reading.calendar_day_in(data.get("ab", ""))
    return named or (local_date(begins_at) if begins_at else None)


def _fits(asked: reading.Asked, place: Location) -> bool:
    """Whether people meet there as they want to."""
    return asked.kind != Kind.VIDEO or (Kind.VIDEO in asked.kinds and meets_by_video(place))


def _first_free(asked: reading.Asked, channel: Channel, places: Sequence[Location]) -> Location:
    wanted = [
        replace(replace(asked, location=place).wanted, channel=channel.value) for place in places
    ]
    earliest = earliest_of(wanted, now())
    return next(
        (place for place in places if earliest and place.slug == earliest.location), places[0]
    )

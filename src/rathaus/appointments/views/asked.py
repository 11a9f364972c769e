"""What an address asks for: offers with persons, a location, a month, a day, a moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, QueryDict

from rathaus.appointments.channels import Kind
from rathaus.appointments.errors import InThePast, UnknownLocation, UnknownOffer
from rathaus.appointments.models import Location, Offer
from rathaus.appointments.needs import Wish
from rathaus.appointments.queries.free import Wanted
from rathaus.appointments.queries.offers import location_named, offers_named
from rathaus.core.clock import VIENNA
from rathaus.core.errors import NotFound

MOST_WISHES = 6
MOST_PERSONS = 99
MOST_DIGITS = 9
YEARS = (2000, 2200)  # what a calendar of appointments can be asked about
SEEN, PROVED = "termine", "termine_bewiesen"
MOST_REMEMBERED = 20
LONGEST_NUMBER = 24


@dataclass(frozen=True)
class Asked:
    """The offers somebody chose, where, and how people meet; `case` is the number of the case that
    it is for, as the address says it.
    """

    wishes: Sequence[Wish]
    offers: Sequence[Offer]
    location: Location | None
    case: str = ""
    kind: str = ""

    @property
    def kinds(self) -> list[Kind]:
        """How people can meet for all of it, in the house first."""
        return [kind for kind in Kind if all(kind in offer.kinds for offer in self.offers)]

    @property
    def wanted(self) -> Wanted:
        """What to look for. Raises `UnknownLocation` while none is chosen."""
        if self.location is None:
            raise UnknownLocation
        return Wanted(self.location.slug, tuple(self.wishes), kind=self.chosen_kind)

    @property
    def chosen_kind(self) -> str:
        """How people meet: in the house unless they chose otherwise, or it is not offered there."""
        kinds = self.kinds
        if self.kind in kinds or not kinds:
            return self.kind
        return kinds[0].value

    def query(self, **more: str) -> str:
        """The same as the end of an address."""
        pairs = [("wunsch", f"{wish.offer}:{wish.persons}") for wish in self.wishes]
        if self.location is not None:
            pairs.append(("ort", self.location.slug))
        if self.kind:
            pairs.append(("art", self.kind))
        if self.case:
            pairs.append(("anliegen", self.case))
        return urlencode([*pairs, *more.items()])


def asked_in(data: QueryDict) -> Asked:
    """What the address says. Raises `UnknownOffer`, and `UnknownLocation` for one there is not."""
    wishes = [_wish(text) for text in data.getlist("wunsch")[:MOST_WISHES]]
    found = offers_named(wishes)
    if not wishes or len(found) < len(wishes):
        raise UnknownOffer
    slug = data.get("ort", "")
    location = location_named(slug) if is_plain(slug) else None
    if slug and location is None:
        raise UnknownLocation
    case = data.get("anliegen", "")
    is_number = is_plain(case) and len(case) <= LONGEST_NUMBER
    kind = data.get("art", "")
    known_kind = kind if kind in set(Kind) else ""
    return Asked(wishes, found, location, case if is_number else "", known_kind)


def chosen_place(request: HttpRequest, places: Sequence[Location]) -> Location | None:
    """Of these locations the one that is asked for, else the first if there is any.

    Raises `NotFound` for one that is not among them.
    """
    slug = request.GET.get("ort", "")
    if not slug:
        return places[0] if places else None
    for place in places:
        if place.slug == slug:
            return place
    raise NotFound


def number_of(text: str) -> int | None:
    """A key or a number of a form; nothing where nothing was typed. Raises `NotFound`."""
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS):
        raise NotFound
    return int(text)


def is_plain(text: str) -> bool:
    """Whether a database takes the text."""
    return "\x00" not in text


def _wish(text: str) -> Wish:
    offer, _colon, persons = text.partition(":")
    if not is_plain(offer):
        raise UnknownOffer
    return Wish(offer, persons_in(persons) or 1)


def persons_in(text: str) -> int | None:
    """A number of persons, if it is one; more than anybody takes is as good as too many."""
    if text.isascii() and text.isdecimal():
        return min(int(text[:4]), MOST_PERSONS)
    return None


def day_in(text: str) -> date | None:
    """A day like `2026-12-01`, or the first of a month like `2026-12`."""
    try:
        return date.fromisoformat(f"{text}-01" if len(text) == len("2026-12") else text)
    except ValueError:
        return None


def calendar_day_in(text: str) -> date | None:
    """A day that a calendar can show, if it is one."""
    day = day_in(text)
    return day if day is not None and YEARS[0] <= day.year <= YEARS[1] else None


def moment_in(text: str) -> datetime:
    """A moment like `2026-12-01T09:00+01:00`; one without a zone is Vienna's. Raises `InThePast`
    for what is none, or lies outside of any calendar.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise InThePast from error
    if not YEARS[0] <= moment.year <= YEARS[1]:
        raise InThePast
    return moment if moment.tzinfo else moment.replace(tzinfo=VIENNA)


def key_in(text: str) -> UUID | None:
    """The key of a form, if it is one."""
    try:
        return UUID(text)
    except ValueError:
        return None


def seen_in(request: HttpRequest) -> set[UUID]:
    """The bookings that were made or proved in this browser."""
    return _kept(request, SEEN) | _kept(request, PROVED)


def proved_in(request: HttpRequest) -> set[UUID]:
    """The bookings whose mail's link was used in this browser."""
    return _kept(request, PROVED)


def remember(request: HttpRequest, booking: UUID, *, proved: bool = False) -> None:
    """Let this browser come back to a booking."""
    name = PROVED if proved else SEEN
    known: list[str] = request.session.get(name, [])
    request.session[name] = [*(key for key in known if key != str(booking)), str(booking)][
        -MOST_REMEMBERED:
    ]


def _kept(request: HttpRequest, name: str) -> set[UUID]:
    kept: Mapping[str, object] = request.session
    keys = kept.get(name, [])
    return {UUID(str(key)) for key in keys} if isinstance(keys, list) else set()

"""The waitlist as those who wait see it: their entries, and what they are offered just now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from rathaus.appointments.models import Location, Offer, Proposal, WaitlistEntry
from rathaus.appointments.models.waitlist import DAY_PARTS
from rathaus.appointments.needs import Terms
from rathaus.appointments.waitlist_states import Answer, Waiting, is_open
from rathaus.core.actor import Actor
from rathaus.core.clock import local_date, now
from rathaus.core.domain import ExportSection, Matter
from rathaus.core.errors import NotFound
from rathaus.core.localized import Localized, localize

MOST_SHOWN = 50
TONES = {Waiting.OFFERED: "warning", Waiting.WAITING: "info", Waiting.TAKEN: "success"}


@dataclass(frozen=True)
class OwnProposal:
    """A time that is kept for somebody, and the minutes that are left to answer."""

    begins_at: datetime
    ends_at: datetime
    location: Localized
    address: str
    until: datetime
    minutes_left: int


@dataclass(frozen=True)
class OwnEntry:
    """An entry as its owner sees it; `ahead` is how many wait longer for one of the same offers."""

    id: UUID
    titles: Sequence[Localized]
    locations: Sequence[Localized]
    earliest: date
    latest: date
    parts: Sequence[str]
    notice_hours: int
    state: str
    status: str
    tone: str
    is_open: bool
    ahead: int
    own_begins: datetime | None
    proposal: OwnProposal | None


def my_entries(*, by: Actor) -> list[OwnEntry]:
    """What a citizen waits for, and what became of it: the newest first."""
    rows = WaitlistEntry.objects.visible_to(by).select_related("booking")
    return [_own(row) for row in rows.order_by("-made_at")[:MOST_SHOWN]]


def own_entry(*, by: Actor, entry: UUID) -> OwnEntry:
    """One entry of a citizen, or `NotFound`."""
    rows = WaitlistEntry.objects.visible_to(by).select_related("booking")
    row = rows.filter(pk=entry).first()
    if row is None:
        raise NotFound
    return _own(row)


def entry_of_link(entry: UUID) -> OwnEntry:
    """The entry that a mail's link belongs to: whoever holds the link sees it."""
    return _own(WaitlistEntry.objects.select_related("booking").get(pk=entry))


def terms_of(slugs: Iterable[str]) -> dict[str, Terms]:
    """What the offers say of themselves, by name."""
    rows = Offer.objects.filter(slug__in=list(slugs), active=True).select_related("skill")
    return {
        row.slug: Terms(
            offer=row.slug,
            minutes=row.minutes,
            further_minutes=row.further_minutes,
            max_persons=row.max_persons,
            kinds=frozenset(row.kinds),
            skill=row.skill.slug if row.skill else "",
        )
        for row in rows
    }


def matters(person: UUID) -> Iterable[Matter]:
    """What somebody waits for, by the id of the entry."""
    for row in WaitlistEntry.objects.filter(person=person).open():
        names = ", ".join(localize(title) for title in _titles(row))
        title = _("Warteliste: %(what)s") % {"what": names}
        yield Matter(str(row.pk), title, local_date(row.made_at))


def personal_data(person: UUID) -> Iterable[ExportSection]:
    """All entries of the person, in one section."""
    rows = WaitlistEntry.objects.filter(person=person).order_by("made_at")
    found = [
        {
            _("Anliegen"): ", ".join(localize(title) for title in _titles(row)),
            _("frühestens"): row.earliest,
            _("spätestens"): row.latest,
            _("Stand"): row.get_state_display(),
            _("gemacht"): row.made_at,
        }
        for row in rows
    ]
    if found:
        yield ExportSection(_("Warteliste"), found)


def _own(row: WaitlistEntry) -> OwnEntry:
    state = Waiting(row.state)
    places = Location.objects.filter(slug__in=row.locations).order_by("slug")
    words = dict(DAY_PARTS)
    return OwnEntry(
        id=row.pk,
        titles=_titles(row),
        locations=[place.name for place in places],
        earliest=row.earliest,
        latest=row.latest,
        parts=[str(words[part]) for part in words if part in row.parts],
        notice_hours=row.notice_hours,
        state=state.value,
        status=row.get_state_display(),
        tone=TONES.get(state, "neutral"),
        is_open=is_open(state),
        ahead=_ahead(row),
        own_begins=row.booking.begins_at if row.booking and is_open(state) else None,
        proposal=_proposal(row) if state is Waiting.OFFERED else None,
    )


def _titles(row: WaitlistEntry) -> list[Localized]:
    slugs = [wish["offer"] for wish in row.chosen]
    found = dict(Offer.objects.filter(slug__in=slugs).values_list("slug", "title"))
    return [found[slug] for slug in slugs if slug in found]


def _ahead(row: WaitlistEntry) -> int:
    if row.joined_at is None or row.state != Waiting.WAITING:
        return 0
    slugs = [wish["offer"] for wish in row.chosen]
    others = WaitlistEntry.objects.open().filter(joined_at__lt=row.joined_at)
    return others.filter(places__offer__in=slugs).distinct().count()


def _proposal(row: WaitlistEntry) -> OwnProposal | None:
    found: Proposal | None = (
        row.proposals.select_related("location").filter(answer=Answer.OPEN, until__gt=now()).first()
    )
    if found is None:
        return None
    return OwnProposal(
        begins_at=found.begins_at,
        ends_at=found.ends_at,
        location=found.location.name,
        address=found.location.address,
        until=found.until,
        minutes_left=-(-(found.until - now()) // timedelta(minutes=1)),
    )

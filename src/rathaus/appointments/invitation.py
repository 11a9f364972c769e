"""A booking as a calendar entry that every calendar program understands (RFC 5545, RFC 5546)."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from icalendar import Alarm, Calendar, Event, vCalAddress, vText

RINGS_BEFORE = timedelta(hours=1)


class Method(StrEnum):
    """What the calendar is to do: note (or change) the entry, or take it out."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands in the entry. `revision` grows with every change of the booking; `page` is where
    its owner sees it; `host` is the name of the house's machine, `organizer` its mail address.
    """

    booking: UUID
    revision: int
    begins_at: datetime
    ends_at: datetime
    written_at: datetime
    title: str
    place: str
    text: str
    page: str
    organizer: str
    organizer_name: str
    attendee: str
    host: str


def calendar_entry(entry: Entry, method: Method) -> str:
    """The text of an `.ics` file; the same booking always has the same UID.

    Times are in UTC, so that no calendar needs to know our zone. Raises `ValueError` for times
    that are not aware.
    """
    if entry.begins_at.tzinfo is None or entry.ends_at.tzinfo is None:
        raise ValueError("times must be aware")
    calendar = Calendar()
    calendar.add("prodid", "-//Rathaus//Termine//DE")
    calendar.add("version", "2.0")
    calendar.add("method", method.value)
    calendar.add_component(_event(entry, method))
    text: str = calendar.to_ical().decode()
    return text


def _event(entry: Entry, method: Method) -> Event:
    event = Event()
    event.add("uid", f"{entry.booking}@{entry.host}")
    event.add("sequence", entry.revision)
    event.add("dtstamp", _utc(entry.written_at))
    event.add("dtstart", _utc(entry.begins_at))
    event.add("dtend", _utc(entry.ends_at))
    event.add("summary", entry.title)
    event.add("location", entry.place)
    event.add("description", entry.text)
    event.add("url", entry.page)
    event.add("status", "CANCELLED" if method is Method.CANCEL else "CONFIRMED")
    organizer = vCalAddress(f"mailto:{entry.organizer}")
    organizer.params["CN"] = vText(entry.organizer_name)
    event.add("organizer", organizer)
    if entry.attendee:
        event.add("attendee", vCalAddress(f"mailto:{entry.attendee}"))
    if method is Method.REQUEST:
        event.add_component(_alarm(entry.title))
    return event


def _alarm(title: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", -RINGS_BEFORE)
    return alarm


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)

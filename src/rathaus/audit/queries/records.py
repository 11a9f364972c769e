"""The trail for auditors and for the machine: all deeds, but not which citizen they touched."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils.formats import date_format, number_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from rathaus.audit import chain
from rathaus.audit.models import EXAMINED, Act, Entry
from rathaus.audit.queries.pages import ROWS_AT_ONCE, Page, newest_first
from rathaus.core.actor import Actor, ActorKind
from rathaus.core.domain import DashboardCard


@dataclass(frozen=True)
class Filter:
    """What an auditor looks for; empty is everything."""

    case: str = ""
    did: str = ""
    act: str = ""
    actor: UUID | None = None

    def condition(self) -> Q:
        """The filter for the database; people are found by what they did as staff only."""
        wanted = {
            "case": self.case,
            "did__startswith": self.did,
            "act": self.act,
            "actor": self.actor,
            "actor_kind": ActorKind.STAFF if self.actor else None,
        }
        return Q(**{name: value for name, value in wanted.items() if value})


@dataclass(frozen=True)
class Record:
    """One deed as auditors see it: which member of staff, but not which citizen."""

    seq: int
    at: datetime
    act: Act
    did: str
    office: str
    actor: UUID | None
    case: str
    why: str
    people: int


def records(
    *, by: Actor, wanted: Filter, before: int | None = None, limit: int = 50
) -> Page[Record]:
    """The trail for auditors. Raises `NotAllowed` without the right `audit.read`."""
    by.require("audit.read")
    found, older = newest_first(Entry.objects.filter(wanted.condition()), before, limit)
    return Page([_record(entry) for entry in found], older)


def _record(entry: Entry) -> Record:
    return Record(
        seq=entry.seq,
        at=entry.at,
        act=Act(entry.act),
        did=entry.did,
        office=entry.office,
        actor=entry.actor if entry.actor_kind == ActorKind.STAFF else None,
        case=entry.case,
        why=entry.why,
        people=len(entry.about),
    )


def trail_lines() -> Iterator[str]:
    """The whole trail as JSON lines, as `verify.py` reads it. For auditors and for the machine."""
    for entry in Entry.objects.order_by("seq").iterator(ROWS_AT_ONCE):
        content = entry.content
        line = {
            **chain.open_part(content),
            **chain.sealed_part(content),
            "previous": bytes(entry.previous).hex(),
            "hash": bytes(entry.hash).hex(),
        }
        yield json.dumps(line, ensure_ascii=False) + "\n"


def last_examination() -> Entry | None:
    """The entry about the last time that the whole trail was computed anew."""
    return Entry.objects.filter(did=EXAMINED).order_by("-seq").first()


def cards(by: Actor) -> Iterator[DashboardCard]:
    """What auditors should see first in the morning: whether the trail is whole, as of when."""
    if not by.may("audit.read"):
        return
    last = last_examination()
    faults = last.details["faults"] if last else []
    day = date_format(localtime(last.at), "SHORT_DATE_FORMAT") if last else _("noch nie")
    label = _("Protokoll geprüft, Fehler gefunden") if faults else _("Protokoll zuletzt geprüft")
    yield DashboardCard(
        label, day, reverse("audit:records"), "danger" if faults else "success" if last else "info"
    )
    entries = number_format(size(), force_grouping=True)
    yield DashboardCard(_("Einträge im Protokoll"), entries, reverse("audit:records"))


def size() -> int:
    """How many entries there are."""
    newest = Entry.objects.order_by("-seq").first()
    return newest.seq if newest else 0

"""What may be read of the trail: everybody the fingerprints and their own lines, auditors all."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db.models import Max, Q, QuerySet
from django.urls import reverse
from django.utils.formats import date_format, number_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from rathaus.audit import chain
from rathaus.audit.chain import Content
from rathaus.audit.merkle import consistency_path, inclusion_path
from rathaus.audit.models import EXAMINED, Act, Entry, Root
from rathaus.audit.occurrences import Occurrence, how_many_fit, occurrences_of
from rathaus.audit.succession import OwnTrail, trail_of
from rathaus.audit.trees import hashes_of
from rathaus.core.actor import Actor, ActorKind
from rathaus.core.clock import local_date, now
from rathaus.core.domain import DashboardCard, OwnMatter, domains, own_matters
from rathaus.core.errors import Conflict, NotAllowed, NotFound

ROWS_AT_ONCE = 10_000
MOST_ENTRIES = 300  # of a page: what is looked at again and again all day is one occurrence
LATELY = 30
WEIGHT = (Act.READ, Act.CHANGE, Act.REFUSED)  # which act stands for an occurrence of several

T = TypeVar("T")


class NotSealedYet(Conflict):
    """The entry is younger than the newest fingerprint."""

    message = _lazy(
        "Der Beweis ist in wenigen Minuten verfügbar. Bitte versuchen Sie es dann noch einmal."
    )


@dataclass(frozen=True)
class Line:
    """One deed in words for the person whose data it touched."""

    seq: int
    at: datetime
    act: Act
    sentence: str
    office: str
    case: str
    why: str


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some deeds, the newest first; `older` is the cursor of the next page."""

    items: list[T]
    older: int | None


@dataclass(frozen=True)
class Told:
    """An occurrence in words for the person whose data it touched, and each entry behind it."""

    began: datetime
    ended: datetime
    times: int
    act: Act
    sentences: Sequence[str]
    office: str
    own: bool
    case: str
    matter: OwnMatter | None
    reasons: Sequence[str]
    lines: Sequence[Line]

    @property
    def day(self) -> date:
        """The day under which it stands."""
        return local_date(self.ended)


def occurrences_about(
    *,
    by: Actor,
    case: str = "",
    with_own: bool = False,
    before: int | None = None,
    limit: int = 25,
) -> Page[Told]:
    """Who touched this person's data, or their part in one case; `with_own`: and they themself.

    What was theirs under another account is among it (`succession`).
    Raises `NotAllowed` for whoever is nobody in particular.
    """
    trail = trail_of(reader_of(by))
    entries = _about(trail, case)
    if not with_own:
        entries = entries.exclude(actor__in=trail.selves)
    found, older = _newest(entries, before, MOST_ENTRIES)
    contents = [entry.content for entry in found]
    fitting = how_many_fit(contents, limit, local_date)
    if fitting < len(contents):
        contents = contents[:fitting]
        older = contents[-1].seq
    occurrences = occurrences_of(contents, local_date)
    matters = own_matters(by, {content.case for content in contents if content.case})
    return Page([_told(occurrence, trail.selves, matters) for occurrence in occurrences], older)


def _told(
    occurrence: Occurrence, selves: frozenset[UUID], matters: Mapping[str, OwnMatter]
) -> Told:
    newest = occurrence.entries[0]
    lines = [_line(entry, selves) for entry in occurrence.entries]
    line_of = {line.seq: line for line in lines}
    told = [line_of[entry.seq] for entry in occurrence.told]
    return Told(
        began=occurrence.began,
        ended=occurrence.ended,
        times=occurrence.times,
        act=max((line.act for line in told), key=WEIGHT.index),
        sentences=_each_once(line.sentence for line in told),
        office=lines[0].office,
        own=newest.actor in selves,
        case=newest.case,
        matter=matters.get(newest.case),
        reasons=_each_once(line.why for line in reversed(lines) if line.why),
        lines=lines,
    )


def _each_once(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(texts))


@dataclass(frozen=True)
class OfficeVisit:
    """An office that has touched somebody's data, and when it did so last."""

    office: str
    last: datetime


def offices_lately(*, by: Actor, case: str = "") -> list[OfficeVisit]:
    """The offices of the last `LATELY` days, the latest first, in one query."""
    entries = _about(trail_of(reader_of(by)), case).filter(
        actor_kind=ActorKind.STAFF, at__gte=now() - timedelta(days=LATELY)
    )
    visits = (
        entries.exclude(act=Act.REFUSED)
        .values_list("office")
        .annotate(last=Max("at"))
        .order_by("-last")
    )
    return [OfficeVisit(office or _("Stadtverwaltung"), last) for office, last in visits]


def reader_of(by: Actor) -> UUID:
    """The person who reads about themself. Raises `NotAllowed` where it is nobody in particular."""
    if by.person is None:
        raise NotAllowed
    return by.person


def _about(trail: OwnTrail, case: str = "") -> QuerySet[Entry]:
    entries = Entry.objects.filter(trail.entries)
    return entries.filter(case=case) if case else entries


def all_lines_about(person: UUID) -> Iterator[Line]:
    """All of them, for an export; the newest first."""
    trail = trail_of(person)
    entries = _about(trail).order_by("-seq")
    return (_line(entry.content, trail.selves) for entry in entries.iterator(ROWS_AT_ONCE))


def _newest(
    entries: QuerySet[Entry], before: int | None, limit: int
) -> tuple[list[Entry], int | None]:
    if before is not None:
        entries = entries.filter(seq__lt=before)
    found = list(entries.order_by("-seq")[: limit + 1])
    return found[:limit], found[limit - 1].seq if len(found) > limit else None


def _line(entry: Content, selves: frozenset[UUID]) -> Line:
    """Third persons stay hidden: no ids, and a free-text reason only where nobody else is meant."""
    return Line(
        seq=entry.seq,
        at=entry.at,
        act=Act(entry.act),
        sentence=sentence(entry.did, Act(entry.act)),
        office=_office(entry, selves),
        case=entry.case,
        why=entry.why if selves.issuperset(entry.about) else "",
    )


def _office(entry: Content, selves: frozenset[UUID]) -> str:
    if entry.actor in selves:
        return _("Sie selbst")
    match ActorKind(entry.actor_kind):
        case ActorKind.STAFF:
            return entry.office or _("Stadtverwaltung")
        case ActorKind.SYSTEM:
            return _("automatisch")
        case _:
            return _("Jemand von außerhalb der Verwaltung")


def sentence(did: str, act: Act) -> str:
    """What was done, in the words of the domain that did it, else in general words.

    What was refused was not done: it is always told in general words.
    """
    told = {did: text for domain in domains() for did, text in domain.deeds.items()}
    if did in told and act is not Act.REFUSED:
        return str(told[did])
    names = {domain.slug: str(domain.name) for domain in domains()}
    area = names.get(did.partition(".")[0], "")
    general = {
        Act.READ: _("Ihre Daten wurden angesehen"),
        Act.CHANGE: _("Mit Ihren Daten wurde gearbeitet"),
        Act.REFUSED: _("Ein Zugriff auf Ihre Daten wurde abgewiesen"),
    }[act]
    return f"{general} ({area})" if area else general


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
    found, older = _newest(Entry.objects.filter(wanted.condition()), before, limit)
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


def published_roots(limit: int = 31) -> list[Root]:
    """The fingerprints of the last days, the newest first."""
    return list(Root.objects.exclude(published_on=None).order_by("-published_on")[:limit])


def roots_document() -> dict[str, Any]:
    """Every published fingerprint and the newest one, as `verify.py` reads them."""
    newest = Root.objects.order_by("-size", "-at").first()
    published = Root.objects.exclude(published_on=None).order_by("size", "published_on")
    roots = list(published) + ([newest] if newest and newest.published_on is None else [])
    return {"hash": "SHA-256, RFC 6962", "roots": [_root(root) for root in roots]}


def _root(root: Root) -> dict[str, Any]:
    return {
        "size": root.size,
        "root": root.fingerprint,
        "at": root.at.astimezone(UTC).isoformat(),
        "published_on": root.published_on.isoformat() if root.published_on else None,
    }


def proof_of(seq: int, *, reader: UUID) -> dict[str, Any]:
    """The proof that an entry about `reader` is in the newest fingerprint, as `verify.py` reads it.

    Raises `NotFound` for an entry about others, `NotSealedYet` for one that is too young.
    """
    entry = Entry.objects.filter(trail_of(reader).entries, seq=seq).first()
    if entry is None:
        raise NotFound
    root = Root.objects.filter(size__gte=seq).order_by("-size", "-at").first()
    if root is None:
        raise NotSealedYet
    path = hashes_of(inclusion_path(seq - 1, root.size))
    content = entry.content
    return {
        "entry": {
            **chain.open_part(content),
            "sealed": chain.seal(content),
            "previous": bytes(entry.previous).hex(),
        },
        "path": [it.hex() for it in path],
        **_root(root),
    }


def growth_proof(old: int, new: int) -> dict[str, Any]:
    """The proof that the fingerprint of `new` entries only adds to that of `old`.

    Raises `NotFound` unless there are fingerprints of both sizes.
    """
    roots = {root.size: root for root in Root.objects.filter(size__in=[old, new])}
    if not 0 < old <= new or len(roots) < len({old, new}):
        raise NotFound
    path = hashes_of(consistency_path(old, new))
    return {"old": _root(roots[old]), "new": _root(roots[new]), "path": [it.hex() for it in path]}


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

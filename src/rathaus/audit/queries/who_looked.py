"""Who looked at my data: everybody reads the lines about themself, and nobody else's."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from rathaus.audit.chain import Content
from rathaus.audit.models import Act, Entry
from rathaus.audit.occurrences import Occurrence, how_many_fit, occurrences_of
from rathaus.audit.queries.pages import ROWS_AT_ONCE, Page, newest_first
from rathaus.audit.succession import OwnTrail, trail_of
from rathaus.core.actor import Actor, ActorKind
from rathaus.core.clock import local_date, now
from rathaus.core.domain import OwnMatter, domains, own_matters
from rathaus.core.errors import NotAllowed

MOST_ENTRIES = 300  # of a page: what is looked at again and again all day is one occurrence
LATELY = 30
WEIGHT = (Act.READ, Act.CHANGE, Act.REFUSED)  # which act stands for an occurrence of several


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
    found, older = newest_first(entries, before, MOST_ENTRIES)
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

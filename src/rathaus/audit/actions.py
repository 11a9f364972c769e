"""Everything that writes to the trail. Nothing changes or removes what stands there."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from uuid import UUID

from django.db import connection, models
from django.db.models import Max

from rathaus.audit import queries, trees, verify
from rathaus.audit.chain import Content
from rathaus.audit.models import EXAMINED, Act, Entry, Root
from rathaus.core.actor import SYSTEM, Actor
from rathaus.core.clock import now, today
from rathaus.core.errors import Attempt
from rathaus.core.transaction import atomic, before_commit, comes_last, unit_of_work

Deed = Callable[..., Content]


def record(
    *,
    by: Actor,
    did: str,
    on: models.Model | None = None,
    thing_type: str = "",
    thing_id: object = "",
    about: Iterable[UUID] = (),
    case: str = "",
    why: str = "",
    details: Mapping[str, object] | None = None,
    act: Act = Act.CHANGE,
) -> None:
    """Note a deed; it is chained and written as the last statement of the unit of work around it.

    `on` names the thing instead of `thing_type` and `thing_id`. `about` holds the ids of the people
    whose data it touches: they see `did` (as the domain's `deeds` put it), `case`, the office and,
    where it is about them alone, `why`. `details` are for auditors: plain values without names.

    Raises `OutsideTransaction` without a unit of work.
    """
    if on is not None:
        thing_type, thing_id = str(on._meta.model_name), on.pk
    deed: Deed = partial(
        Content,
        act=act,
        actor=by.person,
        actor_kind=by.kind,
        office=by.office,
        did=did,
        thing_type=thing_type,
        thing_id=str(thing_id),
        case=case,
        why=why,
        about=tuple(sorted(set(about))),
        details=details or {},
    )
    before_commit(_append, deed)


@atomic
def refused(*, by: Actor, attempt: Attempt) -> None:
    """Note what somebody was not allowed to do, after the refused action was rolled back."""
    record(
        by=by,
        did=attempt.did,
        thing_type=attempt.thing_type,
        thing_id=attempt.thing_id,
        case=attempt.case,
        about=attempt.about,
        act=Act.REFUSED,
    )


@comes_last
def _append(deeds: list[Deed]) -> None:
    """Chain and insert a unit of work's deeds, under the lock that orders the whole trail."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq, hash FROM audit_head()")
        last, previous = cursor.fetchone()
    at = now()
    entries = []
    for number, deed in enumerate(deeds, last + 1):
        entries.append(Entry.chained(deed(seq=number, at=at), previous))
        previous = entries[-1].hash
    _insert(entries)


def _insert(entries: list[Entry]) -> None:
    """One statement, put together by hand: everybody who writes waits for it."""
    columns = Entry._meta.concrete_fields
    row = f"({', '.join(['%s'] * len(columns))})"
    names = ", ".join(str(column.column) for column in columns)
    values = [
        column.get_db_prep_save(getattr(entry, column.attname), connection)
        for entry in entries
        for column in columns
    ]
    with connection.cursor() as cursor:
        rows = ", ".join([row] * len(entries))
        cursor.execute(f"INSERT INTO audit_entry ({names}) VALUES {rows}", values)  # noqa: S608 - names of our own columns


@atomic
def seal() -> Root | None:
    """Extend the Merkle tree over all entries and keep its root; publish the first of each day.

    None where nothing is to be kept: no new entry, and today's root is published. Of several
    sealers one works and the others find nothing left to do.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('audit_root', 0))")
    size = Entry.objects.aggregate(last=Max("seq"))["last"] or 0
    unpublished = not Root.objects.filter(published_on=today()).exists()
    if size == 0 or not (unpublished or size > _sealed()):
        return None
    trees.extend(size)
    [root] = trees.hashes_of([(0, size)])
    published_on = today() if unpublished else None
    return Root.objects.create(size=size, root=root, at=now(), published_on=published_on)


def _sealed() -> int:
    return Root.objects.aggregate(last=Max("size"))["last"] or 0


def examine() -> list[str]:
    """Compute the whole trail anew and note the result in it; the faults found, as sentences."""
    faults = verify.check_trail(queries.trail_lines(), queries.roots_document()["roots"])
    with unit_of_work():
        record(by=SYSTEM, did=EXAMINED, details={"faults": faults[:20]})
    return faults


@atomic
def export(*, by: Actor) -> Iterator[str]:
    """The whole trail as JSON lines; that it was taken is an entry in it.

    Raises `NotAllowed` without the right `audit.export`.
    """
    by.require("audit.export")
    record(by=by, did="audit.exported")
    return queries.trail_lines()

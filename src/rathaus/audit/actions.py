"""Everything that writes to the trail. Nothing changes or removes what stands there."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from uuid import UUID

from django.db import connection, models

from rathaus.audit.chain import Content
from rathaus.audit.models import Act, Entry
from rathaus.core.actor import Actor
from rathaus.core.clock import now
from rathaus.core.errors import Attempt
from rathaus.core.transaction import atomic, before_commit

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
    Entry.objects.bulk_create(entries)

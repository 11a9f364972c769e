"""Help at a counter: called by one press, answered, closed, and told to others in time.

The row of the call is locked by whoever changes it: of an answer and the mail that nobody answered
one comes first, and sees or prevents the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from rathaus.appointments.actions.queue_rows import note_at, require_service
from rathaus.appointments.help_calls import (
    FEWEST_SECONDS,
    LONGEST_NOTE,
    MOST_SECONDS,
    HelpTerms,
    Outcome,
    is_the_same,
    may_close,
)
from rathaus.appointments.help_errors import (
    BadHelpTerms,
    ComeFirst,
    HelpOver,
    HelpStillOpen,
    OwnHelpCall,
)
from rathaus.appointments.models import Counter, HelpCall, HelpTermsRow, Location
from rathaus.appointments.queries.help_calls import (
    PLAN,
    help_terms,
    help_topic,
    overdue_calls,
    where_of,
)
from rathaus.appointments.queue_replay import Deed
from rathaus.audit.actions import record
from rathaus.core import mail
from rathaus.core.actor import Actor, ActorKind
from rathaus.core.clock import VIENNA, now, today
from rathaus.core.errors import NotAllowed, NotFound
from rathaus.core.jobs import app, defer_here
from rathaus.core.live import announce
from rathaus.core.localized import localize
from rathaus.core.transaction import atomic

UNANSWERED = "appointments.help_unanswered"
MOST_ADDRESSES = 20
BEFORE_ALL_OTHERS = 100


@atomic
def call_for_help(*, by: Actor, location: str, counter: int | None = None) -> int:
    """Tell all who serve at the location that help is needed there; two presses are one call.

    Without a counter it is needed at the reception. It asks for nothing but the right to serve
    there: neither an open counter nor the end of a pause. Raises `NotFound` for a place that there
    is not, `NotAllowed`.
    """
    place = Location.objects.filter(slug=location, active=True).first()
    if place is None:
        raise NotFound
    require_service(by, place)
    if counter is not None and not Counter.objects.filter(pk=counter, location=place).exists():
        raise NotFound
    rows = HelpCall.objects.filter(called_by_id=_somebody(by), closed_at=None)
    known = rows.select_for_update().first()
    if known is not None:
        same_place = (known.location_id, known.counter_id) == (place.pk, counter)
        answered = known.answers.exists()
        if is_the_same(known.called_at, now(), same_place=same_place, answered=answered):
            return known.pk
        _close(known, Outcome.CALLED_AGAIN, by=by)
    return _called(place, counter, by)


def _called(place: Location, counter: int | None, by: Actor) -> int:
    caller = _somebody(by)
    try:
        with transaction.atomic():
            call = HelpCall.objects.create(
                location=place, counter_id=counter, called_by_id=caller, called_at=now()
            )
    except IntegrityError:  # the second of two presses in the same moment
        return HelpCall.objects.filter(called_by_id=caller).latest("called_at").pk
    _tell(call, Deed.HELP_CALLED, by=by, did="appointments.help_called")
    due = help_terms(place.pk, today()).unanswered_at(call.called_at)
    unanswered = app.configure_task(
        UNANSWERED, queue="default", schedule_at=due, priority=BEFORE_ALL_OTHERS
    )
    defer_here(unanswered, call=call.pk)
    return call.pk


@atomic
def come_to_help(*, by: Actor, call: int) -> None:
    """Say that one comes; of several at once all are noted, and the first has answered.

    Raises `NotFound`, `NotAllowed`, `HelpOver`, `OwnHelpCall`.
    """
    row = _locked(by, call)
    if row.closed_at is not None:
        raise HelpOver
    if row.called_by_id == by.person:
        raise OwnHelpCall
    is_first = not row.answers.exists()
    _answer, made = row.answers.get_or_create(person_id=_somebody(by), defaults={"at": now()})
    if made and is_first:
        note_at(row.location_id, Deed.HELP_CAME, by=by, counter=row.counter_id)
    if made:
        record(by=by, did="appointments.help_answered", on=row)
        announce(help_topic(row.location_id))


@atomic
def close_help(*, by: Actor, call: int, outcome: Outcome, note: str = "") -> None:
    """Say that it is over, or was a false alarm; a second press changes nothing.

    Raises `NotFound`, `NotAllowed`, and `ComeFirst` for somebody whom it does not concern.
    """
    row = _locked(by, call)
    if row.closed_at is not None:
        return
    coming = set(row.answers.values_list("person_id", flat=True))
    heads = by.may(PLAN, row.location.department_id)
    if not may_close(by.person, row.called_by_id, coming, heads=heads):
        raise ComeFirst
    row.note = note.strip()[:LONGEST_NOTE]
    _close(row, outcome, by=by)


def _close(row: HelpCall, outcome: Outcome, *, by: Actor) -> None:
    row.closed_at, row.closed_by_id, row.outcome = now(), by.person, outcome.value
    row.save(update_fields=["closed_at", "closed_by", "outcome", "note"])
    _tell(row, Deed.HELP_CLOSED, by=by, did="appointments.help_closed", outcome=outcome.value)


@atomic
def note_help(*, by: Actor, call: int, note: str) -> None:
    """Write afterwards what happened. Needs `appointments.plan`. Raises `HelpStillOpen`."""
    row = _locked(by, call)
    by.require(PLAN, row.location.department_id)
    if row.closed_at is None:
        raise HelpStillOpen
    row.note = note.strip()[:LONGEST_NOTE]
    row.save(update_fields=["note"])
    record(by=by, did="appointments.help_noted", on=row)


@atomic
def set_help_terms(
    *, by: Actor, location: str, valid_from: date, seconds: int, emails: Sequence[str]
) -> None:
    """From a day on: how long colleagues have to answer, and whom the house writes to then.

    Needs `appointments.plan` at the location. Raises `NotFound`, `NotAllowed`, `BadHelpTerms`.
    """
    place = Location.objects.filter(slug=location, active=True).first()
    if place is None:
        raise NotFound
    by.require(PLAN, place.department_id)
    addresses = list(dict.fromkeys(emails))
    fits = FEWEST_SECONDS <= seconds <= MOST_SECONDS and len(addresses) <= MOST_ADDRESSES
    if valid_from < today() or not fits or not all(map(_is_address, addresses)):
        raise BadHelpTerms
    row, _made = HelpTermsRow.objects.update_or_create(
        location=place,
        valid_from=valid_from,
        defaults={"seconds": seconds, "emails": addresses},
    )
    record(by=by, did="appointments.help_terms_set", on=row, details={"seconds": seconds})


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


@atomic
def report_unanswered(*, by: Actor, call: int) -> bool:
    """Write to the list of the location that nobody has answered; once, and only if so."""
    if by.kind is not ActorKind.SYSTEM:
        raise NotAllowed
    rows = HelpCall.objects.select_related("location", "counter").select_for_update(of=("self",))
    row = rows.filter(pk=call, closed_at=None, escalated_at=None).first()
    if row is None or row.answers.exists():
        return False
    terms = help_terms(row.location_id, today())
    if now() < terms.unanswered_at(row.called_at):
        return False
    row.escalated_at = now()
    row.save(update_fields=["escalated_at"])
    record(
        by=by,
        did="appointments.help_unanswered",
        on=row,
        details={"addresses": len(terms.emails)},
    )
    announce(help_topic(row.location_id))
    _write_to_list(row, terms)
    return True


def report_all_unanswered(*, by: Actor) -> int:
    """What a lost job left unreported; how many."""
    return sum(report_unanswered(by=by, call=call) for call in overdue_calls())


def _write_to_list(row: HelpCall, terms: HelpTerms) -> None:
    called = row.called_at.astimezone(VIENNA)
    facts = {
        "where": where_of(row),
        "place": localize(row.location.name),
        "clock": f"{called:%H:%M}",
        "seconds": terms.seconds,
        "link": settings.PORTAL_ADDRESS + reverse("appointments:counter"),
    }
    for address in terms.emails:
        mail.send(
            to=address,
            subject=_("Hilferuf ohne Antwort: %(where)s, %(place)s") % facts,
            text=_(
                "%(place)s: Hilfe %(where)s, gerufen um %(clock)s Uhr.\n\nBinnen %(seconds)s "
                "Sekunden hat niemand geantwortet. Bitte sehen Sie sofort nach.\n%(link)s"
            )
            % facts,
            reference=f"help {row.pk}",
        )


def _locked(by: Actor, call: int) -> HelpCall:
    """The call, locked, for who serves at its location; for others there is none."""
    rows = HelpCall.objects.select_related("location").select_for_update(of=("self",))
    row = rows.filter(pk=call).first()
    if row is None:
        raise NotFound
    require_service(by, row.location)
    return row


def _somebody(by: Actor) -> UUID:
    """Who presses: the house itself neither needs nor brings help."""
    if by.person is None:
        raise NotAllowed
    return by.person


def _tell(call: HelpCall, deed: Deed, *, by: Actor, did: str, **details: str) -> None:
    note_at(call.location_id, deed, by=by, counter=call.counter_id, details=details)
    record(by=by, did=did, on=call, details=details)
    announce(help_topic(call.location_id))

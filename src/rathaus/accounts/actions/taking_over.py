"""One person, one account: a citizen known by eID takes over what they began as a guest."""

from collections.abc import Collection
from uuid import UUID

from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from rathaus.accounts.actions.own_account import leave_an_empty_row
from rathaus.accounts.eid import require_eid
from rathaus.accounts.events import MattersTakenOver
from rathaus.accounts.models import Person
from rathaus.audit.actions import record
from rathaus.audit.succession import TAKEN_OVER, share
from rathaus.core.actor import Actor, ActorKind
from rathaus.core.city import current_city
from rathaus.core.domain import matters_of
from rathaus.core.errors import Conflict, Invalid
from rathaus.core.events import publish
from rathaus.core.mail import send
from rathaus.core.transaction import atomic


class NothingChosen(Invalid):
    """No matter was ticked."""

    message = _("Bitte wählen Sie mindestens ein Anliegen aus.")


class TakenMeanwhile(Conflict):
    """Somebody else, or another window, was faster."""

    message = _("Davon wurde inzwischen etwas geändert. Bitte sehen Sie die Liste noch einmal an.")


class AccountClosed(Conflict):
    """Everything was taken out of the guest's account while they were at work in it."""

    message = _("Dieser Gastzugang wurde inzwischen geschlossen. Bitte melden Sie sich neu an.")


@atomic
def stay_open(*, by: Actor) -> None:
    """Let no guest begin something in an account that is being closed; a no-op for others.

    Whoever makes something new for a person asks this before taking any lock. Raises
    `AccountClosed`.
    """
    if by.kind is ActorKind.GUEST and by.person is not None:
        accounts = Person.objects.select_for_update(no_key=True).filter(pk=by.person)
        if accounts.values_list("is_active", flat=True).first() is not True:
            raise AccountClosed


@atomic
def take_over(*, by: Actor, email: str, matters: Collection[str]) -> None:
    """Make matters (by their references) of the guest with that address the citizen's own; the
    caller has proved that the address is theirs.

    The guest's account is closed once nothing is left in it. What is the citizen's already is taken
    as done, so that a second click changes nothing. Raises `OnlyWithEid`, `NothingChosen`, and
    `TakenMeanwhile` unless every one of the matters is the citizen's in the end.
    """
    citizen = _locked_citizen(by)
    chosen = frozenset(matters)
    if not chosen:
        raise NothingChosen
    guest = _locked_guest(email)
    moving = chosen & _references(guest.pk) if guest else frozenset()
    if guest and moving:
        publish(MattersTakenOver(guest.pk, citizen.pk, moving))
    if not chosen <= _references(citizen.pk):
        raise TakenMeanwhile
    if guest and moving:
        _conclude(by, citizen, guest, moving)


def _conclude(by: Actor, citizen: Person, guest: Person, moved: frozenset[str]) -> None:
    """Keep the citizen within reach of mail, tell the address, close what is empty, note it all."""
    address = str(guest.email)
    if not citizen.email:
        citizen.email = address
        citizen.save(update_fields=["email"])
    is_last = not matters_of(guest.pk)
    _tell(address, len(moved), is_last=is_last)
    if is_last:
        leave_an_empty_row(guest)
    record(
        by=by,
        did=TAKEN_OVER,
        on=guest,
        about=[guest.pk, citizen.pk],
        details=share(moved, is_last=is_last),
    )


def _locked_citizen(by: Actor) -> Person:
    """The citizen, locked first, so that one person's windows take turns."""
    return Person.objects.select_for_update(no_key=True).get(pk=require_eid(by))


def _locked_guest(email: str) -> Person | None:
    """The guest of that address, whom only one at a time takes matters from.

    The lock leaves room for rows that point at the person: nobody at work waits for it.
    """
    guests = Person.objects.select_for_update(no_key=True)
    return guests.filter(kind=Person.Kind.GUEST, email=email, is_active=True).first()


def _references(person: UUID) -> frozenset[str]:
    return frozenset(matter.reference for matter in matters_of(person))


def _tell(address: str, count: int, *, is_last: bool) -> None:
    """A mail to the guest's address, where others may read it too: how much went, not what."""
    details = {"city": current_city(), "count": count, "is_last": is_last}
    subject = render_to_string("accounts/mail/taken_over_subject.txt", details).strip()
    text = render_to_string("accounts/mail/taken_over.txt", details)
    send(to=address, subject=subject, text=text)

"""What holds for every change of rights: a right to do it, a reason, never one's own, and never the
last administrator.
"""

from allauth.usersessions.models import UserSession
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from rathaus.accounts.administration import MANAGE, may_manage
from rathaus.accounts.models import Department, Membership, Person, Role
from rathaus.audit.actions import record
from rathaus.core.actor import Actor
from rathaus.core.errors import Attempt, Conflict, Invalid, NotAllowed, NotFound


class OwnRights(NotAllowed):
    """Nobody changes what they themselves may do."""

    message = _("Ihre eigenen Rechte und Ihren eigenen Zugang kann nur jemand anderer ändern.")


class LastAdministrator(Conflict):
    """Somebody must be left who can let others in."""

    message = _(
        "Das ist die letzte Person, die Personen und Rollen verwalten kann. Sie muss bleiben."
    )


class ReasonMissing(Invalid):
    """A change of rights without a reason cannot be explained later."""

    message = _("Bitte geben Sie einen Grund an.")


def require_manager(by: Actor, department: int | None, why: str, *, did: str) -> None:
    """Raise `NotAllowed` unless the actor may give rights there, `ReasonMissing` without why."""
    if not may_manage(by, department):
        raise NotAllowed(
            attempted=Attempt(did, thing_type="department", thing_id=str(department or ""))
        )
    if not why.strip():
        raise ReasonMissing


def hold_still() -> None:
    """One at a time: two administrators who remove each other at once must not both succeed."""
    list(Role.objects.select_for_update().filter(rights__contains=[MANAGE]).order_by("pk"))


def keep_an_administrator() -> None:
    """Raise `LastAdministrator` if the change left nobody who can let others in."""
    if not administrators().exists():
        raise LastAdministrator


def administrators() -> QuerySet[Membership]:
    """By which roles somebody administers the whole house."""
    return Membership.objects.filter(
        role__rights__contains=[MANAGE], department=None, person__is_active=True
    )


def role_of(role: int) -> Role:
    """The role, or `NotFound`."""
    found = Role.objects.filter(pk=role).first()
    if found is None:
        raise NotFound
    return found


def department_of(department: int | None) -> Department | None:
    """The department, or `NotFound`; `None` stands for all of them."""
    if department is None:
        return None
    found = Department.objects.filter(pk=department).first()
    if found is None:
        raise NotFound
    return found


def end_all_sessions(person: Person) -> None:
    """Sign somebody out everywhere."""
    for session in UserSession.objects.filter(user=person):
        session.end()


def note(by: Actor, did: str, person: Person, why: str, **details: object) -> None:
    """Write the change into the trail, about the person it concerns."""
    record(by=by, did=did, on=person, about=[person.pk], why=why, details=details)

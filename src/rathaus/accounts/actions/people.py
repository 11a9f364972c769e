"""Staff come, change and go: by invitation, never by themselves. Every change has a reason and an
entry in the trail.
"""

from uuid import UUID

from allauth.mfa.models import Authenticator
from django.contrib.auth.tokens import default_token_generator
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext_lazy as _

from rathaus.accounts.actions.safeguards import (
    OwnRights,
    administrators,
    department_of,
    end_all_sessions,
    hold_still,
    keep_an_administrator,
    note,
    require_manager,
    role_of,
)
from rathaus.accounts.administration import MANAGE
from rathaus.accounts.events import PersonDeactivated
from rathaus.accounts.models import Membership, Person, Role
from rathaus.core.actor import SYSTEM, Actor
from rathaus.core.city import current_city
from rathaus.core.errors import Conflict, NotFound
from rathaus.core.events import publish
from rathaus.core.mail import send
from rathaus.core.transaction import atomic


class AddressTaken(Conflict):
    """There is somebody with that address already."""

    message = _("Mit dieser E-Mail-Adresse gibt es schon einen Zugang.")


class AdministratorExists(Conflict):
    """The door for the first one is shut behind them."""

    message = _("Es gibt schon jemanden, der Personen und Rollen verwaltet und einladen kann.")


@atomic
def invite_first_administrator(
    *, email: str, given_name: str, family_name: str, house_address: str
) -> Person:
    """Let the first person into a new installation. Raises `AdministratorExists` for a second."""
    hold_still()
    if administrators().exists():
        raise AdministratorExists
    role, _made = Role.objects.get_or_create(
        slug="administration", defaults={"name": {"de": "Administration", "en": "Administrator"}}
    )
    role.rights = sorted({*role.rights, MANAGE})
    role.save(update_fields=["rights"])
    return invite(
        by=SYSTEM,
        email=email,
        given_name=given_name,
        family_name=family_name,
        role=role.pk,
        department=None,
        why=str(_("Einrichtung")),
        house_address=house_address,
    )


@atomic
def invite(
    *,
    by: Actor,
    email: str,
    given_name: str,
    family_name: str,
    role: int,
    department: int | None,
    why: str,
    house_address: str,
) -> Person:
    """Let a new member of staff in: a person with one role, and a mail with the link to choose a
    password.

    `house_address` is where the house stands on the web (`https://rathaus.example/`). Raises
    `NotAllowed` without `accounts.manage` in the department, `AddressTaken` if the address is in
    use.
    """
    require_manager(by, department, why, did="accounts.invited")
    held = role_of(role)
    try:
        with transaction.atomic():
            person = Person.objects.create_user(
                email, kind=Person.Kind.STAFF, given_name=given_name, family_name=family_name
            )
    except IntegrityError as error:
        raise AddressTaken from error
    Membership.objects.create(person=person, role=held, department=department_of(department))
    note(by, "accounts.invited", person, why, role=held.slug, department=department)
    send_password_link(person=person, house_address=house_address)
    return person


@atomic
def give_role(*, by: Actor, person: UUID, role: int, department: int | None, why: str) -> None:
    """Give a role in a department, or in all of them. Giving it twice changes nothing.

    Raises `OwnRights` for oneself, `NotAllowed` without `accounts.manage` there.
    """
    require_manager(by, department, why, did="accounts.role_given")
    somebody, held = _somebody_else(by, person), role_of(role)
    _held, made = Membership.objects.get_or_create(
        person=somebody, role=held, department=department_of(department)
    )
    if made:
        note(by, "accounts.role_given", somebody, why, role=held.slug, department=department)


@atomic
def take_role(*, by: Actor, membership: int, why: str) -> None:
    """Take a role away. Raises `OwnRights`, `LastAdministrator`, and `NotFound` if somebody else
    was faster.
    """
    hold_still()
    held = Membership.objects.select_related("role", "person").filter(pk=membership).first()
    if held is None:
        raise NotFound
    require_manager(by, held.department_id, why, did="accounts.role_taken")
    somebody = _somebody_else(by, held.person_id)
    held.delete()
    keep_an_administrator()
    note(
        by, "accounts.role_taken", somebody, why, role=held.role.slug, department=held.department_id
    )


@atomic
def deactivate(*, by: Actor, person: UUID, why: str) -> None:
    """Close somebody's access: they are signed out with their next click, their name stays where
    they worked.
    """
    hold_still()
    somebody = _managed(by, person, why, did="accounts.deactivated")
    somebody.is_active = False
    somebody.save(update_fields=["is_active"])
    keep_an_administrator()
    end_all_sessions(somebody)
    note(by, "accounts.deactivated", somebody, why)
    publish(PersonDeactivated(person=somebody.pk))


@atomic
def reactivate(*, by: Actor, person: UUID, why: str) -> None:
    """Open somebody's access again, with the roles they still hold."""
    somebody = _managed(by, person, why, did="accounts.reactivated")
    somebody.is_active = True
    somebody.save(update_fields=["is_active"])
    note(by, "accounts.reactivated", somebody, why)


@atomic
def end_sessions(*, by: Actor, person: UUID, why: str) -> None:
    """Sign somebody out everywhere, for instance because a device was lost."""
    somebody = _managed(by, person, why, did="accounts.sessions_ended")
    end_all_sessions(somebody)
    note(by, "accounts.sessions_ended", somebody, why)


@atomic
def reset_second_factor(*, by: Actor, person: UUID, why: str) -> None:
    """Forget somebody's second factors; they are signed out and must set one up before they see
    anything again.
    """
    somebody = _managed(by, person, why, did="accounts.second_factor_reset")
    Authenticator.objects.filter(user=somebody).delete()
    end_all_sessions(somebody)
    note(by, "accounts.second_factor_reset", somebody, why)


@atomic
def send_password_link(*, person: Person, house_address: str) -> None:
    """Mail the link by which a member of staff chooses a password: once, within three days."""
    key = urlsafe_base64_encode(person.pk.bytes)
    path = f"amt/passwort/{key}/{default_token_generator.make_token(person)}/"
    details = {
        "city": current_city(),
        "address": house_address.rstrip("/") + "/" + path,
        "person": person,
    }
    subject = render_to_string("accounts/mail/password_link_subject.txt", details).strip()
    send(
        to=str(person.email),
        subject=subject,
        text=render_to_string("accounts/mail/password_link.txt", details),
    )


def _managed(by: Actor, person: UUID, why: str, *, did: str) -> Person:
    """Somebody else, all of whose departments the actor administers; locked."""
    somebody = _somebody_else(by, person)
    held: list[int | None] = list(somebody.memberships.values_list("department_id", flat=True))
    for department in held or [None]:
        require_manager(by, department, why, did=did)
    return somebody


def _somebody_else(by: Actor, person: UUID) -> Person:
    if person == by.person:
        raise OwnRights
    somebody = Person.objects.select_for_update().filter(pk=person, kind=Person.Kind.STAFF).first()
    if somebody is None:
        raise NotFound
    return somebody

"""What people change about themselves."""

from uuid import UUID

from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.utils.translation import gettext_lazy as _

from rathaus.accounts.actions.people import send_password_link
from rathaus.accounts.actions.safeguards import end_all_sessions
from rathaus.accounts.models import Person
from rathaus.audit.actions import record
from rathaus.core.actor import SYSTEM, Actor, ActorKind
from rathaus.core.errors import Invalid, NotAllowed, NotFound
from rathaus.core.transaction import atomic


class NotYours(NotAllowed):
    """A guest's address is the key of their account."""

    message = _("Ihre E-Mail-Adresse ist Ihre Anmeldung und kann nicht geändert werden.")


class BadPhone(Invalid):
    """No telephone number has letters."""

    message = _("Bitte geben Sie eine Telefonnummer ein, zum Beispiel +43 664 1234567.")


@atomic
def change_phone(*, by: Actor, phone: str) -> None:
    """Keep a telephone number for questions, or none. Raises `BadPhone` for what cannot be one."""
    number = " ".join(phone.split())
    if number and not _is_phone(number):
        raise BadPhone
    Person.objects.filter(pk=_self(by)).update(phone=number)


@atomic
def change_contact_email(*, by: Actor, email: str) -> None:
    """Where a citizen gets mail; the caller has proved that the address is theirs. Raises
    `NotYours` for guests.
    """
    citizens = Person.objects.filter(pk=_self(by), kind=Person.Kind.CITIZEN)
    if not citizens.update(email=email.strip().lower()):
        raise NotYours


@atomic
def end_own_session(*, by: Actor, session: int) -> None:
    """Sign out one of one's own devices. Raises `NotFound` for anybody else's."""
    found = UserSession.objects.filter(pk=session, user_id=_self(by)).first()
    if found is None:
        raise NotFound
    found.end()


@atomic
def end_other_sessions(*, by: Actor, but: str) -> int:
    """Sign out everywhere except in the session with the key `but`; how many sessions ended."""
    others = list(UserSession.objects.filter(user_id=_self(by)).exclude(session_key=but))
    for session in others:
        session.end()
    return len(others)


@atomic
def erase(person: UUID) -> None:
    """Forget a citizen or guest: name, addresses, eID and sign-ins go, an empty row stays for the
    files.

    Staff are left alone: who decided a case stays known as long as its file.
    """
    found = Person.objects.exclude(kind=Person.Kind.STAFF).filter(pk=person).first()
    if found is None:
        return
    leave_an_empty_row(found)
    record(by=SYSTEM, did="accounts.erased", on=found, about=[found.pk])


def leave_an_empty_row(person: Person) -> None:
    """Close an account for good: nobody comes in by it, and it says nothing about anybody."""
    end_all_sessions(person)
    SocialAccount.objects.filter(user=person).delete()
    person.email = person.identifier_hash = person.birth_date = None
    person.given_name = person.family_name = person.phone = ""
    person.address, person.is_active = {}, False
    person.save()


@atomic
def choose_password(*, person: Person, password: str) -> None:
    """Set the password of whoever came by the link; their sessions and the link end with it."""
    person.set_password(password)
    person.save(update_fields=["password"])
    end_all_sessions(person)
    staff = Actor(kind=ActorKind.STAFF, person=person.pk)
    record(by=staff, did="accounts.password_chosen", on=person, about=[person.pk])


@atomic
def send_forgotten_password_link(*, email: str, house_address: str) -> None:
    """Mail the link to the member of staff with that address, if there is one who has a password of
    ours.
    """
    person = Person.objects.filter(kind=Person.Kind.STAFF, email=email, is_active=True).first()
    if person is not None and not person.identifier_hash:
        send_password_link(person=person, house_address=house_address)


def _self(by: Actor) -> UUID:
    if by.person is None:
        raise NotAllowed
    return by.person


def _is_phone(number: str) -> bool:
    digits = sum(letter.isdigit() for letter in number)
    return 5 <= digits <= 20 and not set(number) - set("0123456789+-/() ")

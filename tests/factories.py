"""City, people and departments for the tests of every domain: plain functions, one row each."""

import time
from itertools import count
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.test import Client

from rathaus.accounts.models import Department, Membership, Person, Role
from rathaus.accounts.second_factor import SECOND_FACTOR_OF
from rathaus.core.models import City

_numbers = count(1)


def make_city(**fields: Any) -> City:
    """The one row of the city."""
    return City.objects.create(
        **{
            "name": "Stadt Lindenfurt",
            "authority": "Magistrat der Stadt Lindenfurt",
            "federal_state": "AT-4",
            **fields,
        }
    )


def make_citizen(**fields: Any) -> Person:
    """Somebody who signed in by eID once: name, birth date and address are known."""
    number = next(_numbers)
    return Person.objects.create_user(
        **{
            "kind": Person.Kind.CITIZEN,
            "given_name": "Clara",
            "family_name": f"Citizen{number}",
            "email": f"citizen{number}@example.org",
            "identifier_hash": f"{number:064d}",
            **fields,
        }
    )


def make_guest(**fields: Any) -> Person:
    """Somebody of whom only the e-mail address is known."""
    return Person.objects.create_user(
        **{"kind": Person.Kind.GUEST, "email": f"guest{next(_numbers)}@example.org", **fields}
    )


def make_department(slug: str = "", **fields: Any) -> Department:
    """The department of that slug, made if it is not there."""
    slug = slug or f"department-{next(_numbers)}"
    defaults = {
        "name": {"de": slug.title(), "en": slug.title()},
        "number_prefix": slug[:3].upper(),
        **fields,
    }
    return Department.objects.get_or_create(slug=slug, defaults=defaults)[0]


def make_clerk(department: Department | str | None = None, *rights: str, **fields: Any) -> Person:
    """A member of staff with exactly these rights in one department, or (`None`) in all."""
    number = next(_numbers)
    person = Person.objects.create_user(
        **{
            "kind": Person.Kind.STAFF,
            "given_name": "Karl",
            "family_name": f"Clerk{number}",
            "email": f"clerk{number}@example.org",
            **fields,
        }
    )
    if isinstance(department, str):
        department = make_department(department)
    role = Role.objects.create(
        slug=f"role-{number}", name={"de": f"Rolle {number}"}, rights=list(rights)
    )
    Membership.objects.create(person=person, role=role, department=department)
    return person


def sign_in(client: Client, person: Person) -> Client:
    """The client after a complete sign-in with second factor; nothing but a session changes."""
    session = client.session
    session.flush()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "rathaus.accounts.backends.AccountBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session["account_authentication_methods"] = [{"method": "mfa", "at": time.time()}]
    session["account_authentication_methods_user"] = str(person.pk)
    session[SECOND_FACTOR_OF] = str(person.pk)
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return client

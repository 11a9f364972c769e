"""Every page of accounts is ours: our frame, one heading, no inline script, nothing of allauth's
own look.
"""

import re
from pathlib import Path

import allauth
import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.template import engines
from django.test import Client, signals
from django.urls import reverse
from tests.factories import make_citizen, make_clerk, make_guest, sign_in

from rathaus.accounts import doors
from rathaus.accounts.administration import MANAGE
from rathaus.accounts.tests.test_accounts_email_code import ask_for_code
from rathaus.accounts.tests.test_accounts_staff_sign_in import PASSWORD, SECRET, knock

pytestmark = pytest.mark.django_db

ALLAUTH = Path(allauth.__file__).parent
SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")[^>]*>")


@pytest.fixture
def origins():
    """Where the templates came from that were rendered."""
    seen: set[str] = set()

    def note(template, **details):
        origin = getattr(template, "origin", None)
        seen.add(str(origin.name if origin else ""))

    signals.template_rendered.connect(note)
    yield seen
    signals.template_rendered.disconnect(note)


def check(page: str) -> None:
    assert page.count("<h1") == 1
    assert 'class="skip-link"' in page
    assert SCRIPT.search(page) is None
    assert " style=" not in page
    assert " onclick=" not in page


def staff_client() -> Client:
    person = make_clerk(None, MANAGE)
    person.set_password(PASSWORD)
    person.save()
    TOTP.activate(person, SECRET)
    RecoveryCodes.activate(person)
    Authenticator.objects.create(
        user=person, type="webauthn", data={"name": "Diensthandy", "credential": {}}
    )
    return sign_in(Client(), person)


STAFF_PAGES = [
    "mfa_index",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_list_webauthn",
    "account_reauthenticate",
    "mfa_reauthenticate",
    "account_change_password",
    "accounts:staff_sessions",
    "accounts:own_access",
    "accounts:people",
    "accounts:invite",
    "accounts:roles",
    "accounts:add_role",
    "accounts:groups",
]
PUBLIC_PAGES = [
    "accounts:sign_in",
    "account_request_login_code",
    "account_inactive",
    "account_reset_password",
    "accounts:staff_sign_in",
]
CITIZEN_PAGES = ["accounts:account", "accounts:phone", "accounts:sessions", "account_logout"]


def test_pages_for_staff(origins):
    client = staff_client()
    for name in STAFF_PAGES:
        check(client.get(reverse(name)).content.decode())
    key = Authenticator.objects.get(type="webauthn").pk
    for name in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
        check(client.get(reverse(name, args=[key])).content.decode())
    assert [name for name in origins if name.startswith(str(ALLAUTH))] == []


def test_pages_before_the_second_factor(origins):
    person = make_clerk("finanzen", email="karla@stadt.example")
    person.set_password(PASSWORD)
    person.save()
    client = Client()
    knock(client)
    for name in ("mfa_index", "mfa_activate_totp", "mfa_add_webauthn"):
        check(client.get(reverse(name)).content.decode())
    TOTP.activate(person, SECRET)
    other = Client()
    knock(other)
    check(other.get(reverse("mfa_authenticate")).content.decode())
    assert [name for name in origins if name.startswith(str(ALLAUTH))] == []


def test_pages_for_everybody(client, origins):
    for name in PUBLIC_PAGES:
        check(client.get(reverse(name)).content.decode())
    ask_for_code(client)
    check(client.get(reverse("account_confirm_login_code")).content.decode())
    assert [name for name in origins if name.startswith(str(ALLAUTH))] == []


@pytest.mark.parametrize("make", [make_guest, make_citizen])
def test_pages_for_citizens(client, origins, make):
    sign_in(client, make())
    for name in CITIZEN_PAGES:
        check(client.get(reverse(name)).content.decode())
    assert [name for name in origins if name.startswith(str(ALLAUTH))] == []


def test_too_many_visits_from_one_place_get_a_page_of_ours(client, origins):
    for _ in range(21):
        response = client.post(
            reverse("account_request_login_code"), {"email": f"{_}@post.example"}
        )
    for _ in range(31):
        response = client.post("/amt/anmelden/", {"login": "a@b.example", "password": "x"})

    assert response.status_code == 429
    check(response.content.decode())
    assert [name for name in origins if name.startswith(str(ALLAUTH))] == []


def test_every_door_carries_the_mark_of_its_audience():
    assert [door.name for door in doors.urlpatterns if not hasattr(door.callback, "access")] == []


def test_every_page_of_allauth_that_is_open_has_a_template_of_ours():
    named = {
        getattr(getattr(door.callback, "view_class", None), "template_name", None)
        for door in doors.urlpatterns
    }
    for template in named - {None}:
        found = engines["django"].get_template(template)
        assert not str(found.origin.name).startswith(str(ALLAUTH))


@pytest.mark.parametrize(
    "path", ["/accounts/login/", "/konto/password/reset/", "/konto/oidc/x/login/"]
)
def test_other_pages_of_allauth_do_not_exist(client, path):
    assert client.get(path).status_code == 404

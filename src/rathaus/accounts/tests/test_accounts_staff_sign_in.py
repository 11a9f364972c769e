"""Staff come in with a password and a second factor, and see nothing before both."""

import re
import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from tests.factories import make_clerk, make_guest, sign_in

from rathaus.accounts.models import Person
from rathaus.core.access import Audience
from rathaus.core.models import OutgoingMail

pytestmark = pytest.mark.django_db

PASSWORD = "korrekt-pferd-batterie"
SECRET = "JBSWY3DPEHPK3PXP"
DOOR = "/amt/anmelden/"
SETUP = "/amt/zweiter-faktor/"


@pytest.fixture
def clerk() -> Person:
    person = make_clerk("finanzen", "cases.read", email="karla@stadt.example")
    person.set_password(PASSWORD)
    person.save()
    return person


@pytest.fixture
def clerk_with_app(clerk, rf) -> Person:
    TOTP.activate(clerk, SECRET)
    RecoveryCodes.activate(clerk)
    return clerk


def knock(
    client: Client, password: str = PASSWORD, email: str = "karla@stadt.example", **form: str
):
    return client.post(DOOR, {"login": email, "password": password, **form})


def totp_code(secret: str = SECRET) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def staff_routes() -> list[str]:
    """Every address for staff that needs no argument, whichever domain it belongs to."""
    found = []
    for pattern, name in _patterns(get_resolver(), ""):
        access = getattr(pattern.callback, "access", None)
        if access and access.audience is Audience.STAFF and "<" not in name:
            found.append("/" + name)
    return sorted(set(found))


def _patterns(resolver: URLResolver, prefix: str) -> list[tuple[URLPattern, str]]:
    found = []
    for entry in resolver.url_patterns:
        place = prefix + str(entry.pattern)
        found += _patterns(entry, place) if isinstance(entry, URLResolver) else [(entry, place)]
    return found


def test_before_the_second_factor_no_staff_page_opens(client, clerk):
    knock(client)
    setup = {route for route in staff_routes() if route.startswith((SETUP, "/amt/bestaetigen/"))}
    others = [route for route in staff_routes() if route not in setup]

    answers = {route: client.get(route) for route in others}
    for route in [route for route, answer in answers.items() if answer.status_code == 405]:
        assert "GET" not in answers[route]["Allow"]
        answers[route] = client.post(route)

    assert len(others) >= 5
    assert {answer.status_code for answer in answers.values()} == {302}
    assert all(answer["Location"].startswith(DOOR) for answer in answers.values())
    assert client.get(DOOR)["Location"] == SETUP
    assert client.get(SETUP).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_setting_up_an_app_opens_the_workspace(client, clerk):
    knock(client)
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret

    response = client.post(reverse("mfa_activate_totp"), {"code": totp_code(secret)})

    assert response["Location"] == reverse("mfa_view_recovery_codes")
    assert client.get("/amt/sitzungen/").status_code == 200
    codes = client.get(reverse("mfa_view_recovery_codes")).content.decode()
    assert len(re.findall(r"<code>", codes)) == 10
    stored = Authenticator.objects.get(user=clerk, type="totp")
    assert secret not in str(stored.data)
    assert (
        OutgoingMail.objects.filter(recipient=clerk.email, subject__contains="Einmalcodes").count()
        == 1
    )


def test_password_alone_does_not_let_in_whoever_has_an_app(client, clerk_with_app):
    assert knock(client)["Location"] == reverse("mfa_authenticate")
    assert not is_signed_in(client)

    response = client.post(reverse("mfa_authenticate"), {"code": totp_code()})

    assert response["Location"] == "/amt/"
    assert client.get("/amt/sitzungen/").status_code == 200


def test_a_recovery_code_works_once(client, clerk_with_app):
    stored = Authenticator.objects.get(user=clerk_with_app, type="recovery_codes")
    code = stored.wrap().get_unused_codes()[0]
    knock(client)
    client.post(reverse("mfa_authenticate"), {"code": code})
    assert client.get("/amt/sitzungen/").status_code == 200
    other = Client()
    knock(other)

    assert other.post(reverse("mfa_authenticate"), {"code": code}).status_code == 200
    assert not is_signed_in(other)


def test_an_app_code_works_once(client, clerk_with_app):
    code = totp_code()
    knock(client)
    client.post(reverse("mfa_authenticate"), {"code": code})
    other = Client()
    knock(other)

    assert other.post(reverse("mfa_authenticate"), {"code": code}).status_code == 200
    assert not is_signed_in(other)


def test_guessing_codes_is_limited(client, clerk_with_app):
    knock(client)
    for _ in range(5):
        client.post(reverse("mfa_authenticate"), {"code": "000000"})

    client.post(reverse("mfa_authenticate"), {"code": totp_code()})

    assert not is_signed_in(client)


def test_guessing_passwords_is_limited(client, clerk):
    for number in range(5):
        assert knock(Client(), password=f"falsch-{number}").status_code == 200

    assert knock(client).status_code == 200
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("karla@stadt.example", "falsch"),
        ("niemand@stadt.example", PASSWORD),
        ("karla@stadt.example", ""),
    ],
)
def test_wrong_password_and_unknown_address_look_the_same(client, clerk, email, password):
    response = knock(client, password=password or " ", email=email)

    assert response.status_code == 200
    assert not is_signed_in(client)
    assert (
        len(response.context["form"].non_field_errors()) + len(response.context["form"].errors) >= 1
    )


def test_guests_have_no_password_door(client):
    guest = make_guest(email="gast@post.example")
    guest.set_password(PASSWORD)
    guest.save()

    assert knock(client, email="gast@post.example").status_code == 200
    assert not is_signed_in(client)


def test_deactivated_staff_stay_outside(client, clerk):
    clerk.is_active = False
    clerk.save()

    assert knock(client).status_code == 200
    assert not is_signed_in(client)


def test_a_stolen_password_adds_no_factor_of_its_own(client, clerk):
    knock(client)  # a session from before the clerk set up an app elsewhere
    TOTP.activate(clerk, SECRET)

    response = client.get(reverse("mfa_add_webauthn"))

    assert response["Location"].startswith(DOOR)
    assert not is_signed_in(client)
    assert Authenticator.objects.filter(user=clerk).count() == 1


def test_the_last_factor_stays(client, clerk_with_app):
    sign_in(client, clerk_with_app)

    client.post(reverse("mfa_deactivate_totp"))

    assert Authenticator.objects.filter(user=clerk_with_app, type="totp").count() == 1


def test_after_five_minutes_changes_of_the_sign_in_ask_again(client, clerk_with_app):
    sign_in(client, clerk_with_app)
    assert client.get(reverse("mfa_view_recovery_codes")).status_code == 200

    with time_machine.travel(time.time() + 301):
        response = client.get(reverse("mfa_view_recovery_codes"))
        assert response["Location"].startswith(reverse("account_reauthenticate"))
        back = client.post(response["Location"], {"password": PASSWORD})
        assert back["Location"] == reverse("mfa_view_recovery_codes")
        assert client.get(back["Location"]).status_code == 200


def test_reauthentication_takes_the_own_password_only(client, clerk_with_app):
    other = make_clerk("finanzen", email="otto@stadt.example")
    other.set_password("ganz-anderes-passwort")
    other.save()
    sign_in(client, clerk_with_app)

    response = client.post(reverse("account_reauthenticate"), {"password": "ganz-anderes-passwort"})

    assert response.status_code == 200


def test_a_new_password_ends_all_other_sessions(client, clerk_with_app):
    elsewhere = Client()
    sign_in(client, clerk_with_app)
    sign_in(elsewhere, clerk_with_app)
    new = "neues-langes-passwort"

    client.post("/amt/passwort/", {"oldpassword": PASSWORD, "password1": new, "password2": new})

    assert client.get("/amt/sitzungen/").status_code == 200
    assert elsewhere.get("/amt/sitzungen/").status_code == 302
    clerk_with_app.refresh_from_db()
    assert clerk_with_app.check_password(new)


def test_a_common_or_short_password_is_refused(client, clerk_with_app):
    sign_in(client, clerk_with_app)
    for weak in ("kurz", "password1234"):
        client.post(
            "/amt/passwort/", {"oldpassword": PASSWORD, "password1": weak, "password2": weak}
        )

    clerk_with_app.refresh_from_db()
    assert clerk_with_app.check_password(PASSWORD)


def test_who_comes_by_the_directory_has_no_password_to_change(client):
    sign_in(client, make_clerk("finanzen"))

    assert client.get("/amt/passwort/").status_code == 404


def password_link() -> str:
    found = re.search(
        r"http://testserver(/amt/passwort/\S+)", OutgoingMail.objects.latest("created_at").text
    )
    assert found
    return found.group(1)


def test_a_forgotten_password_is_replaced_by_a_link_that_works_once(client, clerk_with_app):
    elsewhere = sign_in(Client(), clerk_with_app)
    client.post("/amt/passwort/vergessen/", {"email": "Karla@stadt.example"})
    link = password_link()
    new = "neues-langes-passwort"

    response = client.post(link, {"new_password1": new, "new_password2": new})

    assert response["Location"] == DOOR
    assert not is_signed_in(client)
    assert elsewhere.get("/amt/sitzungen/").status_code == 302
    assert client.get(link).status_code == 410
    assert knock(client, password=new)["Location"] == reverse("mfa_authenticate")  # still asked


def test_errors_of_a_new_password_are_named_like_its_fields(client, clerk_with_app):
    client.post("/amt/passwort/vergessen/", {"email": "Karla@stadt.example"})

    answer = client.post(password_link(), {"new_password1": "kurz", "new_password2": "kurz"})

    page = answer.content.decode()
    assert '<a href="#id_new_password2">Neues Passwort noch einmal: ' in page
    assert "Neues Passwort bestätigen" not in page
    assert "id_new_password2-hint" not in page


def test_a_forgotten_password_tells_nothing_about_who_works_here(client, clerk):
    make_guest(email="gast@post.example")
    pages = {
        email: client.post("/amt/passwort/vergessen/", {"email": email}).content
        for email in ("karla@stadt.example", "gast@post.example", "niemand@stadt.example")
    }

    assert len({re.sub(rb'value="[^"]{64}"', b"", page) for page in pages.values()}) == 1
    assert [mail.recipient for mail in OutgoingMail.objects.all()] == ["karla@stadt.example"]


@pytest.mark.parametrize("link", ["/amt/passwort/x/y/", "/amt/passwort/AAAA/set-password/"])
def test_an_invented_link_is_gone(client, link):
    assert client.get(link).status_code == 410


def test_links_expire_after_three_days(client, clerk):
    client.post("/amt/passwort/vergessen/", {"email": clerk.email})
    link = password_link()

    with time_machine.travel(time.time() + 3 * 86400 + 60):
        assert client.get(link).status_code == 410


def test_signing_out_takes_a_click(client, clerk_with_app):
    sign_in(client, clerk_with_app)

    assert client.get("/konto/abmelden/").status_code == 200
    assert is_signed_in(client)
    assert client.post("/konto/abmelden/")["Location"] == "/"
    assert not is_signed_in(client)


def test_citizens_and_staff_keep_to_their_sides(client, clerk):
    guest = sign_in(Client(), make_guest())
    sign_in(client, clerk)

    assert client.get("/konto/").status_code == 403
    assert guest.get("/amt/sitzungen/").status_code == 403
    assert guest.get(SETUP).status_code == 403

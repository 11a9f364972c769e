"""A passkey from set-up to sign-in, in a real browser with a virtual authenticator."""

import pytest
from allauth.mfa.models import Authenticator
from tests.factories import make_clerk
from tests.virtual_passkey import plug_in

from rathaus.accounts.tests.test_accounts_staff_sign_in import PASSWORD


@pytest.mark.django_db(transaction=True)
def test_a_passkey_is_set_up_and_opens_the_workspace(page, live_server_url, settings):
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True  # the test's server speaks no TLS
    person = make_clerk("finanzen", email="karla@stadt.example")
    person.set_password(PASSWORD)
    person.save()
    plug_in(page)

    page.goto(f"{live_server_url}/amt/anmelden/")
    page.get_by_label("Dienstliche E-Mail-Adresse").fill("karla@stadt.example")
    page.get_by_label("Passwort", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Weiter").click()
    page.get_by_role("link", name="Passkey einrichten").click()
    page.get_by_label("Name des Schlüssels").fill("Diensthandy")
    page.get_by_text("Als Passkey").click()
    page.get_by_role("button", name="Einrichten").click()
    page.wait_for_url("**/amt/zweiter-faktor/codes/")
    assert Authenticator.objects.filter(user=person, type="webauthn").count() == 1

    page.goto(f"{live_server_url}/konto/abmelden/")
    page.get_by_role("button", name="Ja, abmelden").click()
    page.goto(f"{live_server_url}/amt/anmelden/?next=/amt/sitzungen/")
    page.get_by_role("button", name="Mit Passkey anmelden").click()
    page.wait_for_url(f"{live_server_url}/amt/sitzungen/")
    assert page.get_by_role("heading", level=1).inner_text() == "Wo ich angemeldet bin"

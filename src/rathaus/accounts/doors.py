"""Every page of allauth that is open, under our addresses. What is not listed here does not exist.

allauth finds its pages by these names, which therefore have no namespace.
"""

from allauth.account.views import (
    account_inactive,
    logout,
    reauthenticate,
)
from allauth.mfa.base.views import authenticate
from allauth.mfa.base.views import index as second_factors
from allauth.mfa.base.views import reauthenticate as reauthenticate_by_code
from allauth.mfa.recovery_codes.views import (
    download_recovery_codes,
    generate_recovery_codes,
    view_recovery_codes,
)
from allauth.mfa.totp.views import activate_totp, deactivate_totp
from allauth.mfa.webauthn.views import (
    add_webauthn,
    edit_webauthn,
    list_webauthn,
    login_webauthn,
    reauthenticate_webauthn,
    remove_webauthn,
)
from django.urls import URLPattern, path
from django.views.generic import RedirectView

from rathaus.accounts.access import public_page
from rathaus.accounts.setup_page import setup_page
from rathaus.accounts.views import sign_in

SECOND_FACTOR = "amt/zweiter-faktor/"

urlpatterns: list[URLPattern] = [
    path("konto/anmelden/", sign_in.sign_in, name="account_login"),
    path("konto/anmelden/code/", sign_in.request_code, name="account_request_login_code"),
    path("konto/anmelden/code/eingeben/", sign_in.enter_code, name="account_confirm_login_code"),
    path(
        "konto/neu/",
        public_page(RedirectView.as_view(pattern_name="accounts:sign_in")),
        name="account_signup",
    ),
    path("konto/gesperrt/", public_page(account_inactive), name="account_inactive"),
    path("konto/abmelden/", public_page(logout), name="account_logout"),
    path("amt/passwort/vergessen/", sign_in.forgotten_password, name="account_reset_password"),
    path("amt/passwort/", sign_in.change_password, name="account_change_password"),
    path("amt/bestaetigen/", setup_page(reauthenticate), name="account_reauthenticate"),
    path("amt/bestaetigen/code/", setup_page(reauthenticate_by_code), name="mfa_reauthenticate"),
    path(
        "amt/bestaetigen/schluessel/",
        setup_page(reauthenticate_webauthn),
        name="mfa_reauthenticate_webauthn",
    ),
    path("amt/anmelden/zweiter-faktor/", public_page(authenticate), name="mfa_authenticate"),
    path("amt/anmelden/schluessel/", public_page(login_webauthn), name="mfa_login_webauthn"),
    path(SECOND_FACTOR, setup_page(second_factors), name="mfa_index"),
    path(f"{SECOND_FACTOR}app/", setup_page(activate_totp), name="mfa_activate_totp"),
    path(f"{SECOND_FACTOR}app/entfernen/", setup_page(deactivate_totp), name="mfa_deactivate_totp"),
    path(f"{SECOND_FACTOR}codes/", setup_page(view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        f"{SECOND_FACTOR}codes/neu/",
        setup_page(generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        f"{SECOND_FACTOR}codes/datei/",
        setup_page(download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
    path(f"{SECOND_FACTOR}schluessel/", setup_page(list_webauthn), name="mfa_list_webauthn"),
    path(f"{SECOND_FACTOR}schluessel/neu/", setup_page(add_webauthn), name="mfa_add_webauthn"),
    path(
        f"{SECOND_FACTOR}schluessel/<int:pk>/", setup_page(edit_webauthn), name="mfa_edit_webauthn"
    ),
    path(
        f"{SECOND_FACTOR}schluessel/<int:pk>/entfernen/",
        setup_page(remove_webauthn),
        name="mfa_remove_webauthn",
    ),
]

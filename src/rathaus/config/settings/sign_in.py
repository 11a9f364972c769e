"""How people sign in: which doors there are, how long they stay open, how often one may knock."""

import os
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from rathaus.accounts.session_limits import SessionLimit

SESSION_LIMITS = {
    "staff": SessionLimit(idle=timedelta(minutes=30), absolute=timedelta(hours=10)),
    "citizen": SessionLimit(idle=timedelta(minutes=60), absolute=timedelta(hours=12)),
    "guest": SessionLimit(idle=timedelta(minutes=60), absolute=timedelta(hours=12)),
}
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
PASSWORD_RESET_TIMEOUT = 72 * 60 * 60
# The e-mail address is the key of guests and staff alone, which a constraint of the table says;
# Django only knows
# "unique or not".
SILENCED_SYSTEM_CHECKS = ["auth.W004"]

# Counters of attempts must be shared by all web processes; what a process keeps for itself alone is
# in "process".
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "shared_cache",
    },
    "process": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    },
}

LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "accounts:account"
LOGOUT_REDIRECT_URL = "/"

ACCOUNT_ADAPTER = "rathaus.accounts.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "request_login_code": "rathaus.accounts.forms.RequestCodeForm",
    "confirm_login_code": "rathaus.accounts.sign_in_forms.ConfirmLoginCodeForm",
    "login": "rathaus.accounts.sign_in_forms.LoginForm",
    "reauthenticate": "rathaus.accounts.sign_in_forms.ReauthenticateForm",
    "change_password": "rathaus.accounts.sign_in_forms.ChangePasswordForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 10 * 60
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 5 * 60
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "20/m/ip,5/5m/key",
    "request_login_code": "20/m/ip,3/m/key,12/h/key",
    "reset_password": "10/m/ip,3/h/key",
    "draw_ticket": "6/10m/ip",
    "hold_time": "20/h/ip",
    "check_in": "20/m/ip",
}
# Web servers in front of us whose word about the visitor's address is taken.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("RATHAUS_PROXIES", "0"))

MFA_ADAPTER = "rathaus.accounts.adapters.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "rathaus.accounts.sign_in_forms.AuthenticateForm",
    "reauthenticate": "rathaus.accounts.sign_in_forms.ConfirmByCodeForm",
    "activate_totp": "rathaus.accounts.sign_in_forms.ActivateTOTPForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_TOTP_TOLERANCE = 1

SOCIALACCOUNT_ADAPTER = "rathaus.accounts.adapters.IdentityAdapter"
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5
SOCIALACCOUNT_STORE_TOKENS = False


def identity_provider(name: str, *, title: str, **settings: Any) -> dict[str, Any] | None:
    """One OIDC provider from `RATHAUS_<NAME>_URL`, `_CLIENT` and `_SECRET`; nothing if its address
    is not set.
    """
    address = os.environ.get(f"RATHAUS_{name.upper()}_URL")
    if not address:
        return None
    return {
        "provider_id": name,
        "name": title,
        "client_id": os.environ[f"RATHAUS_{name.upper()}_CLIENT"],
        "secret": os.environ[f"RATHAUS_{name.upper()}_SECRET"],
        "settings": {"server_url": address, **settings},
    }


def origins(providers: dict[str, Any]) -> list[str]:
    """Where a sign-in form may lead to, for the content security policy."""
    addresses = [
        urlsplit(app["settings"]["server_url"])
        for entry in providers.values()
        for app in entry["APPS"]
    ]
    return [f"{address.scheme}://{address.netloc}" for address in addresses]


ID_AUSTRIA = identity_provider("id_austria", title="ID Austria")
STAFF_DIRECTORY = identity_provider(
    "staff_directory",
    title=os.environ.get("RATHAUS_STAFF_DIRECTORY_NAME", "Verzeichnis der Stadt"),
    # Words of the claim `amr` (RFC 8176) by which the directory says that it asked for a second
    # factor.
    second_factor=["mfa", "hwk", "otp", "sc"],
)
SOCIALACCOUNT_PROVIDERS = {
    "id_austria": {"APPS": [ID_AUSTRIA] if ID_AUSTRIA else []},
    "staff_directory": {"APPS": [STAFF_DIRECTORY] if STAFF_DIRECTORY else []},
}
IDENTITY_PROVIDER_ORIGINS = origins(SOCIALACCOUNT_PROVIDERS)

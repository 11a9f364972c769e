"""The profile of a city: HTTPS only, secrets from the environment or home, no demo."""

import os

from django.core.exceptions import ImproperlyConfigured

from rathaus.config.secrets import secret
from rathaus.config.settings.base import *  # noqa: F403 - a profile is the base plus its own lines
from rathaus.config.settings.base import (
    HOME,
    SILENCED_SYSTEM_CHECKS,
    STRIPE_API,
    STRIPE_KEY,
    STRIPE_WEBHOOK_SECRETS,
)
from rathaus.config.settings.paying import why_not_for_money

PROFILE = "production"
if reason := why_not_for_money(STRIPE_KEY, STRIPE_API, STRIPE_WEBHOOK_SECRETS):
    raise ImproperlyConfigured(reason)
SECRET_KEY = secret("secret_key", home=HOME)
FILE_ENCRYPTION_KEY = secret("file_key", home=HOME)
IDENTIFIER_PEPPER = secret("identifier_pepper", home=HOME)
ALLOWED_HOSTS = [name for name in os.environ.get("RATHAUS_HOSTS", "").split(",") if name]
PORTAL_ADDRESS = os.environ.get("RATHAUS_ADDRESS") or f"https://{[*ALLOWED_HOSTS, 'localhost'][0]}"
CSRF_TRUSTED_ORIGINS = [f"https://{name}" for name in ALLOWED_HOSTS]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
# Browsers keep this promise for so long. It binds this host alone: what else lives below the city's
# domain may not speak HTTPS yet, and a preload cannot be taken back. A city decides otherwise.
SECURE_HSTS_SECONDS = int(os.environ.get("RATHAUS_HSTS_SECONDS", "31536000"))
SECURE_HSTS_INCLUDE_SUBDOMAINS = os.environ.get("RATHAUS_HSTS_SUBDOMAINS", "") == "1"
SECURE_HSTS_PRELOAD = os.environ.get("RATHAUS_HSTS_PRELOAD", "") == "1"
SILENCED_SYSTEM_CHECKS = [*SILENCED_SYSTEM_CHECKS, "security.W005", "security.W021"]
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-sitzung"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"
LANGUAGE_COOKIE_SECURE = True
# HTTPS ends at a proxy in front of us, which names the visitor; limits per address count visitors,
# not the proxy.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("RATHAUS_PROXIES", "1"))

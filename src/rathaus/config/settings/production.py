"""The profile of a city: HTTPS only, secrets from the environment or home, no demo."""

import os

from rathaus.config.secrets import secret
from rathaus.config.settings.base import *  # noqa: F403 - a profile is the base plus its own lines
from rathaus.config.settings.base import HOME

PROFILE = "production"
SECRET_KEY = secret("secret_key", home=HOME)
FILE_ENCRYPTION_KEY = secret("file_key", home=HOME)
IDENTIFIER_PEPPER = secret("identifier_pepper", home=HOME)
ALLOWED_HOSTS = [name for name in os.environ.get("RATHAUS_HOSTS", "").split(",") if name]
PORTAL_ADDRESS = os.environ.get("RATHAUS_ADDRESS") or f"https://{[*ALLOWED_HOSTS, 'localhost'][0]}"
CSRF_TRUSTED_ORIGINS = [f"https://{name}" for name in ALLOWED_HOSTS]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 63_072_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-sitzung"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"
LANGUAGE_COOKIE_SECURE = True
# HTTPS ends at a proxy in front of us, which names the visitor; limits per address count visitors,
# not the proxy.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("RATHAUS_PROXIES", "1"))

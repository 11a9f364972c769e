"""The demo profile: embedded PostgreSQL, loopback only, one sign-in button per demo person."""

import os

from rathaus.config.secrets import secret
from rathaus.config.settings.base import *  # noqa: F403 - a profile is the base plus its own lines
from rathaus.config.settings.base import HOME, INSTALLED_APPS

PROFILE = "embedded"
SECRET_KEY = secret("secret_key", home=HOME)
FILE_ENCRYPTION_KEY = secret("file_key", home=HOME)
IDENTIFIER_PEPPER = secret("identifier_pepper", home=HOME)
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", "testserver"]
INSTALLED_APPS = [*INSTALLED_APPS, "rathaus.demo"]
# The demo's mail stays on this machine: on a page, and at a mail server here where one is named.
_MAIL_SERVER_HERE = os.environ.get("RATHAUS_SMTP_HOST", "") in ("127.0.0.1", "localhost", "::1")
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if _MAIL_SERVER_HERE
    else "rathaus.demo.mailbox.MailboxBackend"
)
DEMO_SIGN_IN = True

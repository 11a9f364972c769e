"""The demo profile: embedded PostgreSQL, loopback only, one sign-in button per demo person."""

from rathaus.config.secrets import secret
from rathaus.config.settings.base import *  # noqa: F403 - a profile is the base plus its own lines
from rathaus.config.settings.base import HOME, INSTALLED_APPS

PROFILE = "embedded"
SECRET_KEY = secret("secret_key", home=HOME)
FILE_ENCRYPTION_KEY = secret("file_key", home=HOME)
IDENTIFIER_PEPPER = secret("identifier_pepper", home=HOME)
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", "testserver"]
INSTALLED_APPS = [*INSTALLED_APPS, "rathaus.demo"]
EMAIL_BACKEND = "rathaus.demo.mailbox.MailboxBackend"
DEMO_SIGN_IN = True

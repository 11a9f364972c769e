"""The profile of the test suite: fixed secrets, quick hashing, all else as in the demo."""

import os
import tempfile
from pathlib import Path

os.environ.setdefault("RATHAUS_HOME", tempfile.mkdtemp(prefix="rathaus-test-"))

from rathaus.config.settings.base import *  # noqa: F403 - a profile is the base plus its own lines
from rathaus.config.settings.base import DATABASES, INSTALLED_APPS

PROFILE = "test"
SECRET_KEY = "test-only-" + "x" * 50
FILE_ENCRYPTION_KEY = "0" * 64
IDENTIFIER_PEPPER = "test-only-pepper"
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]
INSTALLED_APPS = [*INSTALLED_APPS, "rathaus.demo"]
PORTAL_ADDRESS = "http://testserver"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
FILES_DIRECTORY = Path(os.environ["RATHAUS_HOME"]) / "files"
DATABASES["default"]["TEST"] = {"NAME": os.environ.get("RATHAUS_TEST_DATABASE", "test_rathaus")}
DATABASES["default"]["CONN_MAX_AGE"] = 0
DEMO_SIGN_IN = True
# WhiteNoise warns about a missing directory, and warnings are errors here.
(Path(os.environ["RATHAUS_HOME"]) / "static").mkdir(parents=True, exist_ok=True)

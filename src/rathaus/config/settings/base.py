"""What all profiles share; each adds its secrets and how strict its cookies are."""

import os
from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from rathaus.config.database import database_from_url
from rathaus.config.logs import logging_configuration
from rathaus.config.settings.paying import *  # noqa: F403 - part of every profile
from rathaus.config.settings.paying import PAYMENT_PAGES
from rathaus.config.settings.sign_in import *  # noqa: F403 - part of every profile
from rathaus.config.settings.sign_in import IDENTITY_PROVIDER_ORIGINS

PACKAGE = Path(__file__).resolve().parents[2]
HOME = Path(os.environ.get("RATHAUS_HOME", PACKAGE.parents[1] / "var" / "demo")).resolve()
PROFILE = "base"

DEBUG = False
USE_TZ = True
TIME_ZONE = "Europe/Vienna"
LANGUAGE_CODE = "de"
LANGUAGES = [("de", _("Deutsch")), ("en", _("Englisch"))]
LANGUAGE_COOKIE_NAME = "sprache"
LOCALE_PATHS = [PACKAGE / "locale"]
FORMAT_MODULE_PATH = ["rathaus.config.formats"]
USE_THOUSAND_SEPARATOR = False

ROOT_URLCONF = "rathaus.config.urls"
WSGI_APPLICATION = "rathaus.config.wsgi.application"
AUTH_USER_MODEL = "accounts.Person"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_cotton.apps.SimpleAppConfig",
    "csp",
    "rathaus.accounts",  # before allauth, whose templates it replaces
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.mfa",
    "allauth.usersessions",
    "procrastinate.contrib.django",
    "rathaus.core",
    "rathaus.audit",
    "rathaus.payments",
    "rathaus.cases",
    "rathaus.services",
    "rathaus.appointments",
    "rathaus.wiring.WiringConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "rathaus.core.middleware.RequestLog",
    "rathaus.core.middleware.ReadToTheEnd",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "rathaus.accounts.middleware.SessionLimits",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "rathaus.accounts.middleware.ActorMiddleware",
    "rathaus.core.middleware.NotTooMuchAtOnce",
    "rathaus.core.middleware.DomainErrors",
    "rathaus.audit.middleware.ReadLedger",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "rathaus.core.context.house",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "django_cotton.templatetags.cotton",
                "rathaus.core.templatetags.rathaus",
            ],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
        },
    }
]
COTTON_DIR = "cotton"

DATABASES = {"default": database_from_url(os.environ.get("DATABASE_URL", ""), home=HOME)}

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "rathaus.core.views.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF, *IDENTITY_PROVIDER_ORIGINS, *PAYMENT_PAGES],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
        "manifest-src": [SELF],
    }
}

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
FILES_DIRECTORY = HOME / "files"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 3000
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
UPLOAD_MAX_BYTES = 20 * 1024 * 1024
# All files of one click together; the proxy must let a little more through.
UPLOADS_AT_ONCE_MAX_BYTES = 100 * 1024 * 1024
CLAMD_ADDRESS = os.environ.get("RATHAUS_CLAMD", "")

AUTHENTICATION_BACKENDS = ["rathaus.accounts.backends.AccountBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]

# Tables that nobody may change once written: refused by trigger and by the database role's rights.
RATHAUS_APPEND_ONLY_TABLES = [
    "appointments_queueevent",
    "audit_entry",
    "audit_node",
    "audit_root",
    "payments_checkpoint",
    "payments_checkpointbalance",
    "payments_closing",
    "payments_export",
    "payments_leg",
    "payments_refundpart",
    "payments_transaction",
    "payments_transfer",
]

# Domains keep their tasks in `jobs.py`; core's own stand beside what they do.
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
PROCRASTINATE_IMPORT_PATHS = ["rathaus.core.mail", "rathaus.core.housekeeping"]
PROCRASTINATE_WORKER_DEFAULTS = {"concurrency": 4}

# Where people find the portal: the beginning of every link in a mail.
PORTAL_ADDRESS = os.environ.get("RATHAUS_ADDRESS", "http://127.0.0.1:8000").rstrip("/")

EMAIL_HOST = os.environ.get("RATHAUS_SMTP_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("RATHAUS_SMTP_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("RATHAUS_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("RATHAUS_SMTP_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("RATHAUS_SMTP_TLS", "") == "1"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("RATHAUS_MAIL_FROM", "rathaus@localhost")

LOGGING_CONFIG = None
LOGGING = logging_configuration()
DEMO_SIGN_IN = False

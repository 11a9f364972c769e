"""A log line for every sign-in, every failure and every sign-out (ASVS 16.3.1): what happened,
never to whom.
"""

from typing import Any

import structlog
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed

from rathaus.accounts.models import Person

log = structlog.get_logger("rathaus.accounts")


def connect_to_django() -> None:
    """Hear from Django when somebody comes, fails or goes."""
    user_logged_in.connect(_signed_in, dispatch_uid="accounts.signed_in")
    user_login_failed.connect(_failed, dispatch_uid="accounts.sign_in_failed")
    user_logged_out.connect(_signed_out, dispatch_uid="accounts.signed_out")


def _signed_in(user: Person, **details: Any) -> None:
    log.info("signed in", kind=user.kind)


def _failed(**details: Any) -> None:
    log.warning("sign-in failed", door="password")


def _signed_out(user: Person | None, **details: Any) -> None:
    log.info("signed out", kind=user.kind if user else "")

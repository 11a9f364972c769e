"""Checks that the program makes before it starts."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Critical


def demo_stays_out_of_production(
    app_configs: Sequence[AppConfig] | None, **details: Any
) -> list[CheckMessage]:
    """The doors of the demo open without a key: a city's own installation must not have them."""
    if settings.PROFILE != "production":
        return []
    found = []
    if settings.DEMO_SIGN_IN:
        found.append(Critical("DEMO_SIGN_IN is on in the production profile", id="accounts.C001"))
    if "rathaus.demo" in settings.INSTALLED_APPS:
        found.append(Critical("rathaus.demo is installed in production", id="accounts.C002"))
    return list(found)

"""Registers the core domain."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from rathaus.core.domain import Domain, register


class CoreConfig(AppConfig):
    """The core domain."""

    name = "rathaus.core"

    def ready(self) -> None:
        """Tell the house what this domain offers."""
        register(Domain(slug="core", name=_("Fundament")))

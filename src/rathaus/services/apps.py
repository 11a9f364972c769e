"""Registers the services domain."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from rathaus.core.domain import Domain, register


class ServicesConfig(AppConfig):
    """The services domain."""

    name = "rathaus.services"

    def ready(self) -> None:
        """Tell the house what this domain offers."""
        register(Domain(slug="services", name=_("Leistungen")))

"""Registers the cases domain."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from rathaus.core.domain import Domain, register


class CasesConfig(AppConfig):
    """The cases domain."""

    name = "rathaus.cases"

    def ready(self) -> None:
        """Tell the house what this domain offers."""
        register(Domain(slug="cases", name=_("Anliegen")))

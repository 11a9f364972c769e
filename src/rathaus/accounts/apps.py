"""Registers the accounts domain."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from rathaus.core.domain import Domain, register


class AccountsConfig(AppConfig):
    """The accounts domain."""

    name = "rathaus.accounts"

    def ready(self) -> None:
        """Tell the house what this domain offers."""
        register(Domain(slug="accounts", name=_("Personen und Rollen")))

"""Registers the payments domain."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from rathaus.core.domain import Domain, register


class PaymentsConfig(AppConfig):
    """The payments domain."""

    name = "rathaus.payments"

    def ready(self) -> None:
        """Tell the house what this domain offers."""
        register(Domain(slug="payments", name=_("Zahlungen")))

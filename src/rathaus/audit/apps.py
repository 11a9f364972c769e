"""Registers the audit domain."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from rathaus.core.domain import Domain, register


class AuditConfig(AppConfig):
    """The audit domain."""

    name = "rathaus.audit"

    def ready(self) -> None:
        """Tell the house what this domain offers."""
        register(Domain(slug="audit", name=_("Protokoll")))

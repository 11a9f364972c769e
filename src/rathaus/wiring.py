"""Every connection across domains, on one page: which event leads to which action."""

from django.apps import AppConfig


class WiringConfig(AppConfig):
    """Connects the domains once all of them are loaded; last in INSTALLED_APPS."""

    name = "rathaus"
    label = "wiring"

    def ready(self) -> None:
        """Join the domains. Neither side of a line imports the other."""
        from rathaus.cases.events import CaseDecided, CaseWithdrawn  # tables must be known before
        from rathaus.core.events import connect
        from rathaus.services.actions import release_grant

        connect(CaseDecided, release_grant)
        connect(CaseWithdrawn, release_grant)

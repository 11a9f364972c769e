"""Every connection across domains, on one page: which event leads to which action."""

from django.apps import AppConfig


class WiringConfig(AppConfig):
    """Connects the domains once all of them are loaded; last in INSTALLED_APPS."""

    name = "rathaus"
    label = "wiring"

    def ready(self) -> None:
        """Join the domains. Neither side of a line imports the other."""
        from rathaus.cases import events as cases  # tables must be known before
        from rathaus.core.events import connect
        from rathaus.services.actions import let_fees_fall, release_grant

        for ending in (cases.CaseDecided, cases.CaseWithdrawn, cases.CaseClosedUndecided):
            connect(ending, let_fees_fall)
            connect(ending, release_grant)

"""Every connection across domains, on one page: which event leads to which action."""

from django.apps import AppConfig


class WiringConfig(AppConfig):
    """Connects the domains once all of them are loaded; last in INSTALLED_APPS."""

    name = "rathaus"
    label = "wiring"

    def ready(self) -> None:
        """Join the domains. Neither side of a line imports the other."""
        from rathaus.accounts.events import MattersTakenOver  # tables must be known before
        from rathaus.cases import events as cases
        from rathaus.cases.actions import take_over_cases
        from rathaus.core.events import connect
        from rathaus.payments.actions import take_over_claims
        from rathaus.services.actions import (
            release_grant,
            take_over_applications,
            take_over_drafts,
        )

        connect(cases.CaseDecided, release_grant)
        connect(cases.CaseWithdrawn, release_grant)
        connect(cases.CaseClosedUndecided, release_grant)

        # In the order in which everybody locks: the draft, its case, what hangs on the case.
        connect(MattersTakenOver, take_over_drafts)
        connect(MattersTakenOver, take_over_cases)
        connect(MattersTakenOver, take_over_applications)
        connect(MattersTakenOver, take_over_claims)

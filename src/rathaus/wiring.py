"""Every connection across domains, on one page: which event leads to which action."""

from django.apps import AppConfig


class WiringConfig(AppConfig):
    """Connects the domains once all of them are loaded; last in INSTALLED_APPS."""

    name = "rathaus"
    label = "wiring"

    def ready(self) -> None:
        """Join the domains. Neither side of a line imports the other."""
        from rathaus.accounts import events as accounts  # tables must be known before
        from rathaus.appointments.actions import take_over_bookings, take_over_waiting
        from rathaus.cases import events as cases
        from rathaus.cases.actions import release_cases, take_over_cases
        from rathaus.core.events import connect
        from rathaus.payments import events as payments
        from rathaus.payments.actions import (
            conclude_payments,
            refund_by_card,
            take_over_claims,
            take_over_levies,
            take_over_payments,
        )
        from rathaus.services.actions import (
            begin_levies,
            end_levies,
            let_fees_fall,
            let_fees_fall_due,
            release_grant,
            take_over_applications,
            take_over_drafts,
        )

        connect(accounts.PersonDeactivated, release_cases)
        connect(cases.CaseDecided, let_fees_fall)
        connect(cases.CaseDecided, let_fees_fall_due)
        connect(cases.CaseDecided, release_grant)
        connect(cases.CaseWithdrawn, let_fees_fall)
        connect(cases.CaseWithdrawn, release_grant)
        connect(cases.CaseClosedUndecided, let_fees_fall)
        connect(cases.CaseClosedUndecided, release_grant)

        connect(cases.CaseDecided, begin_levies)
        connect(cases.CaseDecided, end_levies)

        connect(payments.ReceiptsMade, conclude_payments)
        connect(payments.RefundRequested, refund_by_card)
        _connect_waitlist()

        # In the order in which everybody locks: the draft, its case, what hangs on the case.
        connect(accounts.MattersTakenOver, take_over_drafts)
        connect(accounts.MattersTakenOver, take_over_cases)
        connect(accounts.MattersTakenOver, take_over_applications)
        connect(accounts.MattersTakenOver, take_over_claims)
        connect(accounts.MattersTakenOver, take_over_levies)
        connect(accounts.MattersTakenOver, take_over_payments)
        connect(accounts.MattersTakenOver, take_over_bookings)
        connect(accounts.MattersTakenOver, take_over_waiting)


def _connect_waitlist() -> None:
    """Freed times go to whoever waits, before anybody else sees them."""
    from rathaus.appointments import events as appointments
    from rathaus.appointments.actions import offer_freed, withdraw_with_booking
    from rathaus.core.events import connect

    connect(appointments.BookingCancelled, withdraw_with_booking)
    connect(appointments.SlotFreed, offer_freed)

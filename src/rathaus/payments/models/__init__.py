"""What people owe the city, and what becomes of it."""

from rathaus.payments.models.claims import FURTHER, Claim, ClaimQuerySet, State

__all__ = ["FURTHER", "Claim", "ClaimQuerySet", "State"]

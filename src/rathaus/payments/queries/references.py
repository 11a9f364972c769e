"""What a payment reference names."""

from collections.abc import Collection
from uuid import UUID

from rathaus.payments.models import PaymentReference
from rathaus.payments.references import bare_reference


def named_by(reference: str) -> PaymentReference | None:
    """The claim or payment that somebody names by a reference, however they spaced it."""
    return PaymentReference.objects.filter(reference=bare_reference(reference)).first()


def references_of_claims(claims: Collection[UUID]) -> dict[UUID, str]:
    """The reference of each claim, by its id."""
    rows = PaymentReference.objects.filter(claim__in=claims)
    return {row.claim: row.reference for row in rows if row.claim is not None}

"""Gives out payment references, each once."""

from uuid import UUID

from django.db import connection

from rathaus.payments.models import PaymentReference
from rathaus.payments.references import reference_of

NEXT = "SELECT nextval(pg_get_serial_sequence('payments_paymentreference', 'number'))"
GIVE = """
    INSERT INTO payments_paymentreference (number, reference, claim, payment)
    VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING
"""


def reference_for(*, claim: UUID | None = None, payment: UUID | None = None) -> str:
    """The reference that names this claim or this payment for ever; made where it has none yet.

    Part of another action, which asks for permission. Raises `ValueError` unless it is one of both.
    """
    if (claim is None) == (payment is None):
        raise ValueError("a reference names either a claim or a payment")
    known = PaymentReference.objects.filter(claim=claim, payment=payment).first()
    if known is not None:
        return known.reference
    with connection.cursor() as cursor:
        cursor.execute(NEXT)
        number = int(cursor.fetchone()[0])
        reference = reference_of(number)
        cursor.execute(GIVE, [number, reference, claim, payment])
        if cursor.rowcount:
            return reference
    return PaymentReference.objects.get(claim=claim, payment=payment).reference

"""Many claims for a measurement, owed and booked like those that `raise_claim` makes one by one."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import connection

from rathaus.core.clock import now, today
from rathaus.core.money import Money
from rathaus.core.transaction import unit_of_work
from rathaus.payments.actions.booking import book_claims
from rathaus.payments.models import Claim, PaymentReference
from rathaus.payments.references import reference_of

AT_ONCE = 500
NUMBERS = """
    SELECT nextval(pg_get_serial_sequence('payments_paymentreference', 'number'))
    FROM generate_series(1, %s)
"""


def sow(owed: Sequence[tuple[UUID, str, Money]]) -> list[UUID]:
    """A claim for each debtor, matter and amount, due today, with a reference to pay it by."""
    claims = [_claim(*one) for one in owed]
    for begin in range(0, len(claims), AT_ONCE):
        some = claims[begin : begin + AT_ONCE]
        with unit_of_work():
            Claim.objects.bulk_create(some)
            PaymentReference.objects.bulk_create(_references(some))
            book_claims(some)
    return [claim.pk for claim in claims]


def _claim(debtor: UUID, matter: str, amount: Money) -> Claim:
    return Claim(
        debtor_id=debtor,
        reference=matter,
        key="fee",
        purpose={"de": "Gebühr"},
        cents=amount.cents,
        currency=amount.currency,
        due_on=today(),
        raised_at=now(),
    )


def _references(claims: Sequence[Claim]) -> Iterable[PaymentReference]:
    with connection.cursor() as cursor:
        cursor.execute(NUMBERS, [len(claims)])
        numbers = [int(number) for (number,) in cursor.fetchall()]
    for number, claim in zip(numbers, claims, strict=True):
        yield PaymentReference(number=number, reference=reference_of(number), claim=claim.pk)

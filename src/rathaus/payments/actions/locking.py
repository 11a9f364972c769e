"""Locks in one order for everybody: keys, claims by id, credits by id, the year of receipts, the
ledger's lock, the head of the trail.
"""

from collections.abc import Iterable
from uuid import UUID

from django.db import connection

from rathaus.core.errors import NotFound
from rathaus.payments.models import Claim

LOCK_KEYS = """
    SELECT pg_advisory_xact_lock(hashtextextended(key, 0))
    FROM unnest(%s::text[]) WITH ORDINALITY AS wanted (key, place) ORDER BY place
"""


def lock_key(key: str) -> None:
    """Let whoever comes with the same key wait until this unit of work ends."""
    lock_keys([key])


def lock_keys(keys: Iterable[str]) -> None:
    """The same for several, in one order for everybody."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK_KEYS, [sorted(keys)])


def lock_claims(ids: Iterable[UUID]) -> dict[UUID, Claim]:
    """The claims by id, locked in one order for everybody. Raises `NotFound` if one is missing."""
    wanted = set(ids)
    rows = Claim.objects.select_for_update(of=("self",)).filter(pk__in=wanted).order_by("pk")
    claims = {claim.pk: claim for claim in rows}
    if len(claims) < len(wanted):
        raise NotFound
    return claims

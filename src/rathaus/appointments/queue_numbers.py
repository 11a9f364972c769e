"""The number by which the wait estimate knows an appointment, before and after it is checked in."""

from hashlib import md5
from uuid import UUID

FIRST_OF_BOOKINGS = 500_000_000  # below it are the numbers of tickets, above those of strangers
# The same in SQL, of the column `id`.
RANK_OF_BOOKING = f"{FIRST_OF_BOOKINGS} + ('x' || substr(md5(id::text), 1, 7))::bit(28)::int"


def rank_of_booking(booking: UUID) -> int:
    """Spread over 268 million numbers: that two of a day are the same hardly ever happens, and
    then two people merely have the same luck.
    """
    digest = md5(str(booking).encode(), usedforsecurity=False).hexdigest()
    return FIRST_OF_BOOKINGS + int(digest[:7], 16)

"""Who counts as the same person when appointments are counted: an account or a mailbox."""

from hashlib import sha256
from uuid import UUID


def normalised_email(email: str) -> str:
    """The mailbox behind an address: small letters, and without what follows a plus sign.

    `Anna+termin@Example.ORG` and `anna@example.org` reach the same person.
    """
    mailbox, _at, host = email.strip().lower().rpartition("@")
    return f"{mailbox.partition('+')[0] or mailbox}@{host}" if mailbox else host


def identity_of(*, person: UUID | None, email: str) -> str:
    """64 hexadecimal digits that are the same for the same person; empty for nobody known.

    A mailbox counts before an account: who signs in by it is the guest who does not.
    """
    if email:
        return _digest(f"mail:{normalised_email(email)}")
    return _digest(f"person:{person}") if person else ""


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()

"""Identifiers of other registers, kept only as keyed hashes: enough to know somebody again, useless
to anybody else.

The bPK of the E-GovG identifies a person in one area of administration; whoever reads our database
must not learn it.
"""

import hmac
from hashlib import sha256


def hashed_identifier(identifier: str, *, register: str, pepper: str) -> str:
    """The identifier's HMAC-SHA-256 under the installation's pepper, as 64 hexadecimal digits.

    `register` keeps two registers apart that use the same value. Raises `ValueError` without an
    identifier or pepper.
    """
    if not identifier or not pepper:
        raise ValueError("an identifier and a pepper are needed")
    return hmac.new(pepper.encode(), f"{register}\0{identifier}".encode(), sha256).hexdigest()

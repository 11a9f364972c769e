"""Secrets in links of mails: 256 random bits, of which only the hash is kept."""

import secrets
from hashlib import sha256


def new_token() -> str:
    """A fresh secret for a link."""
    return secrets.token_urlsafe(32)


def hashed(token: str) -> str:
    """What is kept of a secret."""
    return sha256(token.encode()).hexdigest()

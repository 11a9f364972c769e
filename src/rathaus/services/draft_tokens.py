"""Secrets that prove access to a draft: 256 random bits, of which only the hash is kept."""

import secrets
from hashlib import sha256


def new_token() -> str:
    """A fresh secret for a cookie or a link."""
    return secrets.token_urlsafe(32)


def hashed(token: str) -> str:
    """What is kept of a secret; no secret has the empty hash."""
    return sha256(token.encode()).hexdigest() if token else ""

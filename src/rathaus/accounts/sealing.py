"""Secrets of second factors are stored sealed: who reads the database cannot make the codes."""

from base64 import urlsafe_b64encode
from functools import cache

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def seal(text: str, *, secret: str) -> str:
    """The text, encrypted and signed under a key drawn from the installation's secret."""
    return _lock(secret).encrypt(text.encode()).decode()


def unseal(sealed: str, *, secret: str) -> str:
    """What `seal` was given. Raises `cryptography.fernet.InvalidToken` for anything changed or of
    another secret.
    """
    return _lock(secret).decrypt(sealed.encode()).decode()


@cache
def _lock(secret: str) -> Fernet:
    key = HKDF(SHA256(), 32, salt=None, info=b"rathaus.accounts.second-factor").derive(
        secret.encode()
    )
    return Fernet(urlsafe_b64encode(key))

"""Checking an OpenID Connect id_token: what OpenID Connect Core 1.0 §3.1.3.7 asks, and nothing
taken on trust.

allauth skips the signature of tokens fetched over TLS and knows no nonce; both are checked here.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from hashlib import sha256
from typing import Any

import jwt

ALGORITHMS = ("RS256", "PS256", "ES256")
REQUIRED = ("iss", "sub", "aud", "exp", "iat", "nonce")
LEEWAY = timedelta(seconds=60)

Claims = Mapping[str, Any]


class BadToken(Exception):
    """The token proves nothing; `reason` is a word for the log, with nothing of its contents."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def nonce_for(code_verifier: str) -> str:
    """The nonce that belongs to a sign-in: a hash of its PKCE verifier, so that the session keeps
    one secret, not two.
    """
    return sha256(f"nonce:{code_verifier}".encode()).hexdigest()


def read_id_token(
    token: str, *, keys: Sequence[Mapping[str, Any]], issuer: str, client: str, nonce: str
) -> Claims:
    """The claims of a token that is signed by one of `keys` (JWKs), fresh, for us and for this very
    sign-in.

    Raises `BadToken` for everything else.
    """
    try:
        claims: Claims = jwt.decode(
            token,
            key=_key(token, keys),
            algorithms=ALGORITHMS,
            issuer=issuer,
            audience=client,
            leeway=LEEWAY,
            options={"require": list(REQUIRED)},
        )
    except (jwt.PyJWTError, ValueError, TypeError) as error:
        raise BadToken(type(error).__name__) from error
    if claims["nonce"] != nonce:
        raise BadToken("WrongNonce")
    if claims.get("azp", client) != client:
        raise BadToken("WrongAuthorizedParty")
    return claims


def _key(token: str, keys: Sequence[Mapping[str, Any]]) -> jwt.PyJWK:
    header = jwt.get_unverified_header(token)
    if header.get("alg") not in ALGORITHMS:
        raise BadToken("UnknownAlgorithm")
    for key in keys:
        if key.get("kid") == header.get("kid") and key.get("use", "sig") == "sig":
            return jwt.PyJWK(dict(key), algorithm=header["alg"])
    raise BadToken("UnknownKey")

"""What an id_token must carry, who may sign it, and that old secrets stay readable."""

from datetime import UTC, datetime

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from rathaus.accounts.identifiers import hashed_identifier
from rathaus.accounts.providers.id_token import BadToken, nonce_for, read_id_token
from rathaus.accounts.sealing import unseal

RSA_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
CURVE_KEY = ec.generate_private_key(ec.SECP256R1())
RSA = {**jwt.algorithms.RSAAlgorithm.to_jwk(RSA_KEY.public_key(), as_dict=True), "kid": "r"}
CURVE = {**jwt.algorithms.ECAlgorithm.to_jwk(CURVE_KEY.public_key(), as_dict=True), "kid": "c"}
NONCE = nonce_for("verifier")
SEALED = (
    "gAAAAABrAx4upb92glsh-3O1nRTS4HOx9HQ7PHl2eoeF8PyHosP7dmg0UDZE-BOMKyWcHgKhgx-U1zNi_lY5dHfI7iE5"
    "EDxDsQ=="
)


def claims(**changes: object) -> dict[str, object]:
    now = int(datetime.now(tz=UTC).timestamp())
    known = {"iss": "i", "sub": "s", "aud": "me", "iat": now, "exp": now + 60, "nonce": NONCE}
    return {**known, **changes}


def signed(content: dict[str, object], *, algorithm: str = "RS256", kid: str = "r") -> str:
    key = {"HS256": "geheim" * 6, "ES256": CURVE_KEY}.get(algorithm, RSA_KEY)
    return jwt.encode(content, key, algorithm=algorithm, headers={"kid": kid})


def read(token: str, *keys: dict[str, object]) -> dict[str, object]:
    known = read_id_token(token, keys=keys or [RSA, CURVE], issuer="i", client="me", nonce=NONCE)
    return dict(known)


def refusal(token: str, *keys: dict[str, object]) -> tuple[str, str]:
    with pytest.raises(BadToken) as refused:
        read(token, *keys)
    return refused.value.reason, str(refused.value)


@pytest.mark.parametrize("missing", ["iss", "sub", "aud", "exp", "iat", "nonce"])
def test_every_claim_is_asked_for(missing):
    content = {name: value for name, value in claims().items() if name != missing}
    assert refusal(signed(content)) == ("MissingRequiredClaimError", "MissingRequiredClaimError")


@pytest.mark.parametrize(("algorithm", "kid"), [("RS256", "r"), ("PS256", "r"), ("ES256", "c")])
def test_three_algorithms_are_trusted(algorithm, kid):
    content = claims()
    assert read(signed(content, algorithm=algorithm, kid=kid)) == content


@pytest.mark.parametrize("algorithm", ["HS256", "RS512", "PS384"])
def test_other_algorithms_are_not(algorithm):
    assert refusal(signed(claims(), algorithm=algorithm)) == (
        "UnknownAlgorithm",
        "UnknownAlgorithm",
    )


def test_a_token_without_signature_is_worth_nothing():
    token = jwt.encode(claims(), None, algorithm="none", headers={"kid": "r"})
    assert refusal(token)[0] == "UnknownAlgorithm"


def test_the_key_is_found_by_its_id_and_use():
    token = signed(claims())
    other = {**RSA, "kid": "z"}
    assert read(token, other, RSA)["sub"] == "s"
    assert read(token, {**RSA, "use": "sig"})["sub"] == "s"
    assert read(token, {**RSA, "use": "enc"}, RSA)["sub"] == "s"
    assert refusal(token, other) == ("UnknownKey", "UnknownKey")
    assert refusal(token, {**RSA, "use": "enc"}) == ("UnknownKey", "UnknownKey")


def test_the_key_of_another_is_no_proof():
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    wrong = {**jwt.algorithms.RSAAlgorithm.to_jwk(stranger.public_key(), as_dict=True), "kid": "r"}
    assert refusal(signed(claims()), wrong)[0] == "InvalidSignatureError"


def test_clocks_may_differ_by_a_minute():
    now = int(datetime.now(tz=UTC).timestamp())
    assert read(signed(claims(exp=now - 30, iat=now - 90)))["sub"] == "s"
    assert read(signed(claims(iat=now + 30)))["sub"] == "s"
    assert refusal(signed(claims(exp=now - 90)))[0] == "ExpiredSignatureError"
    assert refusal(signed(claims(iat=now + 90)))[0] == "ImmatureSignatureError"


def test_a_nonce_belongs_to_its_verifier():
    assert NONCE == "bbdfa5f6e0beb5adc08d0d05be2e648b31058becc53a16f586f318345181cf3f"
    assert nonce_for("other") != NONCE


def test_what_was_sealed_before_an_update_stays_readable():
    assert unseal(SEALED, secret="one") == "JBSWY3DP"


def test_without_identifier_the_reason_is_said():
    with pytest.raises(ValueError, match=r"^an identifier and a pepper are needed$"):
        hashed_identifier("", register="a", pepper="p")

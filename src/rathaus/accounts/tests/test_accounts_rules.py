"""The rules of accounts on plain values."""

from datetime import UTC, datetime, timedelta

import jwt
import pytest
from cryptography.fernet import InvalidToken
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given
from hypothesis import strategies as st

from rathaus.accounts.administration import MANAGE, may_manage
from rathaus.accounts.devices import UNKNOWN, device_name
from rathaus.accounts.identifiers import hashed_identifier
from rathaus.accounts.providers.id_token import BadToken, nonce_for, read_id_token
from rathaus.accounts.sealing import seal, unseal
from rathaus.accounts.session_limits import SessionLimit
from rathaus.core.actor import SYSTEM, Actor, ActorKind, Grant

START = datetime(2026, 11, 22, 8, tzinfo=UTC)
LIMIT = SessionLimit(idle=timedelta(minutes=30), absolute=timedelta(hours=10))

minutes = st.integers(min_value=0, max_value=2000).map(lambda number: timedelta(minutes=number))


@given(busy=minutes, pause=minutes)
def test_a_session_ends_exactly_at_its_limits(busy, pause):
    ended = LIMIT.has_ended(since=START, seen=START + busy, now=START + busy + pause)

    assert ended == (pause >= LIMIT.idle or busy + pause >= LIMIT.absolute)


@pytest.mark.parametrize(
    ("busy", "pause", "ended"),
    [
        (0, 29, False),
        (0, 30, True),
        (599, 0, False),
        (600, 0, True),
        (580, 19, False),
        (580, 20, True),
    ],
)
def test_a_limit_reached_is_a_limit_passed(busy, pause, ended):
    seen = START + timedelta(minutes=busy)

    assert LIMIT.has_ended(since=START, seen=seen, now=seen + timedelta(minutes=pause)) is ended


def test_the_hash_of_an_identifier_is_the_published_hmac():
    assert (
        hashed_identifier("BF:abc=", register="id_austria", pepper="pepper")
        == "532f902581356fd9eb6a34362f1d0fafd6842a7ad13e4c7d4e9b9c0cd60f87ef"
    )


@given(st.text(min_size=1), st.text(min_size=1))
def test_different_people_registers_and_peppers_never_meet(one, other):
    base = hashed_identifier(one, register="a", pepper="p")

    assert len(base) == 64
    assert one == other or base != hashed_identifier(other, register="a", pepper="p")
    assert base != hashed_identifier(one, register="b", pepper="p")
    assert base != hashed_identifier(one, register="a", pepper="q")


@pytest.mark.parametrize(("identifier", "pepper"), [("", "p"), ("x", "")])
def test_nothing_is_hashed_without_identifier_or_pepper(identifier, pepper):
    with pytest.raises(ValueError, match="needed"):
        hashed_identifier(identifier, register="a", pepper=pepper)


@given(st.text())
def test_sealed_secrets_open_with_the_same_key_only(text):
    sealed = seal(text, secret="one")

    assert unseal(sealed, secret="one") == text
    with pytest.raises(InvalidToken):
        unseal(sealed, secret="other")


def test_a_sealed_secret_shows_nothing():
    assert "JBSWY3DP" not in seal("JBSWY3DP", secret="one")


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit Chrome/131.0 Safari/537.36", "Chrome, Windows"),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit Chrome/131.0 Safari/537.36 Edg/131",
            "Edge, Windows",
        ),
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0",
            "Firefox, Linux",
        ),
        (
            "Mozilla/5.0 (Linux; Android 15) AppleWebKit Chrome/131.0 Mobile Safari/537.36",
            "Chrome, Android",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Version/18.1 Safari/604.1",
            "Safari, iPhone",
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.1 Safari/605.1",
            "Safari, Mac",
        ),
        ("curl/8.5", UNKNOWN),
        ("", UNKNOWN),
    ],
)
def test_devices_have_names_that_people_know(agent, name):
    assert device_name(agent) == name


def staff(*grants: Grant) -> Actor:
    return Actor(kind=ActorKind.STAFF, grants=frozenset(grants))


def test_managing_one_department_is_not_managing_all():
    assert may_manage(staff(Grant(MANAGE, 1)), 1)
    assert not may_manage(staff(Grant(MANAGE, 1)), 2)
    assert not may_manage(staff(Grant(MANAGE, 1)), None)
    assert may_manage(staff(Grant(MANAGE, None)), 2)
    assert may_manage(staff(Grant(MANAGE, None)), None)
    assert not may_manage(staff(Grant("cases.decide", None)), 1)
    assert not may_manage(staff(), None)
    assert may_manage(SYSTEM, None)


KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
JWK = {
    **jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key(), as_dict=True),
    "kid": "k",
    "use": "sig",
}
NONCE = nonce_for("verifier")


def token(**changes: object) -> str:
    now = int(datetime.now(tz=UTC).timestamp())
    claims = {"iss": "i", "sub": "s", "aud": "me", "iat": now, "exp": now + 60, "nonce": NONCE}
    return jwt.encode({**claims, **changes}, KEY, algorithm="RS256", headers={"kid": "k"})


def read(text: str, keys: list[dict[str, object]] | None = None):
    return read_id_token(
        text, keys=[JWK] if keys is None else keys, issuer="i", client="me", nonce=NONCE
    )


def test_a_good_token_is_read():
    assert read(token(given_name="Anna"))["given_name"] == "Anna"
    assert read(token(aud=["me"], azp="me"))["sub"] == "s"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"nonce": "other"}, "WrongNonce"),
        ({"azp": "other", "aud": ["me", "other"]}, "WrongAuthorizedParty"),
        ({"aud": "other"}, "InvalidAudienceError"),
        ({"iss": "other"}, "InvalidIssuerError"),
        ({"exp": 1}, "ExpiredSignatureError"),
        ({"exp": "soon"}, "DecodeError"),
        ({"iat": 99999999999}, "ImmatureSignatureError"),
    ],
)
def test_a_bad_token_says_why_and_nothing_more(changes, reason):
    with pytest.raises(BadToken) as refusal:
        read(token(**changes))

    assert refusal.value.reason == reason


@pytest.mark.parametrize("text", ["", "x", "a.b.c", "ey.ey.ey", "…", "." * 10_000])
def test_rubbish_is_no_token(text):
    with pytest.raises(BadToken):
        read(text)


@pytest.mark.parametrize(
    "keys", [[], [{**JWK, "use": "enc"}], [{**JWK, "kid": "z"}], [{"kid": "k"}]]
)
def test_without_the_right_key_nothing_is_proved(keys):
    with pytest.raises(BadToken):
        read(token(), keys)

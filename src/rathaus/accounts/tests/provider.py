"""A real OpenID Connect provider, run as a process of its own: `python provider.py PORT`.

It signs with real keys and can fail in every way a test asks for. Whoever is to stand at the door
and what is to go wrong is set by `POST /control` (JSON); the last token request is told by `GET
/control`.
"""

import json
import secrets
import sys
import time
from base64 import urlsafe_b64encode
from contextlib import suppress
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "rathaus", "provider-secret"
KEY_NAME = "key-1"


class State:
    """What the provider knows: keys, codes handed out, and what it was told to do."""

    def __init__(self) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.foreign_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.codes: dict[str, dict[str, str]] = {}
        self.control: dict[str, Any] = {}
        self.seen: list[dict[str, str]] = []

    def fails(self, how: str) -> bool:
        """Whether it is to fail in that way."""
        return self.control.get("fail") == how


class Provider(BaseHTTPRequestHandler):
    """Discovery, keys, authorisation, token, and the control of the tests."""

    state: State
    address: str

    def log_message(self, *parts: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        """Discovery, keys, authorisation."""
        path = urlsplit(self.path).path
        if path == "/.well-known/openid-configuration":
            self._discovery()
        elif path == "/keys":
            self._keys()
        elif path == "/authorize":
            self._authorize()
        elif path == "/control":
            self._json(200, {"seen": self.state.seen})
        else:
            self._json(404, {})

    def do_POST(self) -> None:
        """Tokens, and what the tests want."""
        body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
        if urlsplit(self.path).path == "/control":
            self.state.control, self.state.seen = json.loads(body), []
            self._json(200, {})
        else:
            self._token({name: values[0] for name, values in parse_qs(body).items()})

    def _discovery(self) -> None:
        if self.state.fails("discovery_incomplete"):
            self._json(200, {"issuer": self.address})
            return
        if self.state.fails("discovery_broken"):
            self._send(200, "text/html", b"<h1>Wartung</h1>")
            return
        self._json(
            200,
            {
                "issuer": self.address,
                "authorization_endpoint": f"{self.address}/authorize",
                "token_endpoint": f"{self.address}/token",
                "jwks_uri": f"{self.address}/keys",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
            },
        )

    def _keys(self) -> None:
        if self.state.fails("keys_down"):
            self._json(503, {})
            return
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.state.key.public_key()))
        self._json(200, {"keys": [{**public, "kid": KEY_NAME, "use": "sig", "alg": "RS256"}]})

    def _authorize(self) -> None:
        asked = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        if self.state.fails("cancelled"):
            answer = {"error": "access_denied", "state": asked["state"]}
        else:
            code = secrets.token_urlsafe(16)
            self.state.codes[code] = asked
            state = "wrong" if self.state.fails("wrong_state") else asked["state"]
            answer = {"code": code, "state": state}
        self.send_response(302)
        self.send_header("Location", f"{asked['redirect_uri']}?{urlencode(answer)}")
        self.end_headers()

    def _token(self, form: dict[str, str]) -> None:
        self.state.seen.append(form)
        if self.state.fails("slow"):
            time.sleep(3)
        if self.state.fails("token_down"):
            self._json(500, {"error": "server_error"})
            return
        if self.state.fails("token_broken"):
            self._send(200, "application/json", b"{not json")
            return
        asked = self.state.codes.pop(form.get("code", ""), None)  # a code works once
        if asked is None or not _proves(form, asked):
            self._json(400, {"error": "invalid_grant"})
            return
        answer = {"access_token": "unused", "token_type": "Bearer"}
        if not self.state.fails("no_id_token"):
            answer["id_token"] = self._id_token(asked)
        self._json(200, answer)

    def _id_token(self, asked: dict[str, str]) -> str:
        now = int(time.time())
        fails = self.state.fails
        claims = {
            "iss": "https://evil.example" if fails("wrong_issuer") else self.address,
            "aud": "somebody-else" if fails("wrong_audience") else CLIENT,
            "sub": "subject-1",
            "iat": now - 7200 if fails("expired") else now,
            "exp": now - 3600 if fails("expired") else now + 300,
            "nonce": "wrong" if fails("wrong_nonce") else asked.get("nonce", ""),
            **self.state.control.get("claims", {}),
        }
        for name in self.state.control.get("without", []):
            claims.pop(name, None)
        header = {"kid": "unknown" if fails("unknown_key") else KEY_NAME}
        if fails("unsigned"):
            return jwt.encode(claims, None, algorithm="none", headers=header)
        if fails("symmetric"):
            return jwt.encode(claims, SECRET * 4, algorithm="HS256", headers=header)
        key = self.state.foreign_key if fails("bad_signature") else self.state.key
        return jwt.encode(claims, key, algorithm="RS256", headers=header)

    def _json(self, status: int, content: dict[str, Any]) -> None:
        self._send(status, "application/json", json.dumps(content).encode())

    def _send(self, status: int, content_type: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with suppress(BrokenPipeError):  # whoever found us too slow has left
            self.wfile.write(body)


def _proves(form: dict[str, str], asked: dict[str, str]) -> bool:
    """Client, secret, address and PKCE verifier belong to the request that got the code."""
    digest = sha256(form.get("code_verifier", "").encode()).digest()
    challenge = urlsafe_b64encode(digest).rstrip(b"=").decode()
    return (
        form.get("client_id") == CLIENT
        and form.get("client_secret") == SECRET
        and form.get("redirect_uri") == asked["redirect_uri"]
        and asked.get("code_challenge_method") == "S256"
        and challenge == asked.get("code_challenge")
    )


def serve(port: int) -> None:
    """Serve until ended; prints the address when ready."""
    server = ThreadingHTTPServer(("127.0.0.1", port), Provider)
    Provider.state = State()
    Provider.address = f"http://127.0.0.1:{server.server_port}"
    sys.stdout.write(f"{Provider.address}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    serve(int(sys.argv[1]) if len(sys.argv) > 1 else 0)

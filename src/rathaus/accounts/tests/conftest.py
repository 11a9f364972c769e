"""The identity provider as a process, and sign-ins by way of it."""

import json
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from django.http import HttpResponse
from django.test import Client
from tests.factories import make_clerk

from rathaus.accounts.administration import MANAGE
from rathaus.accounts.models import Person, Role

PROVIDER = Path(__file__).with_name("provider.py")
BPK = "BF:YjMtT3Uz-bpk-in-plain="
ADDRESS = {
    "Gemeindekennziffer": "40000",
    "Gemeindebezeichnung": "Lindenfurt",
    "Postleitzahl": "4890",
    "Ortschaft": "Lindenfurt",
    "Strasse": "Lindengasse",
    "Hausnummer": "12",
    "Stiege": "",
    "Tuer": "7",
}
CITIZEN: dict[str, Any] = {
    "urn:pvpgvat:oidc.bpk": BPK,
    "given_name": "Valentina",
    "family_name": "Österreicher",
    "birthdate": "1988-04-17",
    "urn:eidgvat:attributes.mainAddress": b64encode(json.dumps(ADDRESS).encode()).decode(),
}
COLLEAGUE: dict[str, Any] = {
    "sub": "directory-subject-77",
    "email": "Greta.Huemer@stadt.example",
    "given_name": "Greta",
    "family_name": "Huemer",
    "groups": ["rathaus-finanzen"],
    "amr": ["pwd", "mfa"],
}


@dataclass(frozen=True)
class IdentityProvider:
    """The running provider."""

    address: str

    def expect(
        self, claims: dict[str, Any], *, fail: str = "", without: tuple[str, ...] = ()
    ) -> None:
        """Who comes next, and what goes wrong."""
        wanted = {"claims": claims, "fail": fail, "without": list(without)}
        requests.post(f"{self.address}/control", json=wanted, timeout=5).raise_for_status()

    def token_requests(self) -> list[dict[str, str]]:
        """What was sent to the token endpoint since the last `expect`."""
        seen: list[dict[str, str]] = requests.get(f"{self.address}/control", timeout=5).json()[
            "seen"
        ]
        return seen


@pytest.fixture(scope="session")
def provider_process() -> Iterator[str]:
    """One provider process for all tests; its address."""
    with subprocess.Popen(
        [sys.executable, str(PROVIDER)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


@pytest.fixture
def provider(provider_process: str, settings: Any) -> IdentityProvider:
    """The provider, known to the house as ID Austria and as the city's directory."""
    settings.SOCIALACCOUNT_PROVIDERS = {
        name: {"APPS": [_app(name, provider_process)]} for name in ("id_austria", "staff_directory")
    }
    settings.SOCIALACCOUNT_REQUESTS_TIMEOUT = 1
    return IdentityProvider(provider_process)


def _app(name: str, address: str) -> dict[str, Any]:
    return {
        "provider_id": name,
        "name": name,
        "client_id": "rathaus",
        "secret": "provider-secret",
        "settings": {"server_url": address, "second_factor": ["mfa", "hwk"]},
    }


DOORS = {
    "id_austria": "/konto/anmelden/id-austria/",
    "staff_directory": "/amt/anmelden/verzeichnis/",
}


def go_to_provider(client: Client, door: str = "id_austria", **form: str) -> str:
    """Begin at the door and let the provider decide; the address it sends the person back to."""
    response = client.post(DOORS[door], form)
    assert response.status_code == 302, response.content.decode()
    answer = requests.get(response["Location"], allow_redirects=False, timeout=5)
    back = urlsplit(answer.headers["Location"])
    return f"{back.path}?{back.query}"


def sign_in_by(client: Client, door: str = "id_austria", **form: str) -> HttpResponse:
    """The whole way: door, provider, and back."""
    return client.get(go_to_provider(client, door, **form))


@pytest.fixture
def admin() -> Person:
    return make_clerk(None, MANAGE, email="admin@stadt.example")


@pytest.fixture
def colleague() -> Person:
    return make_clerk("finanzen", "cases.read")


@pytest.fixture
def role() -> Role:
    return Role.objects.create(slug="leitung", name={"de": "Leitung"}, rights=["cases.decide"])

"""A payment service as a process of its own, and the house set up to talk to it."""

import subprocess
import sys
from collections.abc import Iterator

import pytest
import requests

from rathaus.core.city import forget_city
from rathaus.demo.payment_service import KEY, SECRET
from rathaus.operate.home import SOURCES


class PaymentService:
    """The process, and somebody who uses its pages."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "rathaus.demo.payment_service"]
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, text=True, cwd=SOURCES.parent
        )
        assert self.process.stdout
        self.address = self.process.stdout.readline().strip()

    def control(self, **told: object) -> dict:
        """Fail like this from now on; what it knows."""
        return requests.post(f"{self.address}/control", json=told, timeout=10).json()

    def known(self) -> dict:
        return requests.get(f"{self.address}/control", timeout=10).json()

    def pay(self, page: str, deed: str = "pay") -> str:
        """Press a button of the hosted page; where it leads to."""
        answer = requests.post(page, {"deed": deed}, timeout=10, allow_redirects=False)
        return answer.headers.get("Location", "")

    def close(self) -> None:
        self.process.kill()
        self.process.communicate()


@pytest.fixture(scope="session")
def one_service() -> Iterator[PaymentService]:
    service = PaymentService()
    yield service
    service.close()


@pytest.fixture
def service(one_service: PaymentService, settings) -> PaymentService:
    """A service that does not fail, until it is told to."""
    settings.STRIPE_KEY = KEY
    settings.STRIPE_API = one_service.address
    settings.STRIPE_WEBHOOK_SECRETS = [SECRET]
    settings.STRIPE_SECONDS_TO_WAIT = 1.0
    settings.STRIPE_RETRIES = 2
    one_service.control()
    return one_service


@pytest.fixture(autouse=True)
def fresh_city() -> Iterator[None]:
    """The city is kept in memory for some seconds; each test has one of its own."""
    forget_city()
    yield
    forget_city()

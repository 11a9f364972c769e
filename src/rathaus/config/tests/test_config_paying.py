"""Where real money moves, the demo's payment service and half a configuration are refused."""

import os
import subprocess
import sys

import pytest

from rathaus.config.settings.paying import STRIPE, why_not_for_money
from rathaus.demo.payment_service import KEY, SECRET
from rathaus.operate.home import SOURCES

LIVE, SIGNING = "sk_live_1", ["whsec_1"]


@pytest.mark.parametrize(
    ("key", "api", "secrets", "reason"),
    [
        ("", STRIPE, [], ""),
        (LIVE, STRIPE, SIGNING, ""),
        (KEY, STRIPE, SIGNING, "RATHAUS_STRIPE_KEY belongs to the simulator of the demo"),
        (LIVE, STRIPE, [SECRET], "RATHAUS_STRIPE_KEY belongs to the simulator of the demo"),
        (LIVE, STRIPE, [], "RATHAUS_STRIPE_WEBHOOK_SECRET is missing"),
        (LIVE, "http://pay.example", SIGNING, "RATHAUS_STRIPE_API must be https"),
        (LIVE, "https://127.0.0.1:8001", SIGNING, "RATHAUS_STRIPE_API must be https"),
        (LIVE, "https://localhost", SIGNING, "RATHAUS_STRIPE_API must be https"),
    ],
)
def test_what_is_refused(key: str, api: str, secrets: list[str], reason: str) -> None:
    found = why_not_for_money(key, api, secrets)
    assert found.startswith(reason)
    assert bool(found) is bool(reason)


def test_the_production_profile_does_not_start_with_the_simulator(tmp_path) -> None:
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "rathaus.config.settings.production",
        "RATHAUS_HOME": str(tmp_path),
        "RATHAUS_HOSTS": "stadt.example",
        "RATHAUS_STRIPE_KEY": KEY,
        "RATHAUS_STRIPE_WEBHOOK_SECRET": SECRET,
        "PYTHONPATH": str(SOURCES.parent),
    }
    done = subprocess.run(
        [sys.executable, "-c", "import django; django.setup()"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert done.returncode == 1
    assert "belongs to the simulator of the demo" in done.stderr

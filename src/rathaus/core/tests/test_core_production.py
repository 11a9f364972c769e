"""What the profile of a city promises to browsers, and how a city changes it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SOURCES = Path(__file__).parents[3]
QUESTION = (
    "import json; from rathaus.config.settings import production as city; print(json.dumps("
    "[city.SECURE_HSTS_SECONDS, city.SECURE_HSTS_INCLUDE_SUBDOMAINS, city.SECURE_HSTS_PRELOAD]))"
)


@pytest.mark.parametrize(
    ("chosen", "promised"),
    [
        ({}, [31_536_000, False, False]),
        ({"RATHAUS_HSTS_SECONDS": "300"}, [300, False, False]),
        (
            {"RATHAUS_HSTS_SUBDOMAINS": "1", "RATHAUS_HSTS_PRELOAD": "1"},
            [31_536_000, True, True],
        ),
    ],
)
def test_https_is_promised_for_this_host_alone_unless_the_city_says_more(
    tmp_path: Path, chosen: dict[str, str], promised: list[object]
) -> None:
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(SOURCES),
        "RATHAUS_HOME": str(tmp_path),
        **chosen,
    }
    said = subprocess.run(
        [sys.executable, "-c", QUESTION],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )

    assert json.loads(said.stdout) == promised

"""The whole house for a journey: the real demo, with another city's real catalogue imported."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.house import House

from rathaus.operate.home import SOURCES

MUNICH = SOURCES.parents[2] / "shared/data/services/munich-catalogue/services_de.json"


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A demo that everybody on the journey uses."""
    house = House(tmp_path_factory.mktemp("journey"))
    yield house
    house.close()


@pytest.fixture(scope="session")
def house_with_munich(house: House) -> House:
    """The demo with Munich's catalogue beside Lindenfurt's own."""
    if not MUNICH.exists():
        pytest.skip("der Münchner Katalog liegt nicht neben dem Projekt")
    command = [sys.executable, "-m", "rathaus.operate", "import", "services", str(MUNICH)]
    offices = MUNICH.with_name("locations_de.json")
    done = subprocess.run(
        [*command, "--offices", str(offices)],
        env=house.environment(),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return house


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    """A folder for what people download."""
    return tmp_path

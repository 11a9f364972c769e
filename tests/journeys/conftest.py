"""The whole house for a journey: the real demo, with another city's real catalogue imported."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.house import House
from tests.letterbox import Letterbox, open_letterbox

from rathaus.operate.home import SOURCES

MUNICH = SOURCES.parents[2] / "shared/data/services/munich-catalogue/services_de.json"
EVENT_PERMIT = Path(__file__).with_name("event_permit")
EVENT_COUNTER = Path(__file__).parents[1] / "event_counter.py"


@pytest.fixture(scope="session")
def post() -> Iterator[Letterbox]:
    """The mail server of the house."""
    with open_letterbox() as box:
        yield box


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory, post: Letterbox) -> Iterator[House]:
    """A demo that everybody on the journey uses."""
    house = House(tmp_path_factory.mktemp("journey"), **post.environment)
    yield house
    house.close()


@pytest.fixture(scope="session")
def house_with_munich(house: House) -> House:
    """The demo with Munich's catalogue beside Lindenfurt's own."""
    if not MUNICH.exists():
        pytest.skip("der Münchner Katalog liegt nicht neben dem Projekt")
    offices = MUNICH.with_name("locations_de.json")
    house.run("import", "services", str(MUNICH), "--offices", str(offices))
    return house


@pytest.fixture(scope="session")
def house_for_events(house: House) -> House:
    """The demo with a permit for events: its service, form and procedure as a city would bring
    them, and a counter that is open whenever somebody tests.
    """
    for kind in ("procedure", "form", "service"):
        house.run("import", f"{kind}s", str(EVENT_PERMIT / f"{kind}.yaml"))
    house.run("manage", "shell", "-c", EVENT_COUNTER.read_text())
    return house


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    """A folder for what people download."""
    return tmp_path

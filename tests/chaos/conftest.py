"""One real demo for all tests that break it."""

from collections.abc import Iterator

import pytest
from tests.house import House


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The demo in a folder of its own; each test leaves it open."""
    house = House(tmp_path_factory.mktemp("house"))
    yield house
    house.close()

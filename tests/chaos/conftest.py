"""One real demo for all tests that break it."""

from collections.abc import Iterator

import pytest
from tests.house import House
from tests.letterbox import Letterbox, open_letterbox


@pytest.fixture(scope="session")
def post() -> Iterator[Letterbox]:
    """The mail server of the house."""
    with open_letterbox() as box:
        yield box


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory, post: Letterbox) -> Iterator[House]:
    """The demo in a folder of its own; each test leaves it open."""
    house = House(tmp_path_factory.mktemp("house"), **post.environment)
    yield house
    house.close()

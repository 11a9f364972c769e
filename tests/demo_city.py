"""Lindenfurt for tests that need a whole city: `pytest_plugins = ["tests.demo_city"]`."""

from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from pytest_django import DjangoDbBlocker

from rathaus.audit.actions import seal
from rathaus.core.city import forget_city
from rathaus.demo import lindenfurt


@pytest.fixture(scope="module")
def loaded_city(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The demo city, loaded once for a file of tests and forgotten in the end.

    With the hand-written matters alone: those that walk every page and row have enough to do.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        lindenfurt.load(showpieces_only=True)
        seal()
        yield
        transaction.set_rollback(True)
    forget_city()


@pytest.fixture
def demo_city(loaded_city: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The demo city for one test; what the test changes is forgotten. All rows come at once."""
    monkeypatch.setitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", True)
    with transaction.atomic():
        yield
        transaction.set_rollback(True)

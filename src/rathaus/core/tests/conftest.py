"""What several tests of core need."""

import pytest
from django.db import connection


@pytest.fixture
def folder(settings, tmp_path):
    """Where files are stored, empty at the beginning."""
    settings.FILES_DIRECTORY = tmp_path / "files"
    return settings.FILES_DIRECTORY


@pytest.fixture
def empty_queue(transactional_db):
    """The queue's tables are not Django's to empty."""
    _empty()
    yield
    _empty()


def _empty() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")

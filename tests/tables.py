"""What a refusal must leave as it is: a hash of every table that holds somebody's data."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

# Sessions live, the trail grows and refusals are counted: everything else must stay as it is.
MAY_CHANGE = ("audit_", "django_session", "usersessions_", "shared_cache")


def may_change(name: str) -> bool:
    """Whether a table belongs to the machinery that notes a refusal."""
    return name.startswith(MAY_CHANGE) or name.endswith(MAY_CHANGE)


def tables() -> dict[str, str]:
    """A hash of the rows of each table that a refusal must not change."""
    names = [name for name in connection.introspection.table_names() if not may_change(name)]
    parts = [
        f"SELECT '{name}', count(*) || md5(coalesce(string_agg(row::text, '' ORDER BY row::text), ''))"  # noqa: S608, E501 - names of our own tables
        f' FROM "{name}" AS row'
        for name in names
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        return dict(cursor.fetchall())


@contextmanager
def nothing_changed() -> Iterator[None]:
    """Whatever is refused within, every row is as it was."""
    before = tables()
    try:
        yield
    finally:
        assert tables() == before

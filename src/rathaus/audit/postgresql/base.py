"""The engine that `DATABASES` names; it differs from Django's in its SELECT compiler only."""

from django.db.backends.postgresql import base, operations


class DatabaseOperations(operations.DatabaseOperations):
    """Compiles queries with `rathaus.audit.postgresql.compiler`."""

    compiler_module = "rathaus.audit.postgresql.compiler"


class DatabaseWrapper(base.DatabaseWrapper):
    """PostgreSQL as Django knows it."""

    ops_class = DatabaseOperations

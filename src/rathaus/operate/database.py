"""The database of an installation: its two roles, its migrations, and what was already done to it.

The owner role changes tables; the role of the running program can't even change what must never be
changed. What was done is noted in the comment of the database itself, so that the note goes where
the database goes and is gone when it is gone.
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from rathaus.operate.front_end import fingerprint
from rathaus.operate.home import PROJECT, SOURCES
from rathaus.operate.postgres import DATABASE, PROGRAM, Cluster
from rathaus.operate.problem import Problem, reason_in
from rathaus.operate.program import Program

_TABLES = "import json; from django.conf import settings; print(json.dumps({}))".format(
    "list(settings.RATHAUS_APPEND_ONLY_TABLES)"
)


def create_database(cluster: Cluster) -> None:
    """Make the database and the program's role on an embedded server where they are missing."""
    with psycopg.connect(cluster.url(database="postgres"), autocommit=True) as connection:
        if not _exists(connection, "select 1 from pg_roles where rolname = %s", PROGRAM):
            connection.execute(sql.SQL("create role {} login").format(sql.Identifier(PROGRAM)))
        if not _exists(connection, "select 1 from pg_database where datname = %s", DATABASE):
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(DATABASE)))


def _exists(connection: psycopg.Connection, question: str, name: str) -> bool:
    return connection.execute(question.encode(), (name,)).fetchone() is not None


def connect(url: str) -> psycopg.Connection:
    """A connection, or a `Problem` that says which server does not answer."""
    try:
        return psycopg.connect(url, connect_timeout=10)
    except psycopg.OperationalError as error:
        where = conninfo_to_dict(url)
        place = f"{where.get('host', 'localhost')}, {where.get('dbname', '?')}"
        raise Problem(
            f"Die Datenbank ({place}) antwortet nicht: {reason_in(error)}. "
            "Bitte DATABASE_URL prüfen.",
            "The database does not answer; please check DATABASE_URL",
        ) from error


def migrate(program: Program) -> bool:
    """Bring tables and rights up to date; True if there was something to do."""
    wanted = migrations_fingerprint()
    if read_notes(program.owner).get("migrations") == wanted:
        return False
    program.manage("migrate", "--noinput", as_owner=True)
    apply_rights(program)
    write_note(program.owner, "migrations", wanted)
    return True


def apply_rights(program: Program) -> None:
    """Give the running program its rights; fewer on the tables that may only grow."""
    grant(program, append_only=append_only_tables(program))


def append_only_tables(program: Program) -> list[str]:
    """The tables whose rows nobody may change, as the settings name them."""
    return list(json.loads(program.run([sys.executable, "-c", _TABLES])))


def migrations_fingerprint() -> str:
    """Changes with any migration, ours or that of a package, and with the rights below."""
    migrations = SOURCES.glob("*/migrations/*.py")
    settings = SOURCES.glob("config/settings/*.py")
    return fingerprint([*migrations, *settings, PROJECT / "requirements.lock", Path(__file__)])


def grant(program: Program, *, append_only: Sequence[str]) -> None:
    """Give the running program its rights, in one transaction: at no moment does it have more."""
    role = str(conninfo_to_dict(program.database).get("user", ""))
    if role == conninfo_to_dict(program.owner).get("user"):
        return  # one role for both: `doctor` says what that costs
    statements = [
        "grant usage on schema public to {role}",
        "grant select, insert, update, delete on all tables in schema public to {role}",
        "grant usage, select on all sequences in schema public to {role}",
        "revoke insert, update, delete on django_migrations from {role}",
    ]
    names = {"role": sql.Identifier(role)}
    with connect(program.owner) as connection:
        for statement in statements:
            connection.execute(sql.SQL(statement).format(**names))
        for table in append_only:
            revoke = sql.SQL("revoke update, delete, truncate on {table} from {role}")
            connection.execute(revoke.format(table=sql.Identifier(table), **names))


def read_notes(url: str) -> dict[str, str]:
    """What has been noted about this database."""
    with connect(url) as connection:
        row = connection.execute(
            "select shobj_description(oid, 'pg_database') from pg_database"
            " where datname = current_database()"
        ).fetchone()
    try:
        notes = json.loads(row[0] or "{}") if row else {}
    except ValueError:
        return {}  # somebody else's comment
    return notes if isinstance(notes, dict) else {}


def write_note(url: str, name: str, value: str) -> None:
    """Note something about this database."""
    notes = read_notes(url) | {name: value}
    with connect(url) as connection:
        database = sql.Identifier(connection.info.dbname)
        note = sql.Literal(json.dumps(notes))
        connection.execute(sql.SQL("comment on database {} is {}").format(database, note))

"""Which errors mean "wait a moment", in the words in which psycopg and PostgreSQL say them."""

import psycopg
import pytest
from django.db import OperationalError as DjangoOperationalError
from psycopg import errors
from psycopg_pool import PoolTimeout

from rathaus.core.database_away import database_is_away, reason_to_wait

SOCKET = 'connection to server on socket "/srv/rathaus/postgres/socket/.s.PGSQL.5432" failed: '
NETWORK = 'connection to server at "10.0.0.5", port 5432 failed: '
TERMINATING = "terminating connection"
DYING = f"{TERMINATING} due to"

AWAY = [
    (errors.AdminShutdown("terminating connection due to administrator command"), "AdminShutdown"),
    (errors.CrashShutdown("terminating connection because of a crash"), "CrashShutdown"),
    (errors.CannotConnectNow("the database system is starting up"), "CannotConnectNow"),
    (errors.ConnectionFailure("terminating connection"), "ConnectionFailure"),
    (errors.TooManyConnections("sorry, too many clients already"), "TooManyConnections"),
    (errors.ConnectionTimeout("connection timeout expired"), "ConnectionTimeout"),
    (PoolTimeout("couldn't get a connection after 30.00 sec"), "PoolTimeout"),
]
AWAY_BY_WORDS = [
    (f"connection failed: {SOCKET}No such file or directory", "no such file or directory"),
    (f"connection is bad: {SOCKET}Connection refused\n\tIs the server", "connection refused"),
    (f"connection failed: {SOCKET}FATAL:  the database system is starting up", None),
    (f"connection failed: {SOCKET}FATAL:  the database system is shutting down", None),
    (f"connection failed: {SOCKET}FATAL:  the database system is in recovery mode", None),
    (f"connection failed: {SOCKET}FATAL:  das Datenbanksystem startet", "das datenbanksystem"),
    (f"connection failed: {SOCKET}FATAL:  {DYING} unexpected postmaster exit", TERMINATING),
    (f"connection failed: {SOCKET}FATAL:  {DYING} administrator command", TERMINATING),
    (
        f"connection failed: {SOCKET}FATAL:  Verbindung wird abgebrochen wegen unerwartetem Ende",
        "verbindung wird abgebrochen",
    ),
    (f"connection failed: {SOCKET}could not fork new process for connection", None),
    (f"connection failed: {NETWORK}timeout expired", "timeout expired"),
    (f"connection failed: {NETWORK}No route to host", "no route to host"),
    (f"connection failed: {NETWORK}FATAL:  sorry, too many clients already", None),
    (f'connection failed: {NETWORK}FATAL:  too many connections for role "x"', None),
    (f"connection failed: {NETWORK}FATAL:  tut mir leid, schon zu viele Verbindungen", None),
    ("consuming input failed: server closed the connection unexpectedly", None),
    ("consuming input failed: SSL connection has been closed unexpectedly", None),
    ("sending query failed: no connection to the server", "no connection to the server"),
    ("the connection is closed", "the connection is closed"),
    ("the connection is lost", "the connection is lost"),
    ("failed to resolve host 'db.stadt.example': [Errno -2]", "failed to resolve host"),
]
A_FAULT = [
    errors.DeadlockDetected("deadlock detected"),
    errors.QueryCanceled("canceling statement due to statement timeout"),
    errors.DiskFull("could not extend file: No space left on device"),
    errors.UniqueViolation("Key (email)=(the connection is closed) already exists"),
    errors.UndefinedTable('relation "city" does not exist'),
    errors.DatabaseDropped("terminating connection"),
    errors.UndefinedFile("could not open file: No such file or directory"),
    errors.IdleInTransactionSessionTimeout("terminating connection due to idle-in-transaction"),
    psycopg.OperationalError(f'{NETWORK}FATAL:  password authentication failed for user "x"'),
    psycopg.OperationalError(f'{SOCKET}FATAL:  role "rathaus_app" does not exist'),
    psycopg.OperationalError(f'{SOCKET}FATAL:  database "rathaus" does not exist'),
    psycopg.OperationalError("sending query failed: another command is already in progress"),
    psycopg.ProgrammingError("the query has 2 placeholders but 1 parameters were passed"),
    RuntimeError("connection refused"),
    ConnectionRefusedError("connection refused"),
]


@pytest.mark.parametrize(("error", "reason"), AWAY)
def test_an_error_with_a_code_says_it_by_its_name(error: Exception, reason: str) -> None:
    assert reason_to_wait(error) == reason


@pytest.mark.parametrize(("words", "reason"), AWAY_BY_WORDS)
def test_an_error_without_a_code_says_it_by_its_words(words: str, reason: str | None) -> None:
    found = reason_to_wait(psycopg.OperationalError(words))
    assert found in words.lower()
    assert found == reason if reason else found


def test_a_connection_lost_in_the_middle_of_an_answer_is_no_operational_error_to_psycopg() -> None:
    lost = psycopg.DatabaseError("server closed the connection unexpectedly")
    assert reason_to_wait(lost) == "server closed the connection unexpectedly"


@pytest.mark.parametrize("error", A_FAULT)
def test_every_other_error_is_a_fault(error: Exception) -> None:
    assert not database_is_away(error)


def test_no_error_is_no_reason() -> None:
    assert not database_is_away(None)


def test_what_an_error_led_to_counts_like_the_error() -> None:
    shutdown = errors.AdminShutdown("terminating connection")
    as_django_says_it = DjangoOperationalError("terminating connection")
    as_django_says_it.__cause__ = shutdown
    session_not_saved = RuntimeError("the session could not be saved")
    session_not_saved.__context__ = as_django_says_it
    assert reason_to_wait(session_not_saved) == "AdminShutdown"

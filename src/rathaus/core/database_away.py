"""Whether an error means that the database is not there at the moment, so that waiting helps.

Everything else a database may complain about (a broken constraint, a deadlock, a full disk, a wrong
password) is a fault that waiting does not mend.
"""

import re

import psycopg
from psycopg import errors
from psycopg_pool import PoolTimeout, TooManyRequests

# Class 08 of SQLSTATE and what PostgreSQL says while it goes, comes or is full (class 57P, 53300).
_AWAY = (
    errors.ConnectionException,
    errors.ConnectionDoesNotExist,
    errors.ConnectionFailure,
    errors.SqlclientUnableToEstablishSqlconnection,
    errors.SqlserverRejectedEstablishmentOfSqlconnection,
    errors.AdminShutdown,
    errors.CrashShutdown,
    errors.CannotConnectNow,
    errors.IdleSessionTimeout,
    errors.TooManyConnections,
    errors.ConnectionTimeout,
    PoolTimeout,
    TooManyRequests,
)
# A connection that does not come about, or breaks, has no SQLSTATE. The words of libpq and psycopg
# are always English; those of a server that answers "not now", or dies while it greets, are in its
# own language.
_PHRASES = re.compile(
    r"connection refused|no such file or directory|no route to host|network is unreachable"
    r"|connection reset by peer|broken pipe|timeout expired|failed to resolve host"
    r"|could not (?:receive data from|send data to) server|no connection to the server"
    r"|server closed the connection unexpectedly|the connection is (?:closed|lost)"
    r"|connection socket closed|ssl connection has been closed unexpectedly|ssl syscall error"
    r"|the database system is|das datenbanksystem|could not fork new process|connection slots"
    r"|terminating connection|verbindung wird abgebrochen"
    r"|too many (?:clients already|connections)|zu viele verbindungen",
    re.IGNORECASE,
)


def database_is_away(error: BaseException | None) -> bool:
    """Whether this error, or one that it is a consequence of, says so."""
    return reason_to_wait(error) != ""


def reason_to_wait(error: BaseException | None) -> str:
    """What says so, `AdminShutdown` or `connection refused`: never the error's own words, which may
    name people. Empty where nothing does; an error that another one led to counts like that one.
    """
    while error is not None:
        if isinstance(error, _AWAY):
            return type(error).__name__
        if isinstance(error, psycopg.Error) and error.sqlstate is None:
            known = _PHRASES.search(str(error))
            if known:
                return known[0].lower()
        error = error.__cause__ or error.__context__
    return ""

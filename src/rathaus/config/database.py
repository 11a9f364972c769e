"""Where the database is, read from one address."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit


def database_from_url(address: str, *, home: Path) -> dict[str, Any]:
    """Django's settings for `postgresql://user:password@host:port/name?host=/socket/directory`.

    Without an address: the embedded server, whose socket lies in `home/postgres/socket`. Raises
    `ValueError` for any other scheme.
    """
    if not address:
        address = f"postgresql://rathaus_app@/rathaus?host={home / 'postgres' / 'socket'}"
    parts = urlsplit(address)
    if parts.scheme not in ("postgresql", "postgres"):
        raise ValueError("DATABASE_URL must begin with postgresql://")
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    return {
        # Django's own engine, with a note of every personal row that staff read.
        "ENGINE": "rathaus.audit.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "rathaus",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": query.pop("port", str(parts.port or "")),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 10, **query},
    }

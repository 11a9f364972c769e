"""Secrets of an installation: from the environment, else made once and kept at home (0600)."""

import os
import secrets
from pathlib import Path


def secret(name: str, *, home: Path) -> str:
    """The secret of that name as 64 hexadecimal digits, or whatever `RATHAUS_<NAME>` holds.

    Made on first use; two processes starting at once end with the same one. Raises `OSError`
    where it can't be kept.
    """
    from_environment = os.environ.get(f"RATHAUS_{name.upper()}")
    if from_environment:
        return from_environment
    path = home / "secrets" / name
    if not path.exists():
        _make(path)
    return path.read_text(encoding="ascii").strip()


def _make(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(fresh, path)
    except FileExistsError:
        pass  # another process was faster; its secret is the one that holds
    finally:
        fresh.unlink()

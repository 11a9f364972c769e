"""Lines that tell the waiting person what is being done and how long it took."""

import time
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def step(what: str) -> Iterator[None]:
    """Print `what …` and, when it is done, its seconds."""
    begin = time.monotonic()
    print(f"  {what} … ", end="", flush=True)
    try:
        yield
    except BaseException:
        print(flush=True)
        raise
    print(f"{time.monotonic() - begin:.1f} s".replace(".", ","), flush=True)


def say(line: str = "") -> None:
    """Print a line at once, even into a pipe."""
    print(line, flush=True)

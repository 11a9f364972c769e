"""Several people at the same moment, each on a connection of their own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection

from rathaus.core.errors import DomainError

Work = Callable[[], object]


def all_at_once(*works: Work, refusals: tuple[type[DomainError], ...] = ()) -> list[object]:
    """What each work answered, or which of the `refusals` it met; anything else is a fault."""
    start = Barrier(len(works))

    def run(work: Work) -> object:
        start.wait()
        try:
            return work()
        except refusals as refusal:
            return type(refusal)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))

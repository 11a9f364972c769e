"""Facts in the past tense, told by one domain and heard by others that it does not know.

An event is a frozen dataclass of ids and plain values. Listeners are connected on one page,
`rathaus.wiring`, and run in the teller's transaction: if one fails, nothing has happened.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

E = TypeVar("E")

# The value type differs per key, which a plain mapping cannot say; `connect` keeps them in step.
_listeners: dict[type, list[Callable[[Any], None]]] = defaultdict(list)


def connect(event: type[E], listener: Callable[[E], None]) -> None:
    """Call `listener` with every event of exactly this type; connecting it twice counts once."""
    if listener not in _listeners[event]:
        _listeners[event].append(listener)


def is_heard(event: type) -> bool:
    """Whether anybody listens to events of this type."""
    return bool(_listeners.get(event))


def publish(event: object) -> None:
    """Tell all listeners, in the order in which they were connected."""
    for listener in tuple(_listeners[type(event)]):
        listener(event)

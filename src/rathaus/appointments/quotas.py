"""How many minutes of a day a channel may have."""


def minutes_allowed(capacity: int, share: int) -> int:
    """The share (in percent) of the day's minutes, rounded down: a quota is never passed.

    Raises `ValueError` for a share that is none.
    """
    if not 0 <= share <= 100:
        raise ValueError("a share is between 0 and 100 percent")
    return capacity * share // 100

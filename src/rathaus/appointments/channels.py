"""By which way a booking comes in, and how people meet."""

from enum import StrEnum


class Channel(StrEnum):
    """Who books: people themselves, staff on the phone, or whoever stands at the desk."""

    ONLINE = "online"
    PHONE = "phone"
    WALK_IN = "walk_in"


class Kind(StrEnum):
    """Where people meet: at a counter, or each at their screen."""

    IN_PERSON = "in_person"
    VIDEO = "video"

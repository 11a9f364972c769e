"""Pages that change by themselves: an action announces a topic, browsers that watch it are told.

A browser is told only *that* something changed and asks for the page's part again, so that each
answer asks for permission. The announcement is PostgreSQL's NOTIFY: it goes out when the action's
transaction commits, and never when it doesn't. The lines to the browsers are server-sent events;
`rathaus.config.live_lines` keeps them open. Under any other server the line ends at once, and the
browser, which then asks every few seconds, sees the same a little later.
"""

from collections.abc import Collection
from dataclasses import dataclass

from django.db import connection
from django.http import HttpResponse

CHANNEL = "rathaus_live"
SECONDS_UNTIL_AGAIN = 2
GREETING = f"retry: {SECONDS_UNTIL_AGAIN * 1000}\n\n".encode()


@dataclass(frozen=True)
class Topic:
    """Something that can be watched: `Topic("queue", 12)`. No personal data in it."""

    kind: str
    of: int | str

    def __str__(self) -> str:
        return f"{self.kind}:{self.of}"


class LiveLine(HttpResponse):
    """A line on which a browser hears of these topics; whoever answers with it has asked for
    permission.
    """

    def __init__(self, topics: Collection[Topic]) -> None:
        super().__init__(GREETING, content_type="text/event-stream; charset=utf-8")
        self.topics = frozenset(str(topic) for topic in topics)
        self["Cache-Control"] = "no-store"
        self["X-Accel-Buffering"] = "no"  # a proxy in front passes each event on at once


def announce(topic: Topic) -> None:
    """Tell everybody who watches the topic, once the open transaction has committed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, str(topic)])

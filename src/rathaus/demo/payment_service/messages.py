"""Messages to the shop (webhooks): signed as Stripe signs, and lost, doubled, late or in any order
where the net is told to be like that.
"""

import hmac
import http.client
import json
import queue
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import count
from urllib.parse import urlsplit

from rathaus.demo.payment_service.books import Thing

_PATIENCE = 10.0
_PAUSES = (0.5, 2.0, 8.0, 30.0)  # between attempts at a shop that does not answer with 2xx


@dataclass
class Net:
    """How bad the way to the shop is, as shares of all messages; a delay is up to `longest`."""

    drop: float = 0.0
    duplicate: float = 0.0
    delay: float = 0.0
    longest: float = 2.0
    luck: random.Random = field(default_factory=random.Random)


class Messenger:
    """Sends each event to the shop, again and again until it is taken."""

    def __init__(self, *, shop: str, secret: str, senders: int = 4) -> None:
        self.shop = urlsplit(shop)
        self.secret = secret
        self.net = Net()
        self.told: Counter[str] = Counter()
        self._waiting: queue.PriorityQueue[tuple[float, int, int, Thing]] = queue.PriorityQueue()
        self._number = count()
        for _ in range(senders if shop else 0):
            threading.Thread(target=self._work, daemon=True).start()

    def send(self, event: Thing) -> None:
        """Send it as well as the net lets."""
        luck = self.net.luck
        if luck.random() < self.net.drop:
            self.told["dropped"] += 1
            return
        for _ in range(2 if luck.random() < self.net.duplicate else 1):
            late = luck.random() * self.net.longest if luck.random() < self.net.delay else 0.0
            self._put(late, 0, event)

    def waiting(self) -> int:
        """How many messages are still on their way."""
        return self._waiting.qsize()

    def _put(self, late: float, attempt: int, event: Thing) -> None:
        self._waiting.put((time.monotonic() + late, next(self._number), attempt, event))

    def _work(self) -> None:
        while True:
            due, number, attempt, event = self._waiting.get()
            early = due - time.monotonic()
            if early > 0:  # what is due later waits, without holding up what is due now
                self._waiting.put((due, number, attempt, event))
                time.sleep(min(early, 0.02))
                continue
            status = self._deliver(event)
            self.told[f"answered {status}"] += 1
            if not 200 <= status < 300 and attempt < len(_PAUSES):
                self._put(_PAUSES[attempt], attempt + 1, event)

    def _deliver(self, event: Thing) -> int:
        body = json.dumps(event)
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Stripe-Signature": signature(body, secret=self.secret, at=int(time.time())),
        }
        connection = http.client.HTTPConnection(
            self.shop.hostname or "", self.shop.port or 80, timeout=_PATIENCE
        )
        try:
            connection.request("POST", self.shop.path, body, headers)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            connection.close()


def signature(body: str, *, secret: str, at: int) -> str:
    """The header `Stripe-Signature` of a body, written at that second."""
    signed = hmac.new(secret.encode(), f"{at}.{body}".encode(), sha256).hexdigest()
    return f"t={at},v1={signed}"

"""Cash at the counter: the clerk takes it and says so."""

from rathaus.payments.providers.base import Answer, Opened, Order, Provider, Standing


class CashCounter(Provider):
    """Nobody is asked: `take_cash` is what tells of it."""

    name = "cash_desk"

    def open(self, order: Order) -> Opened:
        """Nothing to tell anybody."""
        return Opened(number="")

    def ask(self, number: str) -> Answer:
        """Only the clerk knows."""
        return Answer(Standing.WAITING)

    def withdraw(self, number: str) -> Answer:
        """A code that is no more taken at the counter."""
        return Answer(Standing.EXPIRED)

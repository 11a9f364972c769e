"""A transfer that people make themselves, by code or by hand: the bank's statement tells of it."""

from rathaus.payments.providers.base import Answer, Opened, Order, Provider, Standing


class BankTransfer(Provider):
    """Nobody is asked: what has come stands in the statement, under the payment's reference."""

    name = "bank_transfer"

    def open(self, order: Order) -> Opened:
        """Nothing to tell anybody."""
        return Opened(number="")

    def ask(self, number: str) -> Answer:
        """Only a statement knows, and whoever reads it tells the house."""
        return Answer(Standing.WAITING)

    def withdraw(self, number: str) -> Answer:
        """Money that comes all the same is booked all the same: twice paid becomes a credit."""
        return Answer(Standing.EXPIRED)

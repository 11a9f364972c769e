"""Whether a statement adds up: what was there, and what came and went, make what is there now."""

from rathaus.payments.camt.values import Statement

_BEFORE = ("OPBD", "PRCD")
_AFTER = ("CLBD",)


def gap(statement: Statement) -> int | None:
    """The cents that are missing (or too many) between its balances and its booked entries.

    `None` where it has not both balances, or they are of several currencies.
    """
    before = [one for one in statement.balances if one.code in _BEFORE]
    after = [one for one in statement.balances if one.code in _AFTER]
    booked = [entry.amount for entry in statement.entries if entry.is_booked]
    if len(before) != 1 or len(after) != 1:
        return None
    amounts = [before[0].amount, after[0].amount, *booked]
    if len({amount.currency for amount in amounts}) > 1:
        return None
    return after[0].amount.cents - before[0].amount.cents - sum(one.cents for one in booked)

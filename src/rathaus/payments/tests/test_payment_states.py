"""The one table of states, held against a drawing of it made by hand."""

from itertools import product

import pytest

from rathaus.payments.payment_states import (
    MOVES,
    RUNNING,
    WAITING,
    ImpossibleMove,
    PaymentState,
    moved,
)

POSSIBLE = {
    ("created", "pending"),
    ("created", "cancelled"),
    ("created", "expired"),
    ("pending", "succeeded"),
    ("pending", "failed"),
    ("pending", "cancelled"),
    ("pending", "expired"),
    ("pending", "held"),
    ("held", "succeeded"),
    ("held", "cancelled"),
}


@pytest.mark.parametrize(("now", "to"), list(product(PaymentState, PaymentState)))
def test_each_pair_of_states(now: PaymentState, to: PaymentState) -> None:
    if (now, to) in POSSIBLE:
        assert moved(now, to) is to
    else:
        with pytest.raises(ImpossibleMove, match=f"^{now} does not become {to}$"):
            moved(now, to)


def test_what_has_ended_stays_and_everything_else_runs() -> None:
    ended = {state for state in PaymentState if not MOVES[state]}

    assert ended == {"succeeded", "failed", "cancelled", "expired"}
    assert set(PaymentState) - ended == RUNNING
    assert RUNNING - {"held"} == WAITING

"""Whatever happens to money, in whatever order: claims, receipts, credits, refunds and the ledger
say the same.
"""

from itertools import count

import pytest
from django.db import transaction
from django.db.models import F, Sum
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from tests.factories import make_citizen

from rathaus.core.actor import SYSTEM
from rathaus.core.money import Money
from rathaus.payments.actions import (
    AlreadySettled,
    MoreThanIsLeft,
    NoAccountToPayTo,
    PayTo,
    cancel_claim,
    give_back,
    refund_done,
    refund_failed,
)
from rathaus.payments.actions.closing import keep_checkpoint
from rathaus.payments.actions.crediting import MoreThanIsLeft as LessThere
from rathaus.payments.actions.crediting import NotSoMuchOwed, SomebodyElses, set_off
from rathaus.payments.incoming import Means
from rathaus.payments.models import Claim, Credit, Receipt, Refund, RefundPart, Share
from rathaus.payments.queries.ledger import balances, replayed_balances
from rathaus.payments.tests.money import balances as by_use
from rathaus.payments.tests.money import owe, pay

ACCOUNT = PayTo("AT611904300234573201", "Clara Citizen")
CENTS = st.integers(1, 500)
WHICH = st.integers(0, 50)
_keys = count(1)


class MoneyMachine(RuleBasedStateMachine):
    """Two people, a few claims, all that can be done with money."""

    @initialize()
    def begin(self) -> None:
        self.example = transaction.atomic()
        self.example.__enter__()
        self.people = [make_citizen(), make_citizen()]
        self.claims = [owe(person, 300) for person in self.people]
        self.rest = dict.fromkeys(self.claims, 300)  # what a plain counter says is still owed

    def teardown(self) -> None:
        if hasattr(self, "example"):
            transaction.set_rollback(True)
            self.example.__exit__(None, None, None)

    @rule(which=st.integers(0, 1), cents=CENTS)
    def raise_another(self, which: int, cents: int) -> None:
        claim = owe(self.people[which], cents)
        self.claims.append(claim)
        self.rest[claim] = cents

    @rule(
        first=WHICH, second=WHICH, one=CENTS, two=CENTS, more=st.integers(0, 90), card=st.booleans()
    )
    def money_comes(
        self, first: int, second: int, one: int, two: int, more: int, card: bool
    ) -> None:
        parts = {self._claim(first): one, self._claim(second): two}
        means = Means.CARD if card else Means.CASH
        received = pay(sum(parts.values()) + more, *parts.items(), means=means)
        for share in received.allotted:
            expected = min(parts[share.claim], self.rest[share.claim])
            assert share.amount == Money(expected)
            self.rest[share.claim] -= expected

    @rule(which=WHICH)
    def a_claim_falls_away(self, which: int) -> None:
        claim = self._claim(which)
        try:
            cancel_claim(by=SYSTEM, claim=claim, why="Irrtum")
        except AlreadySettled:
            assert self.rest[claim] == 0
        else:
            self.rest[claim] = 0

    @precondition(lambda self: Receipt.objects.exists())
    @rule(which=WHICH, cents=CENTS, to_bank=st.booleans())
    def money_is_asked_back(self, which: int, cents: int, to_bank: bool) -> None:
        receipt = self._one_of(Receipt.objects.order_by("place"), which)
        left = _left(receipt)
        try:
            give_back(
                by=SYSTEM,
                receipt=receipt.pk,
                amount=Money(cents),
                key=f"{next(_keys)}",
                why="Kulanz",
                to=ACCOUNT if to_bank else None,
            )
        except MoreThanIsLeft:
            assert cents > left
        except NoAccountToPayTo:
            assert receipt.means == "credit"
        else:
            assert cents <= left
        for claim in Claim.objects.filter(pk__in=self.claims):
            self.rest[claim.pk] = claim.rest.cents

    @precondition(lambda self: Refund.objects.filter(ended_at=None).exists())
    @rule(which=WHICH, well=st.booleans())
    def a_refund_ends(self, which: int, well: bool) -> None:
        refund = self._one_of(Refund.objects.filter(ended_at=None).order_by("requested_at"), which)
        if well:
            refund_done(by=SYSTEM, refund=refund.pk)
        else:
            refund_failed(by=SYSTEM, refund=refund.pk, problem="Konto aufgelöst")

    @precondition(lambda self: Credit.objects.exists())
    @rule(which=WHICH, claim=WHICH, cents=CENTS)
    def a_credit_is_set_off(self, which: int, claim: int, cents: int) -> None:
        credit, owed = self._one_of(Credit.objects.order_by("made_at"), which), self._claim(claim)
        values = {"credit": credit.pk, "claim": owed, "amount": Money(cents)}
        try:
            set_off(by=SYSTEM, key=f"{next(_keys)}", **values)
        except SomebodyElses:
            assert credit.owner_id is not None
        except NotSoMuchOwed:
            assert cents > self.rest[owed]
        except LessThere:
            assert cents > credit.left_cents
        else:
            self.rest[owed] -= cents

    @rule()
    def balances_are_kept(self) -> None:
        keep_checkpoint(by=SYSTEM)

    @invariant()
    def claims_are_as_counted(self) -> None:
        if hasattr(self, "rest"):
            rows = Claim.objects.filter(pk__in=self.claims)
            assert {row.pk: row.rest.cents for row in rows} == self.rest

    @invariant()
    def every_receipt_is_somewhere(self) -> None:
        for receipt in Receipt.objects.all():
            gone = _sum(receipt.refunds.exclude(state="failed"), "cents")
            used = _sum(Receipt.objects.filter(source__receipt=receipt), "cents")
            assert receipt.cents == _left(receipt) + gone + used

    @invariant()
    def the_ledger_says_the_same(self) -> None:
        found = by_use()
        expected = {
            "receivables": sum(claim.rest.cents for claim in Claim.objects.all()),
            "income": -sum(_earned(claim) for claim in Claim.objects.all()),
            "refunds": -_sum(Refund.objects.filter(ended_at=None), "cents"),
            **{use: _means(use) for use in ("card", "cash", "bank")},
        }
        own = found.pop("credit", 0) + found.pop("unknown", 0)
        assert own == -_sum(Credit.objects.all(), "left_cents")
        assert found == {use: cents for use, cents in expected.items() if cents}
        kept = {account: cents for account, cents in balances().items() if cents}
        assert kept == {one: cents for one, cents in replayed_balances().items() if cents}

    @invariant()
    def the_database_agrees(self) -> None:
        if hasattr(self, "example"):
            with transaction.get_connection().cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")

    def _claim(self, which: int):
        return self.claims[which % len(self.claims)]

    def _one_of(self, rows, which: int):
        found = list(rows)
        return found[which % len(found)]


def _left(receipt: Receipt) -> int:
    return _sum(receipt.shares, "left_cents") + _sum(receipt.credits, "left_cents")


def _sum(rows, column: str) -> int:
    return rows.aggregate(sum=Sum(column))["sum"] or 0


def _earned(claim: Claim) -> int:
    """What an open or settled claim is worth to the city: refunds of it cost income only after."""
    if claim.cancelled_at:
        return 0
    if not claim.settled_at:
        return claim.cents
    later = RefundPart.objects.filter(
        share__claim=claim, refund__requested_at__gte=claim.settled_at
    )
    return claim.cents - _sum(later, "cents")


def _means(use: str) -> int:
    came = Receipt.objects.filter(means=use)
    went = Refund.objects.filter(means=use, state="done")
    return _sum(came, "cents") - _sum(went, "cents")


@pytest.mark.django_db
def test_claims_receipts_credits_refunds_and_ledger_always_agree() -> None:
    run_state_machine_as_test(
        MoneyMachine,
        settings=settings(
            max_examples=40,
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert Share.objects.filter(left_cents__gt=F("cents")).count() == 0

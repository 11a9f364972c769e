"""What some people of Lindenfurt owe the treasury, and what it did about that: `money.yaml`."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from uuid import UUID

import yaml

from rathaus.accounts.queries import departments
from rathaus.core.clock import VIENNA, local_date
from rathaus.core.money import Money
from rathaus.demo.lindenfurt.agenda import Agenda, working_day
from rathaus.demo.lindenfurt.appointments import Row
from rathaus.demo.lindenfurt.bank_statements import account_of
from rathaus.demo.lindenfurt.colleagues import Colleagues
from rathaus.demo.lindenfurt.people import person_id
from rathaus.payments import actions
from rathaus.payments.actions import PayTo, Wish
from rathaus.payments.actions.closing import close_period, keep_checkpoint
from rathaus.payments.actions.handing_over import export_period, hand_over_transfers
from rathaus.payments.actions.instalments import grant_instalments
from rathaus.payments.incoming import Means, Part
from rathaus.payments.models import BankMovement, Claim, Credit, Form, MovementState
from rathaus.payments.queries import account_of as owed_by

SOURCE = Path(__file__).with_suffix(".yaml")
ACCOUNTANT = "sabine-wolf"
OFFICE = time(9, 30)
DAYS_TO_CLOSE = 10


def plan() -> Row:
    """The content of `money.yaml`."""
    document: Row = yaml.safe_load(SOURCE.read_text(encoding="utf-8"))
    return document


def moment(until: datetime, number: int, clock: time) -> datetime:
    """That time of the working day with that number."""
    return datetime.combine(working_day(local_date(until), number), clock, VIENNA)


@dataclass
class Claims:
    """Those of `money.yaml` by their names there, once they are raised."""

    known: dict[str, Claim] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Claim:
        """As it is now."""
        claim = self.known[name]
        claim.refresh_from_db()
        return claim


@dataclass
class Treasury:
    """What the accountants do: raise, split, give back, clear by hand, close."""

    plan: Row
    colleagues: Colleagues
    until: datetime
    claims: Claims
    _refunds: dict[str, UUID] = field(default_factory=dict)

    def __call__(self, agenda: Agenda) -> None:
        """Each row on its day, in the morning."""
        for name, deed in (
            ("claims", self._raise),
            ("instalments", self._split),
            ("refunds", self._give_back),
            ("by_hand", self._clear),
            ("seen", self._see),
        ):
            for row in self.plan[name]:
                agenda.at(moment(self.until, row["day"], OFFICE), partial(deed, row))
        for row in self.plan["refunds"]:
            for step, deed in (("sent", self._send), ("done", self._end)):
                if step in row:
                    agenda.at(moment(self.until, row[step], OFFICE), partial(deed, row))
        for row in self.plan["means"]:
            agenda.at(self.until, partial(self._mean_to_pay, row))
        self._plan_closing(agenda)

    def _raise(self, row: Row) -> None:
        finance = next(each for each in departments() if each.slug == "finanzen")
        claim = actions.raise_claim(
            by=self.colleagues.person(ACCOUNTANT),
            debtor=person_id(row["who"]),
            amount=Money(row["cents"]),
            purpose=row["purpose"],
            reference=row["matter"],
            due_on=working_day(local_date(self.until), row["due"]),
            department=finance.pk,
        )
        self.claims.known[row["name"]] = Claim.objects.get(pk=claim)

    def _split(self, row: Row) -> None:
        grant_instalments(
            by=self.colleagues.person(ACCOUNTANT),
            claim=self.claims[row["claim"]].pk,
            count=row["count"],
            first_due=working_day(local_date(self.until), row["first_due"]),
        )

    def _give_back(self, row: Row) -> None:
        """What was paid too much for a claim, back to the account from which it came."""
        claim = self.claims[row["claim"]]
        credit = Credit.objects.get(receipt__shares__claim=claim, left_cents__gt=0)
        name = self.colleagues.account_holder(claim.debtor_id)
        self._refunds[row["claim"]] = actions.give_back(
            by=self.colleagues.person(ACCOUNTANT),
            receipt=credit.receipt_id,
            amount=Money(row["cents"]),
            key=f"demo:{row['claim']}",
            why=row["why"],
            to=PayTo(account_of(name), name),
            credit=credit.pk,
        )

    def _send(self, row: Row) -> None:
        hand_over_transfers(by=self.colleagues.person(ACCOUNTANT))

    def _end(self, row: Row) -> None:
        by = self.colleagues.person(ACCOUNTANT)
        actions.refund_done(by=by, refund=self._refunds[row["claim"]])

    def _clear(self, row: Row) -> None:
        """A clerk finds out for which claim money came without a reference."""
        claim = self.claims[row["claim"]]
        left = BankMovement.objects.filter(state=MovementState.LEFT, cents=claim.cents)
        actions.clear_movement(
            by=self.colleagues.person(ACCOUNTANT),
            movement=left.earliest("pk").pk,
            parts=[Part(claim.pk, claim.amount)],
        )

    def _see(self, row: Row) -> None:
        left = BankMovement.objects.filter(state=MovementState.LEFT, cents__lt=0)
        by = self.colleagues.person(ACCOUNTANT)
        actions.mark_seen(by=by, movement=left.earliest("pk").pk, why=row["why"])

    def _mean_to_pay(self, row: Row) -> None:
        """Begin to pay the first of what somebody owes; what then happens is theirs."""
        person, means = self.colleagues.person(row["who"]), Means(row["means"])
        wish = Wish(frozenset([owed_by(person).payable[0].claim]), means)
        key = f"demo:{row['who']}:{means}"
        payment = actions.start_payment(by=person, key=key, wish=wish)
        actions.open_payment(by=person, payment=payment)

    def _plan_closing(self, agenda: Agenda) -> None:
        """The month that is over for some days is closed and handed over to accounting."""
        first = (local_date(self.until) - timedelta(days=DAYS_TO_CLOSE)).replace(day=1)
        closed_at = datetime.combine(first + timedelta(days=DAYS_TO_CLOSE - 2), OFFICE, VIENNA)
        agenda.at(closed_at, partial(self._close, first - timedelta(days=1)))

    def _close(self, last: date) -> None:
        by = self.colleagues.person(ACCOUNTANT)
        keep_checkpoint(by=by)
        close_period(by=by, until=last)
        for form in Form:
            export_period(by=by, form=form, first=last.replace(day=1), last=last, company="LF01")

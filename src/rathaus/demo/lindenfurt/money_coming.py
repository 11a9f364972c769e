"""How money came to Lindenfurt: to the bank account, told by its statements, and at the desk."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import partial
from random import Random
from uuid import UUID

from rathaus.core.actor import SYSTEM
from rathaus.core.clock import VIENNA, local_date, now, today
from rathaus.core.money import Money
from rathaus.demo.lindenfurt.agenda import Agenda
from rathaus.demo.lindenfurt.appointments import Row
from rathaus.demo.lindenfurt.bank_statements import Line, statement
from rathaus.demo.lindenfurt.colleagues import Colleagues
from rathaus.demo.lindenfurt.money import ACCOUNTANT, Claims, moment
from rathaus.payments import actions
from rathaus.payments.models import Claim, PaymentReference
from rathaus.payments.queries.accounts import bank_account

CASHIER = "gerda-holzer"
OPENS, COUNTS, BANK = time(7, 35), time(13, 5), time(18, 30)
BALANCE = 125_000_00  # cents on the city's account before the first statement
WEEKS_TOLD = 26
# Of a hundred people so many pay without a reminder, so many days after they were told.
PAY, PAY_WITHIN, TOLD_BEFORE = 0.92, (4, 24), timedelta(days=31)


@dataclass
class Bank:
    """Statements of the days on which `money.yaml` names a transfer, and of every week: `residents`
    pay their fees, most of them in time.
    """

    plan: Row
    colleagues: Colleagues
    until: datetime
    claims: Claims
    residents: frozenset[UUID]
    _balance: int = BALANCE
    _number: int = 0

    def __call__(self, agenda: Agenda) -> None:
        """In the evening, as banks deliver them."""
        days: dict[datetime, list[Row]] = defaultdict(list)
        for row in self.plan["transfers"]:
            days[moment(self.until, row["day"], BANK)].append(row)
        if self.residents:
            for week in range(1, WEEKS_TOLD):
                days[moment(self.until, -5 * week, BANK)] += []
        for at, rows in days.items():
            agenda.at(at, partial(self._deliver, rows))

    def _deliver(self, rows: list[Row]) -> None:
        account = bank_account()
        lines = [*map(self._line, rows), *self._fees()]
        if account is None or not lines:
            return
        self._number += 1
        made_at = now().astimezone(VIENNA)
        content = statement(account.iban, made_at, self._number, self._balance, lines)
        self._balance += sum(line.cents for line in lines)
        name = f"Kontoauszug {made_at:%Y-%m-%d}.xml"
        by = self.colleagues.person(ACCOUNTANT)
        actions.take_bank_file(by=by, name=name, content=content)
        actions.clear_new_movements(by=SYSTEM)

    def _line(self, row: Row) -> Line:
        if "charge" in row:
            return Line(-row["charge"], "", row["words"])
        name = self.colleagues.person(row["from"]).name if "from" in row else row["name"]
        words = [row.get("words", "")]
        if "text" in row:
            words.append(reference_of(self.claims[row["text"]]))
        if "mistyped" in row:
            words.append(_mistyped(reference_of(self.claims[row["mistyped"]])))
        structured, end_to_end = (
            reference_of(self.claims[row[place]]) if place in row else ""
            for place in ("structured", "end_to_end")
        )
        return Line(row["cents"], name, " ".join(words).strip(), structured, end_to_end)

    def _fees(self) -> Iterator[Line]:
        """What residents pay by now of what they were told to pay."""
        owed = Claim.objects.filter(
            debtor__in=self.residents,
            due_on__isnull=False,
            settled_at=None,
            cancelled_at=None,
            fee_for=None,
        )
        for claim in owed.order_by("reference", "key"):
            luck = Random(f"{claim.reference} {claim.key}")
            pays, after = luck.random() < PAY, timedelta(days=luck.randint(*PAY_WITHIN))
            if pays and claim.due_on and claim.due_on - TOLD_BEFORE + after <= today():
                name = self.colleagues.account_holder(claim.debtor_id)
                yield Line(claim.rest.cents, name, reference=reference_of(claim))


@dataclass
class Desk:
    """The desk of the treasury: closed on the last working day, and open today."""

    plan: Row
    colleagues: Colleagues
    until: datetime
    claims: Claims
    _desk: list[int] = field(default_factory=list)

    def __call__(self, agenda: Agenda) -> None:
        """Cash is taken between opening and closing; today it is open since lately."""
        closing, desk = self.plan["closing"], self.plan["desk"]
        agenda.at(moment(self.until, desk["set_up"], OPENS), self._set_up)
        for day in sorted({row["day"] for row in self.plan["cash"]}):
            agenda.at(self._at(day, 0), self._open)
            rows = [row for row in self.plan["cash"] if row["day"] == day]
            for number, row in enumerate(rows, 1):
                agenda.at(self._at(day, number), partial(self._take, row))
        takings = [row for row in self.plan["cash"] if row["day"] == closing["day"]]
        closes = moment(self.until, closing["day"], COUNTS)
        agenda.at(closes, partial(self._close, closing, takings))

    def _at(self, day: int, number: int) -> datetime:
        """When the desk opens (0), and when its first, second … customer comes."""
        later = timedelta(minutes=17 * number)
        if day:
            return moment(self.until, day, OPENS) + later
        begins = self.until - timedelta(minutes=65) + later
        return max(begins, datetime.combine(local_date(self.until), time(), VIENNA))

    def _set_up(self) -> None:
        by = self.colleagues.person(ACCOUNTANT)
        self._desk.append(actions.add_desk(by=by, name=self.plan["desk"]["name"]))

    def _open(self) -> None:
        float_ = Money(self.plan["desk"]["float"])
        by = self.colleagues.person(CASHIER)
        actions.open_desk(by=by, desk=self._desk[0], float_=float_)

    def _take(self, row: Row) -> None:
        actions.take_cash(
            by=self.colleagues.person(CASHIER),
            desk=self._desk[0],
            reference=reference_of(self.claims[row["claim"]]),
            given=Money(row["given"]),
            key=f"demo:{row['claim']}",
        )

    def _close(self, closing: Row, takings: list[Row]) -> None:
        cents = sum(self.claims[row["claim"]].cents for row in takings)
        actions.close_desk(
            by=self.colleagues.person(CASHIER),
            desk=self._desk[0],
            counted=Money(self.plan["desk"]["float"] + cents - closing["missing"]),
            remark=closing["remark"],
        )


def reference_of(claim: Claim) -> str:
    """The payment reference of a claim."""
    return PaymentReference.objects.get(claim=claim.pk).reference


def _mistyped(reference: str) -> str:
    """With one wrong digit."""
    place = 9
    wrong = (int(reference[place]) + 4) % 10
    return f"{reference[:place]}{wrong}{reference[place + 1 :]}"

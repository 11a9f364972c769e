"""The bank account of the demo city: a statement of the day before, as its made-up bank tells it.

Some of it pays for what people owe, some of it a person has to look at, and some goes back.
"""

from datetime import date, timedelta
from pathlib import Path
from string import Template
from uuid import UUID
from xml.sax.saxutils import escape

from rathaus.core.clock import today
from rathaus.core.errors import NotFound
from rathaus.demo.lindenfurt.colleagues import Colleagues
from rathaus.demo.lindenfurt.people import person_id
from rathaus.payments.actions import PayTo, clear_new_movements, refuse_movement, take_bank_file
from rathaus.payments.models import BankMovement, Claim, PaymentReference
from rathaus.payments.queries.accounts import bank_account
from rathaus.payments.references import printed_reference

TREASURER = "sabine-wolf"
STATEMENT = Path(__file__).with_name("statement.xml")
ENTRY = Path(__file__).with_name("statement_entry.xml")
ALREADY_PAYING = ("anna-huber", "mehmet-yildiz")
MOST_PAID = 6
STRANGERS_MONEY = "Miete Dezember Top 4"


def load(colleagues: Colleagues) -> None:
    """Yesterday's statement is read; what is certain is booked, somebody else's rent goes back."""
    account = bank_account()
    if account is None:
        raise NotFound
    yesterday = today() - timedelta(days=1)
    content = Template(STATEMENT.read_text(encoding="utf-8")).substitute(
        account=account.iban,
        day=yesterday.isoformat(),
        mistyped=_mistyped(),
        transfers="".join(_transfer(claim, yesterday) for claim in _payable()),
    )
    treasurer = colleagues.person(TREASURER)
    name = f"kontoauszug-{yesterday:%Y-%m-%d}.xml"
    take_bank_file(by=treasurer, name=name, content=content.encode())
    clear_new_movements(by=treasurer)
    wrong = BankMovement.objects.get(texts__contains=[STRANGERS_MONEY])
    refuse_movement(
        by=treasurer,
        movement=wrong.pk,
        to=PayTo(iban=wrong.party_account, name=wrong.party),
        why="Die Miete gehört der Hausverwaltung und kam irrtümlich zu uns.",
    )


def _payable() -> list[Claim]:
    """What some people pay by transfer: those who pay it in another way are left out."""
    others = [person_id(slug) for slug in ALREADY_PAYING]
    rows = Claim.objects.filter(settled_at=None, cancelled_at=None, due_on__isnull=False)
    rows = rows.exclude(debtor__in=others).select_related("debtor")
    return list(rows.order_by("raised_at", "reference", "key")[:MOST_PAID])


def _transfer(claim: Claim, day: date) -> str:
    return Template(ENTRY.read_text(encoding="utf-8")).substitute(
        amount=f"{claim.rest.cents // 100}.{claim.rest.cents % 100:02d}",
        day=day.isoformat(),
        name=escape(claim.debtor.full_name),
        text=printed_reference(_reference_to(claim.pk)),
        reference=claim.reference,
    )


def _mistyped() -> str:
    """The reference of something that Anna Huber owes, with one digit wrong."""
    claim = Claim.objects.filter(debtor=person_id("anna-huber")).earliest("raised_at")
    reference = _reference_to(claim.pk)
    return reference[:-1] + str((int(reference[-1]) + 1) % 10)


def _reference_to(claim: UUID) -> str:
    return PaymentReference.objects.get(claim=claim).reference

"""Reconciliation: all samples of genkgo/camt, and a made-up month of payments with the truth.

`right_share` counts a payment as right if it went where its payer meant it, or if it waits for a
person where nobody can be sure (and that person sees the meant claim, where the payment names it).
`wrong_automatic` counts money that went to a claim that was not meant. The samples lie beside the
project (`../shared/data/counter/camt`); where they are absent their figures are left out.
"""

import argparse
import logging
import os
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from uuid import UUID

PROJECT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(PROJECT), str(PROJECT / "src"), str(PROJECT / "benchmarks")]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rathaus.config.settings.embedded")

import django  # noqa: E402  # the path comes first

django.setup()

from _claims import sow  # noqa: E402
from _statements import ACCOUNT, MIX, Debt, Month, Payment, made_up, statement  # noqa: E402
from django.db.models import Sum  # noqa: E402
from lxml import etree  # noqa: E402
from tests.factories import make_citizen, make_city  # noqa: E402

from rathaus.audit.models import Entry  # noqa: E402
from rathaus.core.actor import SYSTEM  # noqa: E402
from rathaus.core.models import OutgoingMail  # noqa: E402
from rathaus.core.money import Money  # noqa: E402
from rathaus.operate.measuring import report  # noqa: E402
from rathaus.payments.actions import clear_new_movements, take_bank_file  # noqa: E402
from rathaus.payments.actions.booking import account_for  # noqa: E402
from rathaus.payments.camt import (  # noqa: E402
    BadStatement,
    Movement,
    movements,
    read_message,
)
from rathaus.payments.matching import Decision, Known, Open, Paid, decide, read  # noqa: E402
from rathaus.payments.models import (  # noqa: E402
    Account,
    BankMovement,
    Claim,
    Leg,
    PaymentReference,
    Receipt,
    Use,
)

DATA = PROJECT.parent / "shared" / "data" / "counter" / "camt"
ENTRIES, QUICK_ENTRIES = 10_000, 3_000
DEBTS, QUICK_DEBTS = 50_000, 15_000
BOOKED, QUICK_BOOKED = 10_000, 500
PEOPLE = 200
REFERENCES = "//*[local-name()='Strd']/*[local-name()='CdtrRefInf']/*[local-name()='Ref']"
# Measured on 28 November 2026 with the module `pretix/plugins/banktransfer/camtimport.py` of the
# published wheel, on the same samples: files taken, references found in what it reads of them.
# Cited here and not run: the wheel is 40 MB and wants the whole shop around it.
CITED = {"pretix 2026.8.0 (cited)": {"samples_taken": 11, "structured_share": 0}}


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    logging.disable(logging.WARNING)
    figures: dict[str, float] = {}
    if DATA.is_dir():
        figures |= sample_figures()
    else:
        print(f"left out: the figures of the samples, because {DATA} is not there")
    size = (QUICK_ENTRIES, QUICK_DEBTS) if quick else (ENTRIES, DEBTS)
    figures |= month_figures(made_up(payments=size[0], debts=size[1]))
    figures |= booking_figures(QUICK_BOOKED if quick else BOOKED)
    report("reconcile", figures, peers=CITED)


def sample_figures() -> dict[str, float]:
    """Valid is what the schema of the message takes; references are counted by XPath."""
    valid = taken = references = found = 0
    for sample in sorted((DATA / "test" / "data").glob("*.xml")):
        document = etree.parse(sample)
        space = etree.QName(document.getroot()).namespace.rpartition(":")[2]
        if not etree.XMLSchema(file=DATA / "assets" / f"{space}.xsd").validate(document):
            continue
        valid += 1
        there = Counter(" ".join(node.text.split()) for node in document.xpath(REFERENCES))
        try:
            read_here = Counter(structured_in(sample.read_bytes()))
        except BadStatement:
            read_here = Counter[str]()
        else:
            taken += 1
        references += there.total()
        found += (there & read_here).total()
    return {
        "samples_valid": valid,
        "samples_taken": taken,
        "structured_references": references,
        "structured_share": round(100 * found / references, 2),
    }


def structured_in(content: bytes) -> Iterator[str]:
    """All structured references that the product reads in a file."""
    for one in read_message(content).statements:
        for entry in one.entries:
            for detail in entry.details:
                yield from detail.structured


def month_figures(month: Month) -> dict[str, float]:
    """The whole way from the bank's file to a decision about every payment, in memory."""
    content = statement(month)
    begin = time.perf_counter()
    told = [one for part in read_message(content).statements for one in movements(part)]
    read_in = time.perf_counter() - begin
    begin = time.perf_counter()
    decisions = decisions_on(told, month.debts)
    decided_in = time.perf_counter() - begin
    if len(decisions) != len(month.payments):
        raise SystemExit(f"{len(month.payments)} payments were made, {len(decisions)} are told")
    rights: Counter[str] = Counter()
    wrong = 0
    for payment, decision in zip(month.payments, decisions, strict=True):
        rights[payment.kind] += is_right(payment, decision)
        wrong += is_wrong_automatic(payment, decision)
    print_kinds(month, rights)
    return {
        "entries": len(told),
        "right_share": round(100 * rights.total() / len(told), 3),
        "wrong_automatic": wrong,
        "automatic_share": round(100 * sum(bool(one.parts) for one in decisions) / len(told), 2),
        "entries_per_s": round(len(told) / (read_in + decided_in)),
        "read_per_s": round(len(told) / read_in),
        "decided_per_s": round(len(told) / decided_in),
    }


def decisions_on(told: list[Movement], debts: list[Debt]) -> list[Decision]:
    """Each payment in its turn; what is booked is not open any more for the next."""
    book = {debt.reference: debt.claim for debt in debts}
    left = {debt.claim: debt.open for debt in debts}
    of_account: defaultdict[str, set[UUID]] = defaultdict(set)
    decisions = []
    for movement in told:
        paid = Paid(movement.amount, movement.structured, movement.end_to_end, movement.texts)
        reading = read(paid)
        known = known_of(reading.references, book, left)
        earlier = [
            Known("", (Open(claim, Money(left[claim])),))
            for claim in of_account[movement.party_account]
        ]
        decision = decide(paid, reading, known, earlier)
        for part in decision.parts:
            left[part.claim] = max(0, left[part.claim] - part.amount.cents)
            of_account[movement.party_account].add(part.claim)
        decisions.append(decision)
    return decisions


def known_of(
    references: frozenset[str], book: Mapping[str, UUID], left: Mapping[UUID, int]
) -> dict[str, Known]:
    """What the table of references says of these."""
    return {
        reference: Known(reference, (Open(book[reference], Money(left[book[reference]])),))
        for reference in references
        if reference in book
    }


def is_right(payment: Payment, decision: Decision) -> bool:
    """Whether it went where it was meant, or waits for a person where it should."""
    if payment.is_plain:
        return {part.claim: part.amount.cents for part in decision.parts} == payment.meant
    proposed = [claim.claim for known in decision.proposals for claim in known.claims]
    return not decision.parts and (payment.first is None or payment.first in proposed)


def is_wrong_automatic(payment: Payment, decision: Decision) -> bool:
    """Whether money went to a claim that the payer did not mean, or in another division."""
    booked = {part.claim: part.amount.cents for part in decision.parts}
    return bool(booked) and booked != payment.meant


def print_kinds(month: Month, rights: Counter[str]) -> None:
    """How many of each kind there were, and how many were right."""
    made = Counter(payment.kind for payment in month.payments)
    for kind in MIX:
        print(f"  {kind:<20} {rights[kind]:>6} of {made[kind]:>6} right")


def booking_figures(count: int) -> dict[str, float]:
    """The same with the database: a file kept, then every payment booked with its receipt."""
    make_city()
    account = account_for(Use.BANK, "EUR")
    Account.objects.filter(pk=account).update(iban=ACCOUNT)
    debts = [(claim, 2_500 + number) for number, claim in enumerate(owed(count))]
    references = dict(PaymentReference.objects.values_list("claim", "reference"))
    payments = [
        Payment("text", cents, {claim: cents}, True, text=references[claim])
        for claim, cents in debts
    ]
    content = statement(Month([], payments))
    begin = time.perf_counter()
    take_bank_file(by=SYSTEM, name="bench.xml", content=content)
    taken_in = time.perf_counter() - begin
    begin, computed = time.perf_counter(), time.process_time()
    clear_new_movements(by=SYSTEM)
    booked_in, computed = time.perf_counter() - begin, time.process_time() - computed
    require_all_booked(count, account)
    return {
        "booked": count,
        "taken_per_s": round(count / taken_in),
        "booked_per_s": round(count / booked_in, 1),
        "booking_cpu_ms": round(1000 * computed / count, 3),
    }


def owed(count: int) -> list[UUID]:
    """So many claims of several people, each one cent more than the one before."""
    debtors = [make_citizen().pk for _ in range(PEOPLE)]
    return sow(
        [
            (debtors[number % PEOPLE], f"BE-2026-{number:06d}", Money(2_500 + number))
            for number in range(count)
        ]
    )


def require_all_booked(count: int, account: int) -> None:
    """All of it is there once: receipts, bookings, entries of the trail, mails."""
    whole = sum(2_500 + number for number in range(count))
    expected = dict.fromkeys(("booked", "receipts", "settled", "entries", "mails"), count)
    expected["cents"] = whole
    found = {
        "booked": BankMovement.objects.filter(state="booked").count(),
        "receipts": Receipt.objects.count(),
        "settled": Claim.objects.exclude(settled_at=None).count(),
        "entries": Entry.objects.filter(did="payments.received").count(),
        "mails": OutgoingMail.objects.count(),
        "cents": Leg.objects.filter(account=account).aggregate(Sum("cents"))["cents__sum"],
    }
    if found != expected:
        raise SystemExit(f"expected {expected}, found {found}")


if __name__ == "__main__":
    main()

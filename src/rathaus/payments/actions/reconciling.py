"""Clears what came to the bank account: by the machine where it is certain, else by a person."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from uuid import UUID

import structlog
from django.utils.translation import gettext_lazy as _

from rathaus.accounts.queries import actor_by_id
from rathaus.audit.actions import record
from rathaus.core.actor import Actor
from rathaus.core.clock import now
from rathaus.core.errors import Conflict, DomainError, Invalid, NotFound
from rathaus.core.money import Money
from rathaus.core.transaction import atomic, unit_of_work
from rathaus.payments.actions.giving_back import PayTo, give_back
from rathaus.payments.actions.receiving import take
from rathaus.payments.incoming import Incoming, Means, Part
from rathaus.payments.matching import Decision, Known, Open, Paid, Way, decide, read
from rathaus.payments.models import (
    BankMovement,
    Claim,
    DoubtWord,
    MovementKind,
    MovementState,
    PaymentPart,
    PaymentReference,
    Receipt,
    WayWord,
)

MOST_PROPOSALS = 20
MOST_PAYERS = 20
AT_ONCE = 200

log = structlog.get_logger("rathaus.payments")


class AlreadyCleared(Conflict):
    """A colleague, or the machine, was faster."""

    message = _("Diese Kontobewegung hat inzwischen jemand erledigt.")


class NotClearable(Invalid):
    """Only money that came can belong to claims."""

    message = _("Das ist kein Zahlungseingang; er lässt sich keiner Forderung zuordnen.")


class MoreThanCame(Invalid):
    """More was divided than there is."""

    message = _("Verteilt ist mehr, als eingegangen ist.")


class NobodyToCredit(Invalid):
    """What belongs to no claim needs an owner."""

    message = _(
        "Ein Teil des Betrags ist keiner Forderung zugeordnet. Bitte wählen Sie, wem er "
        "gutgeschrieben wird, oder verteilen Sie den ganzen Betrag."
    )


def clear_new_movements(*, by: Actor) -> int:
    """Decide about every movement that is new, each in a unit of work of its own; how many.

    Said again, or by two at once, it goes on where it was left.
    """
    by.require("payments.bank")
    count = last = 0
    while rows := _new_after(last):
        count += sum(_clear_one(by, row) for row in rows)
        last = rows[-1]
    return count


def _new_after(last: int) -> list[int]:
    rows = BankMovement.objects.filter(state=MovementState.NEW, pk__gt=last).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:AT_ONCE])


def _clear_one(by: Actor, movement: int) -> int:
    """What cannot be booked now is left for a person, and stops nothing else."""
    try:
        return _decided(by, movement)
    except DomainError as refusal:
        log.warning("bank movement not booked", movement=movement, why=str(refusal.message))
        with unit_of_work():
            row = _locked_new(movement)
            if row is not None:
                _leave(row, Decision(), DoubtWord.REFUSED)
        return 1


@atomic
def _decided(by: Actor, movement: int) -> int:
    row = _locked_new(movement)
    if row is None:
        return 0
    paid = Paid(
        amount=row.amount,
        structured=tuple(row.structured),
        end_to_end=row.end_to_end,
        texts=tuple(row.texts),
    )
    reading = read(paid)
    known = known_by(reading.references)
    decision = decide(paid, reading, known, () if known else _earlier(row.party_account))
    if decision.parts and decision.way is not None:
        _book(by, row, decision.parts, decision.way)
    else:
        _leave(row, decision, DoubtWord(decision.doubt or "no_reference"))
    return 1


def _locked_new(movement: int) -> BankMovement | None:
    rows = BankMovement.objects.select_for_update(of=("self",), skip_locked=True)
    return rows.filter(pk=movement, state=MovementState.NEW).first()


def known_by(references: Collection[str]) -> dict[str, Known]:
    """The claims that references of ours name, those of a payment in its order; references that
    name none are missing.
    """
    rows = list(PaymentReference.objects.filter(reference__in=references))
    parts = _parts_of([row.payment for row in rows if row.payment is not None])
    meant = {
        row.reference: [(row.claim, None)] if row.claim else parts[row.payment] for row in rows
    }
    claims = Claim.objects.in_bulk([claim for named in meant.values() for claim, _cents in named])
    return {
        reference: Known(reference, tuple(_open(claims[claim], cents) for claim, cents in named))
        for reference, named in meant.items()
        if named and all(claim in claims for claim, _cents in named)
    }


def _parts_of(payments: Collection[UUID]) -> dict[UUID | None, list[tuple[UUID, int | None]]]:
    """The claims of each payment with the cents that are asked for them."""
    parts: dict[UUID | None, list[tuple[UUID, int | None]]] = defaultdict(list)
    for part in PaymentPart.objects.filter(payment__in=payments).order_by("position"):
        parts[part.payment_id].append((part.claim_id, part.cents))
    return parts


def _open(claim: Claim, meant: int | None) -> Open:
    return Open(claim.pk, claim.rest, None if meant is None else Money(meant, claim.currency))


def _earlier(account: str) -> list[Known]:
    """What is open of the people for whom this account paid before."""
    if not account:
        return []
    payers = BankMovement.objects.filter(party_account=account, payer__isnull=False)
    people = payers.order_by().values_list("payer_id", flat=True).distinct()[:MOST_PAYERS]
    claims = Claim.objects.filter(debtor_id__in=list(people), settled_at=None, cancelled_at=None)
    return [Known("", (Open(claim.pk, claim.rest),)) for claim in claims.order_by("raised_at")]


def _leave(row: BankMovement, decision: Decision, doubt: DoubtWord) -> None:
    claims = [claim.claim for known in decision.proposals for claim in known.claims]
    row.state = MovementState.LEFT
    row.doubt = doubt
    row.way = WayWord(decision.way.value) if decision.way else ""
    row.proposals = [str(claim) for claim in dict.fromkeys(claims)][:MOST_PROPOSALS]
    row.save(update_fields=["state", "doubt", "way", "proposals"])


def _book(
    by: Actor, row: BankMovement, parts: Sequence[Part], way: Way, payer: UUID | None = None
) -> Receipt:
    received = take(
        by=by,
        incoming=Incoming(
            key=f"bank:{row.fingerprint}",
            means=Means.BANK,
            amount=row.amount,
            received_on=row.booked_on,
            parts=parts,
            payer=payer,
            note=row.party,
        ),
        source=None,
    )
    receipt = Receipt.objects.get(pk=received.receipt)
    row.receipt = receipt
    row.payer_id = receipt.payer_id
    row.way = WayWord(way.value)
    row.doubt = ""
    row.state = MovementState.BOOKED
    row.ended_at = now()
    row.save(update_fields=["receipt", "payer", "way", "doubt", "state", "ended_at"])
    return receipt


@atomic
def clear_movement(
    *, by: Actor, movement: int, parts: Sequence[Part], credit_to: UUID | None = None
) -> str:
    """Say by hand what money pays for, and whose credit the rest is; the receipt's number.

    Raises `NotAllowed` without the right `payments.bank`, `NotFound`, `AlreadyCleared`,
    `NotClearable`, `MoreThanCame`, `NobodyToCredit`.
    """
    row = _open_receipt(by, movement)
    rest = row.amount - sum((part.amount for part in parts), Money(0, row.currency))
    if rest.cents < 0:
        raise MoreThanCame
    if rest.cents and credit_to is None and not _is_of_one(parts):
        raise NobodyToCredit
    if credit_to is not None:
        actor_by_id(credit_to)
    return _book(by, row, parts, Way.PERSON, credit_to).number


@atomic
def refuse_movement(*, by: Actor, movement: int, to: PayTo, why: str) -> str:
    """Book money that is not for the city, and ask for it to go back; the receipt's number.

    Raises like `clear_movement`, and like `give_back` without the right `payments.give_back` or
    without a valid IBAN.
    """
    row = _open_receipt(by, movement)
    receipt = _book(by, row, (), Way.PERSON)
    row.state = MovementState.REFUSED
    row.why = why
    row.save(update_fields=["state", "why"])
    give_back(
        by=by,
        receipt=receipt.pk,
        amount=row.amount,
        key=f"bank:{row.fingerprint}",
        why=why,
        to=to,
    )
    return receipt.number


@atomic
def mark_seen(*, by: Actor, movement: int, why: str) -> None:
    """Note that a movement which is no receipt needs nothing more.

    Raises `NotAllowed` without the right `payments.bank`, `NotFound`, `AlreadyCleared`, and
    `NotClearable` for money that came: that is booked, or goes back.
    """
    row = _locked_left(by, movement)
    if row.kind == MovementKind.RECEIPT:
        raise NotClearable(_("Ein Zahlungseingang wird zugeordnet oder zurückgezahlt."))
    row.state = MovementState.SEEN
    row.why = why
    row.ended_at = now()
    row.save(update_fields=["state", "why", "ended_at"])
    record(by=by, did="payments.bank_movement_seen", on=row, why=why)


def _is_of_one(parts: Sequence[Part]) -> bool:
    """Whether all claims are against one person, who then gets what is over."""
    claims = Claim.objects.filter(pk__in=[part.claim for part in parts])
    return len({claim.debtor_id for claim in claims}) == 1


def _open_receipt(by: Actor, movement: int) -> BankMovement:
    row = _locked_left(by, movement)
    if row.cents <= 0:
        raise NotClearable
    return row


def _locked_left(by: Actor, movement: int) -> BankMovement:
    by.require("payments.bank")
    rows = BankMovement.objects.select_for_update(of=("self",))
    row = rows.filter(pk=movement).first()
    if row is None:
        raise NotFound
    if row.state != MovementState.LEFT:
        raise AlreadyCleared
    return row

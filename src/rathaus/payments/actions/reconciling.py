"""Clears what came to the bank account: by the machine where it is certain, else by a person."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import structlog
from django.db import DatabaseError, OperationalError, connection
from django.utils.translation import gettext_lazy as _

from rathaus.accounts.queries import actor_by_id
from rathaus.audit.actions import record
from rathaus.core.actor import Actor
from rathaus.core.clock import now
from rathaus.core.errors import Conflict, DomainError, Invalid, NotFound
from rathaus.core.money import Money
from rathaus.core.transaction import atomic
from rathaus.payments.actions.giving_back import PayTo, give_back
from rathaus.payments.actions.receiving import take_all
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
# So many wait for each other in one unit of work; whoever else wants a receipt waits for them.
AT_ONCE = 100
SAVE_BOOKED = """
    UPDATE payments_bankmovement AS movement
    SET state = 'booked', doubt = '', ended_at = %s,
        receipt_id = booked.receipt, payer_id = booked.payer, way = booked.way
    FROM unnest(%s::bigint[], %s::uuid[], %s::uuid[], %s::text[])
        AS booked (movement, receipt, payer, way)
    WHERE movement.id = booked.movement
"""

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
    """Decide about every movement that is new, some of them together; how many.

    Said again, or by two at once, it goes on where it was left. What cannot be booked now is left
    for a person, and stops nothing else.
    """
    by.require("payments.bank")
    count = last = 0
    while movements := _new_after(last):
        count += _clear(by, movements)
        last = movements[-1]
    return count


def _new_after(last: int) -> list[int]:
    rows = BankMovement.objects.filter(state=MovementState.NEW, pk__gt=last).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:AT_ONCE])


def _clear(by: Actor, movements: Sequence[int]) -> int:
    """Together, or nothing of it: then in halves, until the one that cannot be booked is alone."""
    try:
        return _decided(by, movements)
    except (DomainError, DatabaseError) as refusal:
        if isinstance(refusal, OperationalError):
            raise
        if len(movements) == 1:
            return _leave_refused(movements[0], refusal)
    half = len(movements) // 2
    return _clear(by, movements[:half]) + _clear(by, movements[half:])


@atomic
def _leave_refused(movement: int, refusal: Exception) -> int:
    log.warning("bank movement not booked", movement=movement, exc_info=refusal)
    rows = _locked_new([movement])
    for row in rows:
        _leave(row, Decision(), DoubtWord.REFUSED)
    return len(rows)


@atomic
def _decided(by: Actor, movements: Sequence[int]) -> int:
    """Each finds the claims as those before it leave them."""
    rows = _locked_new(movements)
    readings = {row.pk: read(_paid(row)) for row in rows}
    named = _named(reference for reading in readings.values() for reference in reading.references)
    certain: list[_Booking] = []
    for row in rows:
        reading = readings[row.pk]
        known = named.known(reading.references)
        decision = decide(_paid(row), reading, known)
        if decision.parts and decision.way is not None:
            named.pay(decision.parts)
            certain.append(_Booking(row, decision.parts, decision.way))
        else:
            earlier = () if known else _earlier(row.party_account)
            decision = decide(_paid(row), reading, known, earlier)
            _leave(row, decision, DoubtWord(decision.doubt or "no_reference"))
    _book(by, certain)
    return len(rows)


def _locked_new(movements: Sequence[int]) -> list[BankMovement]:
    rows = BankMovement.objects.select_for_update(of=("self",), skip_locked=True)
    return list(rows.filter(pk__in=movements, state=MovementState.NEW).order_by("pk"))


def _paid(row: BankMovement) -> Paid:
    return Paid(
        amount=row.amount,
        structured=tuple(row.structured),
        end_to_end=row.end_to_end,
        texts=tuple(row.texts),
    )


@dataclass(frozen=True)
class _Named:
    """What references of ours name: claims, with the cents that a payment asked for; and what is
    open of each claim while one movement after the other is decided.
    """

    claims: Mapping[str, Sequence[tuple[UUID, int | None]]]
    open: dict[UUID, Money]

    def known(self, references: Collection[str]) -> dict[str, Known]:
        """Those of the references that name something."""
        return {
            reference: Known(reference, tuple(self._open(*one) for one in self.claims[reference]))
            for reference in references
            if reference in self.claims
        }

    def pay(self, parts: Iterable[Part]) -> None:
        """Count what is decided for what comes after it."""
        for part in parts:
            left = self.open[part.claim].cents - part.amount.cents
            self.open[part.claim] = Money(max(0, left), part.amount.currency)

    def _open(self, claim: UUID, meant: int | None) -> Open:
        amount = self.open[claim]
        return Open(claim, amount, None if meant is None else Money(meant, amount.currency))


def _named(references: Iterable[str]) -> _Named:
    rows = list(PaymentReference.objects.filter(reference__in=set(references)))
    parts = _parts_of([row.payment for row in rows if row.payment is not None])
    claims = {
        row.reference: [(row.claim, None)] if row.claim else parts[row.payment] for row in rows
    }
    ids = {claim for named in claims.values() for claim, _cents in named}
    return _Named(claims, {claim.pk: claim.rest for claim in Claim.objects.filter(pk__in=ids)})


def _parts_of(payments: Collection[UUID]) -> dict[UUID | None, list[tuple[UUID, int | None]]]:
    """The claims of each payment with the cents that are asked for them."""
    parts: dict[UUID | None, list[tuple[UUID, int | None]]] = defaultdict(list)
    for part in PaymentPart.objects.filter(payment__in=payments).order_by("position"):
        parts[part.payment_id].append((part.claim_id, part.cents))
    return parts


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


@dataclass(frozen=True)
class _Booking:
    """A locked movement, the claims to which its money goes, and how that is known."""

    row: BankMovement
    parts: Sequence[Part]
    way: Way
    payer: UUID | None = None


def _book(by: Actor, bookings: Sequence[_Booking]) -> list[Receipt]:
    arrivals = [_incoming(booking) for booking in bookings]
    received = [one.receipt for one in take_all(by=by, arrivals=arrivals)]
    found = Receipt.objects.in_bulk(received)
    receipts = [found[receipt] for receipt in received]
    columns = zip(
        *(
            (booking.row.pk, receipt.pk, receipt.payer_id, booking.way.value)
            for booking, receipt in zip(bookings, receipts, strict=True)
        ),
        strict=True,
    )
    if bookings:
        with connection.cursor() as cursor:
            cursor.execute(SAVE_BOOKED, [now(), *(list(column) for column in columns)])
    return receipts


def _incoming(booking: _Booking) -> Incoming:
    row = booking.row
    return Incoming(
        key=f"bank:{row.fingerprint}",
        means=Means.BANK,
        amount=row.amount,
        received_on=row.booked_on,
        parts=booking.parts,
        payer=booking.payer,
        note=row.party,
    )


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
    [receipt] = _book(by, [_Booking(row, parts, Way.PERSON, credit_to)])
    return receipt.number


@atomic
def refuse_movement(*, by: Actor, movement: int, to: PayTo, why: str) -> str:
    """Book money that is not for the city, and ask for it to go back; the receipt's number.

    Raises like `clear_movement`, and like `give_back` without the right `payments.give_back` or
    without a valid IBAN.
    """
    row = _open_receipt(by, movement)
    [receipt] = _book(by, [_Booking(row, (), Way.PERSON)])
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

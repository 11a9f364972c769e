"""The bank account for those who look after it: what came, what is left to clear, and by whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, F, Q

from rathaus.core.actor import Actor
from rathaus.core.errors import NotFound
from rathaus.core.iban import readable
from rathaus.core.localized import Localized
from rathaus.core.money import Money
from rathaus.payments.models import (
    BankFile,
    BankMovement,
    Claim,
    DoubtWord,
    MovementKind,
    MovementState,
    PaymentPart,
    PaymentReference,
    WayWord,
)
from rathaus.payments.models.statements import MovementQuerySet
from rathaus.payments.queries.references import references_of_claims
from rathaus.payments.references import bare_reference, is_reference, printed_reference
from rathaus.payments.typed_amounts import parse_amount

PAGE_SIZE = 50
MOST_FOUND = 20
LATEST_FILES = 20
OPEN_STATES = (MovementState.NEW, MovementState.LEFT)
STATE_TONES = {
    MovementState.NEW: "info",
    MovementState.LEFT: "warning",
    MovementState.BOOKED: "success",
}


@dataclass(frozen=True)
class BankFilter:
    """What somebody wants to see; empty values do not filter."""

    state: str = MovementState.LEFT.value
    kind: str = ""
    words: str = ""
    file: UUID | None = None


@dataclass(frozen=True)
class MovementRow:
    """One movement in a list."""

    movement: int
    booked_on: date
    party: str
    text: str
    amount: Money
    kind: MovementKind
    state: MovementState
    way: str
    doubt: str
    proposals: int

    @property
    def tone(self) -> str:
        """The colour of its state."""
        return STATE_TONES.get(self.state, "neutral")


@dataclass(frozen=True)
class MovementPage:
    """Up to fifty movements, the latest first; `next` is the number to go on before (0: none)."""

    rows: Sequence[MovementRow]
    next: int
    hits: int


@dataclass(frozen=True)
class ClaimChoice:
    """A claim that a movement may pay for; `rest` is what is open of it."""

    claim: UUID
    debtor: UUID
    debtor_name: str
    matter: str
    purpose: Localized
    reference: str
    rest: Money
    due_on: date | None


@dataclass(frozen=True)
class MovementView:
    """One movement with everything that helps to decide."""

    row: MovementRow
    structured: Sequence[str]
    end_to_end: str
    texts: Sequence[str]
    account: str
    code: str
    file_name: str
    statement: str
    line: int
    receipt: str
    why: str
    proposals: Sequence[ClaimChoice]

    @property
    def is_open(self) -> bool:
        """Whether a person may decide about it now."""
        return self.row.state is MovementState.LEFT

    @property
    def is_receipt(self) -> bool:
        """Whether it is money that came."""
        return self.row.amount.cents > 0


@dataclass(frozen=True)
class FileRow:
    """A bank file with what became of what it told."""

    file: UUID
    name: str
    taken_at: datetime
    taken_by: str
    told: int
    known: int
    gaps: Sequence[tuple[str, Money]]
    counts: Sequence[tuple[str, int]]


def bank_movements(*, by: Actor, wanted: BankFilter, before: int = 0) -> MovementPage:
    """The movements that fit, the latest first. Raises `NotAllowed` without `payments.bank`."""
    by.require("payments.bank")
    found = _filtered(BankMovement.objects.visible_to(by), wanted)
    hits = found.count()
    if before:
        found = found.filter(pk__lt=before)
    rows = list(found.order_by("-pk")[: PAGE_SIZE + 1])
    shown = rows[:PAGE_SIZE]
    return MovementPage(
        [_row(row) for row in shown], shown[-1].pk if len(rows) > PAGE_SIZE else 0, hits
    )


def bank_movement(*, by: Actor, movement: int) -> MovementView:
    """One movement. Raises `NotAllowed` without `payments.bank`, and `NotFound`."""
    by.require("payments.bank")
    found = BankMovement.objects.visible_to(by).select_related("statement__file", "receipt")
    row = found.filter(pk=movement).first()
    if row is None:
        raise NotFound
    claims = Claim.objects.visible_to(by).filter(pk__in=row.proposals)
    return MovementView(
        row=_row(row),
        structured=row.structured,
        end_to_end=row.end_to_end,
        texts=row.texts,
        account=readable(row.party_account),
        code=row.code,
        file_name=row.statement.file.name,
        statement=str(row.statement),
        line=row.line,
        receipt=row.receipt.number if row.receipt else "",
        why=row.why,
        proposals=_choices(list(claims.select_related("debtor").order_by("raised_at"))),
    )


def find_open_claims(*, by: Actor, words: str) -> list[ClaimChoice]:
    """Open claims by the debtor's name, the matter, the payment reference or the open amount; each
    word must fit. At most twenty, the oldest first; without words none.
    """
    by.require("payments.bank")
    if not words.strip():
        return []
    claims = Claim.objects.visible_to(by).filter(settled_at=None, cancelled_at=None)
    for word in words.split()[:8]:
        claims = claims.filter(_about(word))
    found = claims.select_related("debtor").order_by("raised_at")[:MOST_FOUND]
    return _choices(list(found))


def debtors_of(*, by: Actor, claims: Sequence[ClaimChoice]) -> list[tuple[str, str]]:
    """To whom the rest of a movement may be credited: each debtor once, as value and text."""
    by.require("payments.bank")
    return list({str(choice.debtor): choice.debtor_name for choice in claims}.items())


def bank_files(*, by: Actor) -> list[BankFile]:
    """The files taken last, the latest first."""
    by.require("payments.bank")
    return list(BankFile.objects.order_by("-taken_at")[:LATEST_FILES])


def bank_file(*, by: Actor, file: UUID) -> FileRow:
    """What a file told and what became of it. Raises `NotAllowed`, and `NotFound`."""
    by.require("payments.bank")
    found = BankFile.objects.filter(pk=file).first()
    if found is None:
        raise NotFound
    gaps = found.statements.exclude(gap_cents=None).exclude(gap_cents=0).order_by("pk")
    return FileRow(
        file=found.pk,
        name=found.name,
        taken_at=found.taken_at,
        taken_by=found.taken_by,
        told=found.told,
        known=found.known,
        gaps=[(str(one), Money(one.gap_cents or 0, one.account.currency)) for one in gaps],
        counts=_counts(BankMovement.objects.filter(statement__file=found)),
    )


def bank_tally(*, by: Actor) -> list[tuple[str, int]]:
    """How many movements stand where, of all files; states without any are left out."""
    by.require("payments.bank")
    return _counts(BankMovement.objects.visible_to(by))


def left_to_clear(*, by: Actor) -> int:
    """How many movements wait for a person."""
    return BankMovement.objects.visible_to(by).filter(state=MovementState.LEFT).count()


def _filtered(rows: MovementQuerySet, wanted: BankFilter) -> MovementQuerySet:
    if wanted.state in MovementState.values:
        rows = rows.filter(state=wanted.state)
    if wanted.kind in MovementKind.values:
        rows = rows.filter(kind=wanted.kind)
    if wanted.file is not None:
        rows = rows.filter(statement__file=wanted.file)
    for word in wanted.words.split()[:8]:
        amount = parse_amount(word)
        condition = Q(party__icontains=word) | Q(party_account__icontains=word)
        condition |= Q(texts__icontains=word) | Q(structured__icontains=word)
        if amount is not None:
            condition |= Q(cents__in=(amount.cents, -amount.cents))
        rows = rows.filter(condition)
    return rows


def _about(word: str) -> Q:
    """Whether a claim has to do with a word: a name, a matter, a reference or what is open."""
    condition = Q(debtor__family_name__icontains=word) | Q(debtor__given_name__icontains=word)
    condition |= Q(reference__icontains=word)
    bare = bare_reference(word)
    if is_reference(bare):
        named = PaymentReference.objects.filter(reference=bare)
        parts = PaymentPart.objects.filter(payment__in=named.values("payment"))
        condition |= Q(pk__in=named.values("claim")) | Q(pk__in=parts.values("claim"))
    amount = parse_amount(word)
    if amount is not None:
        condition |= Q(cents=amount.cents + F("paid_cents") - F("returned_cents"))
    return condition


def _counts(rows: MovementQuerySet) -> list[tuple[str, int]]:
    """By state, and what is booked by the way it was recognised."""
    tallied = rows.order_by().values_list("state", "way").annotate(count=Count("pk"))
    counts: dict[str, int] = {}
    for state, way, count in tallied:
        label = str(MovementState(state).label)
        if state == MovementState.BOOKED and way:
            label = f"{label}: {WayWord(way).label}"
        counts[label] = counts.get(label, 0) + count
    return sorted(counts.items())


def _row(row: BankMovement) -> MovementRow:
    words = " ".join([*row.structured, *row.texts]) or row.end_to_end
    return MovementRow(
        movement=row.pk,
        booked_on=row.booked_on,
        party=row.party,
        text=words,
        amount=row.amount,
        kind=MovementKind(row.kind),
        state=MovementState(row.state),
        way=str(WayWord(row.way).label) if row.way else "",
        doubt=str(DoubtWord(row.doubt).label) if row.doubt else "",
        proposals=len(row.proposals),
    )


def _choices(claims: Sequence[Claim]) -> list[ClaimChoice]:
    references = references_of_claims([claim.pk for claim in claims])
    return [
        ClaimChoice(
            claim=claim.pk,
            debtor=claim.debtor_id,
            debtor_name=claim.debtor.full_name,
            matter=claim.reference,
            purpose=claim.purpose,
            reference=printed_reference(references.get(claim.pk, "")),
            rest=claim.rest,
            due_on=claim.due_on,
        )
        for claim in claims
    ]

"""Takes what the bank tells of the account: a whole file, or nothing of it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rathaus.audit.actions import record
from rathaus.core.actor import Actor
from rathaus.core.clock import now
from rathaus.core.errors import Conflict, Invalid, TooLarge
from rathaus.core.files.names import clean_name
from rathaus.core.iban import compact
from rathaus.core.jobs import app, defer_here
from rathaus.core.transaction import atomic
from rathaus.payments.actions.locking import lock_key
from rathaus.payments.balancing import gap
from rathaus.payments.bank_words import fault_in_words
from rathaus.payments.camt import (
    BadStatement,
    Fault,
    Kind,
    Message,
    Movement,
    Statement,
    documents_in,
    movements,
    read_message,
)
from rathaus.payments.known_movements import Stored, sort_out
from rathaus.payments.models import (
    Account,
    BankFile,
    BankMovement,
    BankStatement,
    DoubtWord,
    MovementKind,
    MovementState,
    Use,
)

CLEARING = "payments.clear_new_movements"


class AlreadyTaken(Conflict):
    """The same file, byte by byte, was taken before."""


class BadBankFile(Invalid):
    """The file cannot be read as what a bank tells of an account."""


class BankFileTooLarge(TooLarge):
    """More than any bank tells at once."""

    message = gettext_lazy(
        "Die Datei ist größer als 30 MB. Bitte lassen Sie sich kleinere liefern."
    )


class NotOurAccount(Invalid):
    """The file tells of an account that is not the city's."""


@dataclass(frozen=True)
class TakenFile:
    """What was taken: how many movements the file told, and how many of them were known."""

    file: UUID
    told: int
    known: int


@atomic
def take_bank_file(*, by: Actor, name: str, content: bytes) -> TakenFile:
    """Keep every movement that is new, and let a job clear those that are certain.

    Raises `NotAllowed` without the right `payments.bank`, `AlreadyTaken`, `BadBankFile` (with line
    and reason), `BankFileTooLarge`, and `NotOurAccount`; nothing is kept then.
    """
    by.require("payments.bank")
    digest = sha256(content).hexdigest()
    lock_key("bank:files")  # the same movement from two files at once would be two
    _refuse_known(digest)
    messages = _read(content)
    accounts = _accounts(messages)
    file = BankFile.objects.create(
        name=clean_name(name),
        sha256=digest,
        taken_at=now(),
        taken_by=by.name,
        told=0,
        known=0,
    )
    for message in messages:
        for statement in message.statements:
            kept = _keep(file, message, statement, accounts[compact(statement.account)])
            file.told += kept.told
            file.known += kept.known
    file.save(update_fields=["told", "known"])
    record(
        by=by,
        did="payments.bank_file_taken",
        on=file,
        details={"sha256": digest, "told": file.told, "known": file.known},
    )
    defer_here(app.configure_task(CLEARING, queue="default"))
    return TakenFile(file.pk, file.told, file.known)


def _refuse_known(digest: str) -> None:
    known = BankFile.objects.filter(sha256=digest).first()
    if known is not None:
        sentence = _("Diese Datei wurde am %(day)s schon eingelesen; nichts kam dazu.")
        day = date_format(known.taken_at, "SHORT_DATETIME_FORMAT")
        raise AlreadyTaken(sentence % {"day": day})


def _read(content: bytes) -> list[Message]:
    messages: list[Message] = []
    name = ""
    try:
        for document, part in documents_in(content):
            name = document
            messages.append(read_message(part))
    except BadStatement as fault:
        if fault.fault is Fault.TOO_LARGE:
            raise BankFileTooLarge from fault
        fault.document = fault.document or name
        raise BadBankFile(fault_in_words(fault)) from fault
    return messages


def _accounts(messages: Iterable[Message]) -> dict[str, Account]:
    """The city's account of every statement, by its number."""
    ours = Account.objects.filter(use=Use.BANK).exclude(iban="")
    known = {compact(account.iban): account for account in ours}
    if not known:
        raise NotOurAccount(
            _("Im Kontenplan der Stadt hat noch kein Bankkonto eine IBAN; tragen Sie sie dort ein.")
        )
    for message in messages:
        for statement in message.statements:
            if compact(statement.account) not in known:
                sentence = _("Zeile %(line)s: Das Konto %(account)s gehört nicht der Stadt.")
                words = {"line": statement.line, "account": statement.account}
                raise NotOurAccount(sentence % words)
    return known


def _keep(
    file: BankFile, message: Message, statement: Statement, account: Account
) -> BankStatement:
    told = list(movements(statement))
    stored = _stored(told)
    result = sort_out(told, stored)
    kept = BankStatement.objects.create(
        file=file,
        account=account,
        form=message.form.value,
        version=message.version,
        identifier=statement.identifier[:140],
        number=statement.number[:40],
        made_on=statement.made_on,
        told=len(told),
        known=result.known,
        gap_cents=gap(statement),
    )
    BankMovement.objects.filter(pk__in=result.replaced).update(
        state=MovementState.REPLACED, ended_at=now()
    )
    BankMovement.objects.bulk_create(_rows(kept, result.new, stored), batch_size=500)
    return kept


def _stored(told: Sequence[Movement]) -> list[Stored]:
    """What may be the same as one of these, or the line of which they are a part."""
    of_content = Q(content__in={one.content for one in told})
    of_entry = Q(entry__in={one.entry for one in told if one.entry})
    rows = BankMovement.objects.filter(of_content | of_entry).order_by("pk")
    return [
        Stored(
            id=row.pk,
            content=row.content,
            entry=row.entry,
            bank_ids=tuple(row.bank_ids),
            is_whole=row.is_whole,
            is_left=row.ended_at is None,
        )
        for row in rows
    ]


def _rows(
    statement: BankStatement, new: Iterable[Movement], stored: Iterable[Stored]
) -> Iterator[BankMovement]:
    """Equal ones are counted, so that each has a fingerprint of its own for ever."""
    counted = Counter(one.content for one in stored)
    for movement in new:
        counted[movement.content] += 1
        mark = f"{movement.content} {counted[movement.content]}"
        state, doubt = _beginning(movement)
        yield BankMovement(
            statement=statement,
            fingerprint=sha256(mark.encode()).hexdigest(),
            content=movement.content,
            entry=movement.entry,
            bank_ids=list(movement.bank_ids),
            is_whole=movement.is_whole,
            is_unsplit=movement.is_unsplit,
            line=movement.line,
            kind=MovementKind(movement.kind.value),
            cents=movement.amount.cents,
            currency=movement.amount.currency,
            booked_on=movement.booked_on,
            structured=list(movement.structured),
            end_to_end=movement.end_to_end,
            texts=list(movement.texts),
            party=movement.party,
            party_account=movement.party_account,
            code=movement.code[:60],
            state=state,
            doubt=doubt,
        )


def _beginning(movement: Movement) -> tuple[MovementState, str]:
    """Receipts are looked at by the machine first, all else by a person."""
    if movement.kind is not Kind.RECEIPT:
        return MovementState.LEFT, DoubtWord.NO_RECEIPT
    if movement.is_unsplit:
        return MovementState.LEFT, DoubtWord.UNSPLIT
    return MovementState.NEW, ""

"""A made-up month on the city's bank account, with the truth about every payment.

Seeded, and independent of what is measured: it knows how references look (`reference_of`), and
nothing of how they are found again. It writes the XML by itself, as banks do.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from uuid import UUID
from xml.sax.saxutils import escape

from rathaus.payments.references import reference_of

ACCOUNT = "AT611904300234573201"
DAYS = 28
BATCH = 20
AMOUNTS = (1_430, 2_500, 3_000, 4_500, 5_000, 7_260, 9_900, 12_000, 23_540, 87_000)
WORDS = (
    "Hundeabgabe",
    "Parkstrafe",
    "danke",
    "Kinderbetreuung März",
    "Müllabfuhr 2/2026",
    "Fam. Huber",
    "KNr 4711",
    "lt. Bescheid vom 3.2.2026",
    "Gebühr",
)
SPELLINGS: tuple[Callable[[str], str], ...] = (
    lambda reference: reference,
    lambda reference: reference.lower(),
    lambda reference: " ".join(reference[at : at + 4] for at in range(0, len(reference), 4)),
    lambda reference: "-".join(reference[at : at + 4] for at in range(0, len(reference), 4)),
    lambda reference: f"{reference[:9]} {reference[9:]}",
    lambda reference: f"{reference[:2]} {reference[2:]}",
)


@dataclass
class Debt:
    """A claim: what of it is open when the month begins, and who owes it from which account."""

    claim: UUID
    reference: str
    cents: int
    open: int
    iban: str


@dataclass(frozen=True)
class Payment:
    """What a payer sent, and the truth: the claims that were meant, with their cents.

    `is_plain`: a machine can and should book it; else a person has to look. `first` is the claim
    that such a person should be shown, if the payment says enough for that.
    """

    kind: str
    cents: int
    meant: dict[UUID, int]
    is_plain: bool
    structured: str = ""
    end_to_end: str = "NOTPROVIDED"
    text: str = ""
    iban: str = ""
    first: UUID | None = None


@dataclass
class Month:
    """All debts, and all payments in the order in which the bank tells of them."""

    debts: list[Debt]
    payments: list[Payment] = field(default_factory=list)


# What of a hundred payments is of which kind.
MIX = {
    "structured": 36,
    "end_to_end": 6,
    "text": 28,
    "typo": 5,
    "typo_other_amount": 0.5,
    "typo_of_paid": 0.5,
    "two_typos": 1,
    "foreign": 5,
    "foreign_near": 1,
    "no_reference": 6,
    "equal_claims": 1,
    "partial": 2.5,
    "over": 2,
    "double": 1.5,
    "paid_before": 1,
    "several": 1.5,
    "several_short": 0.5,
    "several_with_typo": 1,
}


def made_up(*, payments: int, debts: int, seed: int = 20_260_302) -> Month:
    """The month; the same for the same numbers."""
    luck = random.Random(seed)
    month = Month([_debt(number, luck) for number in range(1, debts + 1)])
    unpaid = [debt for debt in month.debts if debt.open]
    luck.shuffle(unpaid)
    settled = [debt for debt in month.debts if not debt.open]
    kinds = luck.choices(list(MIX), weights=list(MIX.values()), k=payments)
    for kind in kinds:
        month.payments.append(_payment(kind, unpaid, settled, month, luck))
    return month


def _debt(number: int, luck: random.Random) -> Debt:
    cents = luck.choice(AMOUNTS)
    is_settled = luck.random() < 0.3
    iban = f"AT{luck.randrange(10**18):018d}"
    return Debt(UUID(int=number), reference_of(number), cents, 0 if is_settled else cents, iban)


def _payment(
    kind: str, unpaid: list[Debt], settled: list[Debt], month: Month, luck: random.Random
) -> Payment:
    """Each debt that a payment is really for is used once, but where doubles are the point."""
    if kind == "double" and not any(made.kind == "text" for made in month.payments):
        kind = "text"
    makers: dict[str, Callable[[], Payment]] = {
        "structured": lambda: _one(kind, unpaid.pop(), luck),
        "end_to_end": lambda: _one(kind, unpaid.pop(), luck),
        "text": lambda: _one(kind, unpaid.pop(), luck),
        "typo": lambda: _mistyped(kind, unpaid.pop(), luck, is_plain=True),
        "typo_other_amount": lambda: _mistyped(kind, unpaid.pop(), luck, is_plain=False),
        "typo_of_paid": lambda: _mistyped(kind, luck.choice(settled), luck, is_plain=False),
        "two_typos": lambda: _two_mistakes(unpaid.pop(), luck),
        "foreign": lambda: _foreign(luck),
        "foreign_near": lambda: _foreign_near(unpaid[-1], luck),
        "no_reference": lambda: _without(kind, unpaid[-1], luck),
        "equal_claims": lambda: _without(kind, unpaid[-1], luck),
        "partial": lambda: _one(kind, unpaid.pop(), luck, part=0.4),
        "over": lambda: _one(kind, unpaid.pop(), luck, part=1.5),
        "double": lambda: _again(month, luck),
        "paid_before": lambda: _one(kind, luck.choice(settled), luck),
        "several": lambda: _several(kind, [unpaid.pop() for _ in range(luck.randint(2, 3))], luck),
        "several_short": lambda: _several(kind, [unpaid.pop(), unpaid.pop()], luck),
        "several_with_typo": lambda: _several(kind, [unpaid.pop(), unpaid.pop()], luck),
    }
    return makers[kind]()


def _written(reference: str, luck: random.Random) -> str:
    """The reference as somebody writes it, among other words."""
    words = [luck.choice(SPELLINGS)(reference)]
    if luck.random() < 0.6:
        words.insert(0, luck.choice(WORDS))
    if luck.random() < 0.3:
        words.append(luck.choice(WORDS))
    return " ".join(words)


def _one(kind: str, debt: Debt, luck: random.Random, part: float = 1) -> Payment:
    cents = int(debt.cents * part)
    base = {"kind": kind, "cents": cents, "meant": {debt.claim: cents}, "is_plain": True}
    if kind == "structured":
        place = {"structured": luck.choice(SPELLINGS[:3])(debt.reference)}
    elif kind == "end_to_end":
        place = {"end_to_end": debt.reference, "text": luck.choice(WORDS)}
    else:
        place = {"text": _written(debt.reference, luck)}
    return Payment(**base, **place, iban=debt.iban)  # type: ignore[arg-type]  # fields by their names


def _again(month: Month, luck: random.Random) -> Payment:
    made = luck.choice([one for one in month.payments if one.kind == "text"])
    return Payment("double", made.cents, made.meant, True, text=made.text, iban=made.iban)


def _mistyped(kind: str, debt: Debt, luck: random.Random, *, is_plain: bool) -> Payment:
    cents = debt.cents + (700 if kind == "typo_other_amount" else 0)
    wrong = mistake(debt.reference, luck)
    text = f"{luck.choice(WORDS)} {luck.choice(SPELLINGS[:4])(wrong)}"
    return Payment(
        kind, cents, {debt.claim: cents}, is_plain, text=text, iban=debt.iban, first=debt.claim
    )


def _two_mistakes(debt: Debt, luck: random.Random) -> Payment:
    """So far from what was meant that nobody can be sure any more."""
    twice = debt.reference
    while distance(twice, debt.reference) < 2:
        twice = mistake(mistake(debt.reference, luck, MISTAKES[:4]), luck, MISTAKES[:4])
    return Payment("two_typos", debt.cents, {debt.claim: debt.cents}, False, text=f"zu {twice}")


def _foreign(luck: random.Random) -> Payment:
    """Money for others, or about which nobody can know: numbers of every kind, but none of ours."""
    number = luck.randrange(10**14)
    texts = (
        f"Rechnung {number}",
        f"RF{_check(str(number))}{number}",
        f"KdNr {number % 10**8} ReNr {number % 10**6}",
        f"Tel 0463 {number % 10**7}, IBAN AT{number:018d}",
        f"RF{luck.randrange(100):02d} {number}",
    )
    return Payment("foreign", luck.choice(AMOUNTS), {}, False, text=luck.choice(texts))


def _foreign_near(debt: Debt, luck: random.Random) -> Payment:
    """A valid reference of another creditor that is nearly ours, over our amount."""
    body = list(debt.reference[4:])
    body[luck.randrange(12)] = str(luck.randrange(10))
    number = "".join(body)
    if number == debt.reference[4:]:
        number = f"{(int(number) + 1) % 10**12:012d}"
    text = f"RF{_check(number)}{number}"
    return Payment("foreign_near", debt.cents, {}, False, text=text)


def _check(body: str) -> str:
    return f"{98 - int(body + '271500') % 97:02d}"


def _without(kind: str, debt: Debt, luck: random.Random) -> Payment:
    """Whoever pays without a reference means a claim, but says of it nothing or only words."""
    text = luck.choice(WORDS)
    return Payment(kind, debt.cents, {debt.claim: debt.cents}, False, text=text, iban=debt.iban)


def _several(kind: str, debts: list[Debt], luck: random.Random) -> Payment:
    meant = {debt.claim: debt.cents for debt in debts}
    references = [debt.reference for debt in debts]
    short = 150 if kind == "several_short" else 0
    if kind == "several_with_typo":
        references[-1] = mistake(references[-1], luck)
    text = luck.choice((" ", ", ", " und ")).join(references)
    cents = sum(meant.values()) - short
    first = debts[0].claim
    return Payment(
        kind, cents, meant, not short, text=text, iban=debts[0].iban, first=first if short else None
    )


MISTAKES: tuple[Callable[[str, int, str], str], ...] = (
    lambda word, at, digit: word[:at] + digit + word[at + 1 :],
    lambda word, at, digit: word[:at] + word[at + 1 :],
    lambda word, at, digit: word[:at] + digit + word[at:],
    lambda word, at, digit: word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :],
    lambda word, at, digit: word[:2] + word[2:].replace("0", "O"),
    lambda word, at, digit: word[:at] + "XGZ"[int(digit) % 3] + word[at + 1 :],
)


def mistake(
    reference: str,
    luck: random.Random,
    kinds: tuple[Callable[[str, int, str], str], ...] = MISTAKES,
) -> str:
    """One slip of a hand or of a reading machine, somewhere behind the letters."""
    wrong = reference
    while wrong == reference:
        at = luck.randrange(2, len(reference))
        wrong = luck.choice(kinds)(reference, at, luck.choice("0123456789"))
    return wrong


def distance(left: str, right: str) -> int:
    """How many slips make one of the other (optimal string alignment)."""
    rows = [list(range(len(right) + 1))]
    for i, sign in enumerate(left, 1):
        row = [i]
        for j, other in enumerate(right, 1):
            best = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (sign != other))
            if i > 1 and j > 1 and sign == right[j - 2] and left[i - 2] == other:
                best = min(best, rows[-2][j - 2] + 1)
            row.append(best)
        rows.append(row)
    return rows[-1][-1]


def statement(month: Month) -> bytes:
    """All payments as one camt.053.001.08; each twentieth entry is a batch of twenty."""
    entries = "\n".join(_entries(month.payments))
    head = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>'
        "<GrpHdr><MsgId>M</MsgId><CreDtTm>2026-03-31T20:00:00</CreDtTm></GrpHdr>"
        "<Stmt><Id>S</Id><CreDtTm>2026-03-31T20:00:00</CreDtTm>"
        f"<Acct><Id><IBAN>{ACCOUNT}</IBAN></Id></Acct>\n"
    )
    return f"{head}{entries}\n</Stmt></BkToCstmrStmt></Document>\n".encode()


def _entries(payments: list[Payment]) -> Iterator[str]:
    at = 0
    while at < len(payments):
        size = BATCH if at % (10 * BATCH) == 0 else 1
        group = payments[at : at + size]
        details = "".join(
            _detail(payment, at + place, is_part=size > 1) for place, payment in enumerate(group)
        )
        batch = f"<Btch><PmtInfId>L{at}</PmtInfId></Btch>" if size > 1 else ""
        yield (
            f'<Ntry><Amt Ccy="EUR">{_euros(sum(one.cents for one in group))}</Amt>'
            "<CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>"
            f"<BookgDt><Dt>2026-03-{at * DAYS // len(payments) + 1:02d}</Dt></BookgDt>"
            f"<AcctSvcrRef>B{at}</AcctSvcrRef><BkTxCd/>"
            f"<NtryDtls>{batch}{details}</NtryDtls></Ntry>"
        )
        at += size


def _detail(payment: Payment, number: int, *, is_part: bool) -> str:
    amount = f'<Amt Ccy="EUR">{_euros(payment.cents)}</Amt>' if is_part else ""
    structured = (
        f"<Strd><CdtrRefInf><Ref>{payment.structured}</Ref></CdtrRefInf></Strd>"
        if payment.structured
        else ""
    )
    text = f"<Ustrd>{escape(payment.text)}</Ustrd>" if payment.text else ""
    account = f"<DbtrAcct><Id><IBAN>{payment.iban}</IBAN></Id></DbtrAcct>" if payment.iban else ""
    return (
        f"<TxDtls><Refs><AcctSvcrRef>D{number}</AcctSvcrRef>"
        f"<EndToEndId>{payment.end_to_end}</EndToEndId></Refs>{amount}"
        f"<RltdPties><Dbtr><Pty><Nm>Zahler {number}</Nm></Pty></Dbtr>{account}</RltdPties>"
        f"<RmtInf>{text}{structured}</RmtInf></TxDtls>"
    )


def _euros(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"

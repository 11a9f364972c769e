"""Says to which claims money on the bank account belongs: without a doubt, as a proposal for a
person, or not at all.

In this order: reference in the structured field, as end-to-end id, in the text, in any of them with
one typing mistake; last, what the same account paid before. Where two claims are possible, or where
a mistyped reference and the amount do not fit together, a person decides.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from rathaus.core.money import Money
from rathaus.payments.incoming import Part
from rathaus.payments.mentions import Mentions, mentions


class Way(StrEnum):
    """How a payment was recognised, the most reliable first."""

    STRUCTURED = "structured"
    END_TO_END = "end_to_end"
    TEXT = "text"
    TYPO = "typo"
    KNOWN_PAYER = "known_payer"
    PERSON = "person"


class Doubt(StrEnum):
    """Why a person has to decide."""

    NO_REFERENCE = "no_reference"
    UNKNOWN_REFERENCE = "unknown_reference"
    SEVERAL = "several"
    AMOUNT = "amount"
    NOT_OPEN = "not_open"
    CURRENCY = "currency"


@dataclass(frozen=True)
class Paid:
    """What the bank tells of money that came."""

    amount: Money
    structured: tuple[str, ...] = ()
    end_to_end: str = ""
    texts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Open:
    """What is still open of one claim; nothing where it is settled or cancelled.

    `meant`: what the payment that a reference names asked for this claim.
    """

    claim: UUID
    amount: Money
    meant: Money | None = None


@dataclass(frozen=True)
class Known:
    """A reference of ours with the claims it names, in the order in which money goes to them."""

    reference: str
    claims: tuple[Open, ...]


@dataclass(frozen=True)
class Decision:
    """`parts` where it is certain; else why it is not, and what a person may choose from."""

    way: Way | None = None
    parts: tuple[Part, ...] = ()
    doubt: Doubt | None = None
    proposals: tuple[Known, ...] = ()


@dataclass(frozen=True)
class Reading:
    """The references of ours that a payment mentions, by where they stand."""

    by_way: Mapping[Way, Mentions] = field(default_factory=dict)

    @property
    def references(self) -> frozenset[str]:
        """All that may be meant: whoever decides looks these up."""
        return frozenset[str]().union(*(found.all for found in self.by_way.values()))

    @property
    def has_other(self) -> bool:
        """Whether a reference is mentioned that is none of ours, or cannot be read."""
        return any(found.has_other for found in self.by_way.values())


def read(paid: Paid) -> Reading:
    """Look for references in every place of a payment; what is empty is left out."""
    places = {
        Way.STRUCTURED: [mentions([one]) for one in paid.structured],
        Way.END_TO_END: [mentions([paid.end_to_end])] if paid.end_to_end else [],
        Way.TEXT: [mentions(paid.texts)] if paid.texts else [],
    }
    return Reading({way: _together(found) for way, found in places.items() if found})


def decide(
    paid: Paid, reading: Reading, known: Mapping[str, Known], earlier: Sequence[Known] = ()
) -> Decision:
    """Where the money belongs.

    `known` holds those of `reading.references` that were ever given out; `earlier` what is open of
    people for whom the same account paid before.
    """
    certain = _certain(reading, known)
    words = _mistyped(reading, known)
    candidates = _each([*certain, *(one for word in words for one in sorted(word))], known)
    if any(claim.amount.currency != paid.amount.currency for claim in _claims(candidates)):
        return Decision(doubt=Doubt.CURRENCY, proposals=candidates)
    if certain:
        return _by_reference(paid, reading, certain, candidates, known)
    if candidates:
        return _by_mistyped(paid, reading, words, candidates)
    fitting = tuple(one for one in earlier if _fits(paid, [one]))
    is_unknown = bool(reading.references) or reading.has_other
    return Decision(
        Way.KNOWN_PAYER if fitting else None,
        doubt=Doubt.UNKNOWN_REFERENCE if is_unknown else Doubt.NO_REFERENCE,
        proposals=fitting,
    )


def shares(amount: Money, claims: Sequence[Open]) -> tuple[Part, ...]:
    """The amount along the claims: each gets what is open of it, the last of them the rest.

    Whoever pays at least what a payment asked for, and not just what is open, pays for each claim
    what was asked for it, also where it was paid or fell away meanwhile. With nothing open, all
    goes to the first: paid twice, or too late.
    """
    parts: list[Part] = []
    rest = amount.cents
    for claim, wanted in zip(claims, _wanted(amount, claims), strict=True):
        share = min(rest, wanted)
        if share > 0:
            parts.append(Part(claim.claim, Money(share, amount.currency)))
        rest -= max(share, 0)
    if not parts:
        return (Part(claims[0].claim, amount),)
    last = parts.pop()
    return (*parts, Part(last.claim, last.amount + Money(rest, amount.currency)))


def _wanted(amount: Money, claims: Sequence[Open]) -> list[int]:
    """The cents that each claim gets as long as there are any."""
    is_open = [claim.amount.cents for claim in claims]
    asked = [claim.meant.cents if claim.meant else 0 for claim in claims]
    is_as_asked = all(asked) and sum(asked) <= amount.cents != sum(is_open)
    return asked if is_as_asked else is_open


def _together(found: Iterable[Mentions]) -> Mentions:
    found = list(found)
    return Mentions(
        tuple(dict.fromkeys(one for part in found for one in part.exact)),
        tuple(dict.fromkeys(one for part in found for one in part.near)),
        any(part.has_other for part in found),
    )


def _certain(reading: Reading, known: Mapping[str, Known]) -> dict[str, Way]:
    """The known references that stand there as they are, each with the best place."""
    certain: dict[str, Way] = {}
    for way, found in reading.by_way.items():
        for reference in found.exact:
            if reference in known:
                certain.setdefault(reference, way)
    return certain


def _mistyped(reading: Reading, known: Mapping[str, Known]) -> list[frozenset[str]]:
    """For each mistyped word the known references that it may mean; words of none are left out."""
    words = (word & known.keys() for found in reading.by_way.values() for word in found.near)
    return list(dict.fromkeys(frozenset(word) for word in words if word))


def _by_reference(
    paid: Paid,
    reading: Reading,
    certain: Mapping[str, Way],
    candidates: tuple[Known, ...],
    known: Mapping[str, Known],
) -> Decision:
    """One reference alone is enough, whatever the amount; of several only what fits it exactly."""
    named = _each(certain, known)
    structured = _each((one for one in certain if certain[one] is Way.STRUCTURED), known)
    way = max(certain.values(), key=list(Way).index)
    is_alone = len(reading.references) == 1 and not reading.has_other
    if _fits(paid, named) or is_alone:
        return Decision(way, shares(paid.amount, _claims(named)))
    if _fits(paid, structured):
        return Decision(Way.STRUCTURED, shares(paid.amount, _claims(structured)))
    if _fits(paid, candidates) and all(len(word) == 1 for word in _mistyped(reading, known)):
        return Decision(Way.TYPO, shares(paid.amount, _claims(candidates)))
    return Decision(way, doubt=Doubt.SEVERAL, proposals=candidates)


def _by_mistyped(
    paid: Paid,
    reading: Reading,
    words: Sequence[frozenset[str]],
    candidates: tuple[Known, ...],
) -> Decision:
    """Only what one mistake explains, what is open, and what the amount confirms to the cent."""
    doubt = None
    if any(len(word) > 1 for word in words):
        doubt = Doubt.SEVERAL
    elif reading.has_other or any(found.exact for found in reading.by_way.values()):
        doubt = Doubt.UNKNOWN_REFERENCE
    elif not all(_total([one]) for one in candidates):
        doubt = Doubt.NOT_OPEN
    elif not _fits(paid, candidates):
        doubt = Doubt.AMOUNT
    if doubt is not None:
        return Decision(Way.TYPO, doubt=doubt, proposals=candidates)
    return Decision(Way.TYPO, shares(paid.amount, _claims(candidates)))


def _each(references: Iterable[str], known: Mapping[str, Known]) -> tuple[Known, ...]:
    return tuple(known[reference] for reference in dict.fromkeys(references))


def _claims(named: Iterable[Known]) -> list[Open]:
    """Each claim once: a payment of several and one of them may both be named."""
    return list({claim.claim: claim for one in named for claim in one.claims}.values())


def _total(named: Iterable[Known]) -> int:
    return sum(claim.amount.cents for claim in _claims(named))


def _fits(paid: Paid, named: Sequence[Known]) -> bool:
    return bool(named) and _total(named) == paid.amount.cents

"""What keeps a decision from going out: gaps of its template, missing parts, a running correction.

Once delivered a decision binds the authority itself, so every fault is looked for before that.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum

from rathaus.cases import placeholders

# `[Bitte hier antworten.]` is a gap; `[…]` in a quotation is none.
GAP = re.compile(r"\[[^\[\]]*[^\W\d_][^\[\]]*\]")
BRACES = re.compile(r"\{\{|\}\}")
REJECTED = "rejected"
DENYING = frozenset({"partly_granted", "refused", REJECTED})
WORDED = ("title", "ruling", "reasons", "remedy")


@dataclass(frozen=True)
class DecisionText:
    """What a clerk signs about one case. An empty `remedy` makes it a plain letter.

    `template` is the slug of the template that it was begun with.
    """

    outcome: str
    title: str
    ruling: str
    reasons: str = ""
    remedy: str = ""
    template: str = ""


class Fault(StrEnum):
    """What is wrong with a part of a decision."""

    GAP = "gap"
    UNKNOWN_PLACEHOLDER = "unknown_placeholder"
    STRAY_BRACES = "stray_braces"
    NOT_WRITTEN = "not_written"
    NO_REASONS = "no_reasons"
    NO_REMEDY = "no_remedy"
    TOO_EARLY = "too_early"


@dataclass(frozen=True)
class Found:
    """A fault, the part of the `DecisionText` that has it, and the words (or the day) concerned."""

    part: str
    fault: Fault
    words: str | date = ""


@dataclass(frozen=True)
class Circumstances:
    """What must be known of the case: is it a Bescheid, and until when a correction still runs."""

    is_formal: bool
    correction_until: date | None = None


def not_fillable(text: DecisionText, known: Collection[str]) -> list[Found]:
    """Placeholders that nothing fills, before the text is filled: they would go out as they are."""
    found = []
    for part in WORDED:
        words = getattr(text, part)
        for name in placeholders.names_in(words):
            if not placeholders.is_known(name, known):
                found.append(Found(part, Fault.UNKNOWN_PLACEHOLDER, name))
        if BRACES.search(placeholders.PLACEHOLDER.sub("", words)):
            found.append(Found(part, Fault.STRAY_BRACES))
    return found


def faults(text: DecisionText, circumstances: Circumstances) -> list[Found]:
    """Everything that keeps the filled text from being delivered, in the order of its parts.

    A Bescheid says how to fight it (§§ 58 Abs. 1, 61 AVG) and, unless it grants all that was asked
    for, why (§ 58 Abs. 2 AVG). What was not corrected is rejected only after the time for it has
    run out (§ 13 Abs. 3 AVG).
    """
    found = [*_gaps(text), *_missing(text, circumstances), *_too_early(text, circumstances)]
    order = [field.name for field in fields(DecisionText)]
    return sorted(found, key=lambda one: order.index(one.part))


def _gaps(text: DecisionText) -> Iterator[Found]:
    for part in WORDED:
        for gap in GAP.finditer(getattr(text, part)):
            yield Found(part, Fault.GAP, gap[0])


def _missing(text: DecisionText, circumstances: Circumstances) -> Iterator[Found]:
    for part in ("title", "ruling"):
        if not getattr(text, part).strip():
            yield Found(part, Fault.NOT_WRITTEN)
    is_formal = circumstances.is_formal or bool(text.remedy.strip())
    if is_formal and text.outcome in DENYING and not text.reasons.strip():
        yield Found("reasons", Fault.NO_REASONS)
    if is_formal and not text.remedy.strip():
        yield Found("remedy", Fault.NO_REMEDY)


def _too_early(text: DecisionText, circumstances: Circumstances) -> Iterator[Found]:
    if text.outcome == REJECTED and circumstances.correction_until is not None:
        yield Found("outcome", Fault.TOO_EARLY, circumstances.correction_until)

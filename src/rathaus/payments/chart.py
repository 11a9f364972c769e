"""The chart of accounts as a document: which account takes what, in which department.

One YAML file holds all of it; `chart.yaml` beside this module is what holds where a city says
nothing.
"""

from collections import Counter
from collections.abc import Collection, Iterator
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from rathaus.core.documents.mistakes import checked
from rathaus.core.documents.parts import Line, LocalText, Part, ShortSlug
from rathaus.core.documents.source import BadDocument, Location, Mistake, read_yaml
from rathaus.core.iban import compact, is_bic, is_iban

AccountNumber = Annotated[str, StringConstraints(pattern=r"^[0-9]{3,10}$")]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
UseName = Literal[
    "bank",
    "card",
    "eps",
    "cash",
    "receivables",
    "income",
    "deposits",
    "credit",
    "unknown",
    "refunds",
    "differences",
]
PER_DEPARTMENT = frozenset({"receivables", "income"})
STANDARD = Path(__file__).with_name("chart.yaml")
Flaw = tuple[Location, str]


class BankEntry(Part):
    """What people and banks see: the holder is the name under which the bank knows the account."""

    iban: Line
    bic: Annotated[str, Field(max_length=11)] = ""
    holder: Annotated[Line, Field(max_length=70)]


class AccountEntry(Part):
    """One account; without a department it serves all that have none of their own."""

    number: AccountNumber
    name: LocalText
    kind: Literal["asset", "liability", "income", "expense"]
    use: UseName
    department: ShortSlug | None = None
    currency: Currency = "EUR"
    bank: BankEntry | None = None


class ChartDocument(Part):
    """All accounts of the city."""

    accounts: Annotated[tuple[AccountEntry, ...], Field(min_length=1)]


def parse_chart(text: str, *, departments: Collection[str]) -> tuple[AccountEntry, ...]:
    """The accounts of a YAML text. Raises `BadDocument` with line and reason of every mistake."""
    source = read_yaml(text)
    entries = checked(ChartDocument, source).accounts
    flaws = [*_doubled(entries), *_strange(entries, departments)]
    if flaws:
        raise BadDocument(*(Mistake(source.line_of(place), reason) for place, reason in flaws))
    return entries


@cache
def standard_chart() -> dict[str, AccountEntry]:
    """The accounts that are always there, by their use."""
    entries = parse_chart(STANDARD.read_text(encoding="utf-8"), departments=())
    return {entry.use: entry for entry in entries}


def _doubled(entries: tuple[AccountEntry, ...]) -> Iterator[Flaw]:
    numbers = Counter((entry.number, entry.currency) for entry in entries)
    uses = Counter((entry.use, entry.department, entry.currency) for entry in entries)
    for place, entry in enumerate(entries):
        if numbers[entry.number, entry.currency] > 1:
            yield ("accounts", place, "number"), f"das Konto {entry.number} steht hier zweimal"
        if uses[entry.use, entry.department, entry.currency] > 1:
            yield ("accounts", place, "use"), f"für „{entry.use}“ gibt es hier zwei Konten"


def _strange(entries: tuple[AccountEntry, ...], departments: Collection[str]) -> Iterator[Flaw]:
    for place, entry in enumerate(entries):
        at = ("accounts", place)
        if entry.department is not None:
            if entry.department not in departments:
                yield (*at, "department"), f"die Abteilung „{entry.department}“ gibt es nicht"
            if entry.use not in PER_DEPARTMENT:
                yield (*at, "use"), f"„{entry.use}“ gehört der ganzen Stadt"
        if entry.bank is not None and entry.use != "bank":
            yield (*at, "bank"), "eine IBAN hat nur das Bankkonto"
        if entry.bank is not None:
            yield from (((*at, "bank", name), flaw) for name, flaw in _unpayable(entry.bank))


def _unpayable(bank: BankEntry) -> Iterator[tuple[str, str]]:
    if not is_iban(compact(bank.iban)):
        yield "iban", "das ist keine gültige IBAN"
    if bank.bic and not is_bic(bank.bic):
        yield "bic", "das ist kein gültiger BIC"

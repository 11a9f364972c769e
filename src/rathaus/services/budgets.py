"""Budgets for grants as a document: dated sums, each with its source.

`services/README.md` shows an example.
"""

from collections.abc import Iterable, Iterator
from typing import Annotated

from pydantic import Field, StrictInt, StringConstraints

from rathaus.core.documents.mistakes import checked
from rathaus.core.documents.source import BadDocument, Mistake, Source, read_yaml
from rathaus.services.forms.document import Amount, Slug
from rathaus.services.forms.parts import LocalText, Part

SourceText = Annotated[str, StringConstraints(min_length=1, max_length=300)]


class BudgetEntry(Part):
    """What the city has set aside for one purpose in one year, and where that was decided."""

    budget: Slug
    name: LocalText
    year: Annotated[StrictInt, Field(ge=2000, le=2100)]
    total: Amount
    source: SourceText


class Budgets(Part):
    """Everything one file says."""

    budgets: Annotated[tuple[BudgetEntry, ...], Field(min_length=1)]


def parse_budgets(text: str) -> tuple[BudgetEntry, ...]:
    """The budgets of a YAML file. Raises `BadDocument` with line and reason of every mistake."""
    source = read_yaml(text)
    entries = checked(Budgets, source).budgets
    doubled = tuple(_doubled(entries, source))
    if doubled:
        raise BadDocument(*doubled)
    return entries


def _doubled(entries: Iterable[BudgetEntry], source: Source) -> Iterator[Mistake]:
    seen: set[tuple[str, int]] = set()
    for number, entry in enumerate(entries):
        key = (entry.budget, entry.year)
        if key in seen:
            line = source.line_of(("budgets", number))
            yield Mistake(line, f"den Fördertopf „{entry.budget}“ {entry.year} gibt es schon")
        seen.add(key)

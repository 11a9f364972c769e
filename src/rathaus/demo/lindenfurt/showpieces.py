"""The matters of those with a button on the sign-in page, written by hand in `showpieces.yaml`."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any  # what a form asks for

from rathaus.core.clock import VIENNA
from rathaus.demo.lindenfurt.ingredients import Luck, read
from rathaus.demo.lindenfurt.storytelling import BY_APPLICANT, Days, Matter, Step

SHOWPIECES = Path(__file__).parent / "showpieces.yaml"


def showpieces(now: datetime, *, file: Path = SHOWPIECES) -> list[Matter]:
    """Those of the last months and those that come in right `now`."""
    return [_matter(row, now.astimezone(VIENNA)) for row in read(file)["matters"]]


def _matter(row: Mapping[str, Any], now: datetime) -> Matter:
    days = Days(Random(f"Lindenfurt, {row['procedure']} von {row['who']}"))
    on_paper = row.get("on_paper", False)
    day = now.date() - timedelta(days=row["days_ago"])
    filed_at = days.filing(day, on_paper=on_paper) if day < now.date() else now
    luck = Luck(Random(), filed_at.date(), home={}, elsewhere=dict)
    return Matter(
        procedure=row["procedure"],
        title=row.get("title", ""),
        who=row["who"],
        filed_at=filed_at,
        on_paper=on_paper,
        answers=luck.fill(row.get("answers", {}), {}),
        rows=row.get("rows", {}),
        files=row.get("files", {}),
        steps=tuple(_steps(row["steps"], filed_at, now, days)),
    )


def _steps(steps: list[list[Any]], filed_at: datetime, now: datetime, days: Days) -> Iterator[Step]:
    """One after the other; what would lie ahead happens now."""
    moment = filed_at
    for after, deed, *detail in steps:
        moment = min(days.later(moment, after, by_applicant=deed in BY_APPLICANT), now)
        yield Step(moment, deed, detail[0] if detail else None)

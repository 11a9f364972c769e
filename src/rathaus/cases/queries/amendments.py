"""What the applicant has changed in the course of a case, the newest amendment first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from rathaus.cases.changes import Change, changes
from rathaus.cases.models import CaseContent
from rathaus.cases.sections import from_json


@dataclass(frozen=True)
class Amendment:
    """When and by whom what was filed was replaced, and the rows that differ since."""

    at: datetime
    by_name: str
    changes: Sequence[Change]


def amendments(contents: Sequence[CaseContent]) -> list[Amendment]:
    """The steps between the versions, which come newest first."""
    return [
        Amendment(
            at=newer.at,
            by_name=newer.by_name,
            changes=changes(from_json(older.sections), from_json(newer.sections)),
        )
        for newer, older in pairwise(contents)
    ]

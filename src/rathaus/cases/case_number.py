"""The number of a case: prefix of the office, year, running number (`BA-2026-000123`)."""

import re
from dataclasses import dataclass

DIGITS = 6
SHAPE = re.compile(r"([A-ZÄÖÜ][A-ZÄÖÜ0-9]{0,7})-(\d{4})-(\d{6,})")
PREFIX = re.compile(r"[A-ZÄÖÜ][A-ZÄÖÜ0-9]{0,7}")


@dataclass(frozen=True)
class CaseNumber:
    """The three parts; `ValueError` for a prefix that is not 1 to 8 capital letters or digits."""

    prefix: str
    year: int
    running: int

    def __post_init__(self) -> None:
        if not PREFIX.fullmatch(self.prefix):
            raise ValueError(f"{self.prefix!r} cannot begin a case number")

    def __str__(self) -> str:
        return f"{self.prefix}-{self.year}-{self.running:0{DIGITS}d}"


def parse_case_number(text: str) -> CaseNumber | None:
    """The number that somebody typed, in any case and with blanks around; `None` if it is none."""
    match = SHAPE.fullmatch(text.strip().upper())
    return CaseNumber(match[1], int(match[2]), int(match[3])) if match else None

"""What documents of several domains are made of: strictness, localized texts, opening hours."""

from datetime import time
from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
ShortSlug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=50)]
NumberPrefix = Annotated[str, StringConstraints(pattern=r"^[A-ZÄÖÜ][A-ZÄÖÜ0-9]{0,7}$")]
"""What stands before the year in the number of a case."""


class Part(BaseModel):
    """Base of every part of the document: unknown keys are errors, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class LocalText(Part):
    """One text in the languages of the city; German is the source.

    A blank line starts a paragraph, `- ` a list item, `## ` a heading, `[words](address)` a link.
    """

    de: Text
    en: Text | None = None

    def plain(self) -> dict[str, str]:
        """As a JSON column keeps it, without the languages that are missing."""
        return self.model_dump(exclude_none=True)


class Weekday(StrEnum):
    """Days of the week as people write them in German."""

    MO = "mo"
    DI = "di"
    MI = "mi"
    DO = "do"
    FR = "fr"
    SA = "sa"
    SO = "so"


class OpeningHours(Part):
    """Hours that hold for several days; `by_appointment` for people with an appointment only."""

    days: Annotated[tuple[Weekday, ...], Field(min_length=1)]
    opens: time
    closes: time
    by_appointment: bool = False

    @model_validator(mode="after")
    def closes_after_opening(self) -> Self:
        """Refuse hours that end before they start."""
        if self.closes <= self.opens:
            raise ValueError("closes liegt nicht nach opens")
        return self

    def plain(self) -> dict[str, object]:
        """As a JSON column keeps them."""
        return {
            "days": [day.value for day in self.days],
            "opens": f"{self.opens:%H:%M}",
            "closes": f"{self.closes:%H:%M}",
            "by_appointment": self.by_appointment,
        }

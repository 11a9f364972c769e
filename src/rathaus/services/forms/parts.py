"""What every part of a form document is made of: strictness, identifiers, localized texts."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, StringConstraints

Identifier = Annotated[
    str, StringConstraints(pattern=r"^[a-z][a-z0-9]*([_-][a-z0-9]+)*$", max_length=60)
]
FieldPath = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z][a-z0-9]*([_-][a-z0-9]+)*(\.[a-z]+)?$", max_length=80),
]


class Part(BaseModel):
    """Base of every part of the document: unknown keys are errors, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


def _german_when_plain(text: object) -> object:
    """`title: Hund anmelden` is short for `title: {de: Hund anmelden}`."""
    return {"de": text} if isinstance(text, str) else text


def _with_german(text: dict[str, str]) -> dict[str, str]:
    """German is the source language; another language may be missing, never German."""
    if not text.get("de"):
        raise ValueError("der deutsche Text (de) fehlt")
    return text


Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]
LocalText = Annotated[
    dict[Language, Annotated[str, StringConstraints(min_length=1, max_length=4000)]],
    BeforeValidator(_german_when_plain, json_schema_input_type=str | dict[str, str]),
    AfterValidator(_with_german),
]
"""A text by language: `{"de": "Hund anmelden", "en": "Register a dog"}`."""

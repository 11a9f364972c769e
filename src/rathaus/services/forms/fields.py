"""The kinds of fields a form can ask, as they stand in the document."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    StrictInt,
    StringConstraints,
    model_validator,
)

from rathaus.services.forms.conditions import Condition
from rathaus.services.forms.parts import Identifier, LocalText, Part

Autocomplete = Literal[
    "name", "given-name", "family-name", "honorific-prefix", "bday", "email", "tel", "organization",
    "street-address", "postal-code", "address-level2", "country-name", "off",
]  # fmt: skip
FileKind = Literal["pdf", "image", "text"]
DayBound = Annotated[
    str, StringConstraints(pattern=r"^(today([+-]\d{1,4}[dwmy])?|\d{4}-\d{2}-\d{2})$")
]
"""A fixed day, or one counted from the day of asking: `today`, `today+14d`, `today-18y`."""


def _safe_pattern(pattern: str) -> str:
    """A pattern that compiles and cannot be made to run for ages: a group is never repeated."""
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"das Muster ist ungültig: {error}") from error
    if re.search(r"(?<!\\)\)[*+?{]", pattern):
        raise ValueError("im Muster darf hinter einer Klammer kein *, +, ? oder { stehen")
    return pattern


def _exact_number(value: object) -> object:
    """Whole numbers or decimals; a decimal written without quotation marks keeps its digits."""
    if isinstance(value, bool):
        raise ValueError("hier muss eine Zahl stehen")  # noqa: TRY004 - pydantic expects this error
    return str(value) if isinstance(value, float) else value


Pattern = Annotated[str, StringConstraints(max_length=300), AfterValidator(_safe_pattern)]
Number = Annotated[Decimal, BeforeValidator(_exact_number)]


class FimReference(Part):
    """The field of the federal data dictionary that this question stands for."""

    id: str
    version: str


class Option(Part):
    """One answer to choose."""

    value: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,60}$")]
    label: LocalText
    hint: LocalText | None = None


class Question(Part):
    """What all questions share. `required: false` is shown as "(freiwillig)"."""

    id: Identifier
    label: LocalText
    hint: LocalText | None = None
    required: bool = True
    show: Condition | None = None
    fim: FimReference | None = None


class TextField(Question):
    """A line of text, or several with `multiline`."""

    type: Literal["text"]
    multiline: bool = False
    min_length: Annotated[StrictInt, Field(ge=0)] = 0
    max_length: Annotated[StrictInt, Field(gt=0, le=20_000)] = 200
    pattern: Pattern | None = None
    pattern_message: LocalText | None = None
    autocomplete: Autocomplete | None = None

    @model_validator(mode="after")
    def pattern_is_explained(self) -> Self:
        """Refuse a pattern without a sentence that says what is expected."""
        if self.pattern and not self.pattern_message:
            raise ValueError(
                "zu pattern gehört pattern_message: ein Satz, der sagt, was erwartet wird"
            )
        return self


class NumberField(Question):
    """A number with so many decimals."""

    type: Literal["number"]
    decimals: Annotated[StrictInt, Field(ge=0, le=4)] = 0
    min: Number | None = None
    max: Number | None = None
    unit: LocalText | None = None


class DateField(Question):
    """A day."""

    type: Literal["date"]
    min: DayBound | None = None
    max: DayBound | None = None
    autocomplete: Autocomplete | None = None


class ChoiceField(Question):
    """Exactly one of the options, given here or by the name of a list of the document."""

    type: Literal["choice"]
    options: Annotated[tuple[Option, ...], Field(min_length=1)] | None = None
    codelist: Identifier | None = None


class MultipleField(Question):
    """Any number of the options."""

    type: Literal["multiple"]
    options: Annotated[tuple[Option, ...], Field(min_length=1)] | None = None
    codelist: Identifier | None = None
    min: Annotated[StrictInt, Field(ge=1)] | None = None
    max: Annotated[StrictInt, Field(ge=1)] | None = None


class YesNoField(Question):
    """Ja or Nein."""

    type: Literal["yesno"]


class AddressField(Question):
    """An address in its parts; with `only_listed` only one of the city's own list."""

    type: Literal["address"]
    only_listed: bool = False


class IbanField(Question):
    """An international bank account number."""

    type: Literal["iban"]


class EmailField(Question):
    """An e-mail address."""

    type: Literal["email"]


class PhoneField(Question):
    """A telephone number."""

    type: Literal["phone"]


class FilesField(Question):
    """One or several files that answer one question."""

    type: Literal["files"]
    accept: Annotated[tuple[FileKind, ...], Field(min_length=1)] = ("pdf", "image")
    max_files: Annotated[StrictInt, Field(ge=1, le=20)] = 5
    max_megabytes: Annotated[StrictInt, Field(ge=1, le=20)] = 10


class DeclarationField(Question):
    """A statement to be confirmed by a tick; the label is the statement."""

    type: Literal["declaration"]


class Repeat(Part):
    """How often a group may be answered; `item` names one of its rows ("Vorbesitzer")."""

    item: LocalText
    min: Annotated[StrictInt, Field(ge=0, le=100)] = 0
    max: Annotated[StrictInt, Field(ge=1, le=100)] = 10


class Group(Part):
    """Fields that belong together under one heading; with `repeat` any number of rows of them."""

    type: Literal["group"]
    id: Identifier
    label: LocalText
    hint: LocalText | None = None
    show: Condition | None = None
    repeat: Repeat | None = None
    fields: Annotated[tuple[Field_, ...], Field(min_length=1)]
    fim: FimReference | None = None


Field_: TypeAlias = Annotated[
    TextField | NumberField | DateField | ChoiceField | MultipleField | YesNoField | AddressField
    | IbanField | EmailField | PhoneField | FilesField | DeclarationField | Group,
    Field(discriminator="type"),
]  # fmt: skip
Group.model_rebuild()

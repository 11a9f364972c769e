"""A form as a document: written in YAML, stored as canonical JSON, named by its sha256."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Annotated, Literal

from pydantic import Field, JsonValue, StrictInt, StringConstraints

from rathaus.services.forms.conditions import Condition
from rathaus.services.forms.fields import Field_, Option
from rathaus.services.forms.parts import FieldPath, Identifier, LocalText, Part

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
Amount = Annotated[str, StringConstraints(pattern=r"^\d{1,7}\.\d{2}$")]
PrefillSource = Literal[
    "account.given_name",
    "account.family_name",
    "account.full_name",
    "account.email",
    "account.phone",
    "account.birth_date",
    "account.address",
]


class Page(Part):
    """What is asked on one screen."""

    id: Identifier
    title: LocalText
    intro: LocalText | None = None
    show: Condition | None = None
    fields: Annotated[tuple[Field_, ...], Field(min_length=1)]


class Check(Part):
    """A contradiction between answers: if `when` holds, `message` stands at the field `at`."""

    id: Identifier
    when: Condition
    at: FieldPath
    message: LocalText


class Exit(Part):
    """Why somebody cannot apply: if `when` holds, the form ends with this page."""

    id: Identifier
    when: Condition
    title: LocalText
    text: LocalText


class FeeLevy(Part):
    """The levy that a granted matter begins: its name and rate in the city's levies, and the text
    field that says for what.
    """

    name: Slug
    rate: Slug
    about: Identifier


class LevyEnd(Part):
    """The levy that a granted matter ends: the field with its number, and the one with the day."""

    number: Identifier
    day: Identifier


class Fee(Part):
    """One line of the fee; all lines whose condition holds add up.

    `per` multiplies the amount by a number or by the rows of a group. `owed` says what must happen
    for it to stay: the matter is granted, is decided (either way), or is filed at all. A deposit is
    held and given back. With `levy` it is the first year of something that is owed each year.
    """

    id: Identifier
    label: LocalText
    amount: Amount
    when: Condition | None = None
    per: Identifier | None = None
    owed: Literal["granted", "decided", "filed"] = "granted"
    kind: Literal["fee", "permit", "fine", "deposit"] | None = None
    levy: FeeLevy | None = None


class Grant(Part):
    """One line of what the city gives: `percent` of the number field `of`, at most `cap`.

    It comes out of the year's `budget`; all lines whose condition holds add up.
    """

    id: Identifier
    budget: Slug
    label: LocalText
    of: Identifier
    percent: Annotated[StrictInt, Field(ge=1, le=100)]
    cap: Amount
    when: Condition | None = None


class FormDocument(Part):
    """One version of a form.

    Where `anonymous` is allowed, `anonymous_when` may say for which answers alone.
    """

    schema_version: Literal[1] = Field(alias="schema")
    form: Slug
    title: LocalText
    intro: LocalText | None = None
    service: Slug
    anonymous: Literal["allowed", "refused"] = "refused"
    anonymous_when: Condition | None = None
    codelists: dict[Identifier, Annotated[tuple[Option, ...], Field(min_length=1)]] = Field(
        default_factory=dict
    )
    pages: Annotated[tuple[Page, ...], Field(min_length=1)]
    checks: tuple[Check, ...] = ()
    exits: tuple[Exit, ...] = ()
    fees: tuple[Fee, ...] = ()
    grants: tuple[Grant, ...] = ()
    ends_levy: LevyEnd | None = None
    fee_due_days: Annotated[StrictInt, Field(ge=1, le=365)] | None = None
    prefill: dict[Identifier, PrefillSource] = Field(default_factory=dict)
    confirmation: LocalText | None = None


def as_json(document: FormDocument) -> dict[str, JsonValue]:
    """The document as plain JSON values, complete with its defaults, without what is not given."""
    dumped: dict[str, JsonValue] = document.model_dump(
        mode="json", by_alias=True, exclude_none=True
    )
    return dumped


def canonical(data: Mapping[str, JsonValue]) -> bytes:
    """The one way to write these values: sorted keys, no spaces, UTF-8."""
    return json.dumps(
        data, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def fingerprint(data: Mapping[str, JsonValue]) -> str:
    """The sha256 that names a version."""
    return sha256(canonical(data)).hexdigest()


def meta_schema() -> dict[str, JsonValue]:
    """The JSON Schema of form documents themselves, for editors and for language models."""
    schema: dict[str, JsonValue] = FormDocument.model_json_schema(by_alias=True)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return schema

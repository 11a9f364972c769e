"""From what a browser posts to answers, and from answers to what stands in the inputs again.

Names of inputs: `feld`, `adresse.street`, and in rows `gruppe.0.feld` with `gruppe.count` beside
them. A field whose name was not posted keeps its earlier answer; a check box is accompanied by an
empty input of its name. What cannot be understood stays as it was typed, so that nobody loses it;
the evaluation says what is wrong.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date

from pydantic import JsonValue

from rathaus.services.forms.document import Page
from rathaus.services.forms.evaluation import Answers
from rathaus.services.forms.fields import Field_, Group
from rathaus.services.forms.reading import ADDRESS_KEYS

Posted = Mapping[str, Sequence[str]]
LONGEST = 20_000
MOST_ROWS = 100
_INVISIBLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_DAY = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})")
_THOUSANDS = re.compile(r"-?\d{1,3}(\.\d{3})+")
_COMMA = re.compile(r"[-+]?(?:\d+|\d{1,3}(?:\.\d{3})+),\d+")
_ENGLISH = re.compile(r"-?\d{1,3}(?:(?:,\d{3})+\.\d+|(?:,\d{3}){2,})")


def read_page(page: Page, posted: Posted, earlier: Answers) -> dict[str, JsonValue]:
    """The answers of the fields on this page after the post, those not posted as they were."""
    return _read_fields(page.fields, posted, earlier, prefix="")


def _read_fields(
    fields: Sequence[Field_], posted: Posted, earlier: Answers, *, prefix: str
) -> dict[str, JsonValue]:
    answers: dict[str, JsonValue] = {}
    for field in fields:
        if isinstance(field, Group) and field.repeat is None:
            answers |= _read_fields(field.fields, posted, earlier, prefix=prefix)
        elif isinstance(field, Group):
            answers[field.id] = _read_rows(field, posted, earlier.get(field.id))
        else:
            name = prefix + field.id
            answers[field.id] = _read_field(field, posted, earlier.get(field.id), name)
    return {key: answer for key, answer in answers.items() if answer is not None}


def _read_rows(group: Group, posted: Posted, earlier: JsonValue) -> JsonValue:
    count = _first(posted, f"{group.id}.count")
    if count is None or not re.fullmatch(r"\d{1,3}", count):
        return earlier
    before = rows_of(earlier)
    rows: list[JsonValue] = []
    for number in range(min(int(count), MOST_ROWS)):
        row = before[number] if number < len(before) else {}
        rows.append(_read_fields(group.fields, posted, row, prefix=f"{group.id}.{number}."))
    return rows


def rows_of(answer: JsonValue) -> list[dict[str, JsonValue]]:
    """The rows of a repeating group as they were stored."""
    return [row for row in answer if isinstance(row, dict)] if isinstance(answer, list) else []


def _read_field(field: Field_, posted: Posted, earlier: JsonValue, name: str) -> JsonValue:
    if field.type == "files":
        return earlier
    if field.type == "address":
        return _read_address(posted, earlier, name)
    if field.type == "multiple":
        chosen: list[JsonValue] = [value for value in map(clean, posted.get(name, ())) if value]
        return chosen if name in posted else earlier
    text = _last(posted, name)
    if text is None:
        return earlier
    if field.type == "declaration":
        return text == "true"
    return _from_text(field.type, text)


def _from_text(kind: str, text: str) -> JsonValue:
    if kind == "yesno":
        return {"true": True, "false": False}.get(text)
    if kind == "number":
        return _plain_number(text)
    if kind == "date":
        return _plain_day(text)
    return text


def _read_address(posted: Posted, earlier: JsonValue, name: str) -> JsonValue:
    parts: dict[str, JsonValue] = {
        key: _first(posted, f"{name}.{key}") for key in ADDRESS_KEYS if f"{name}.{key}" in posted
    }
    if not parts:
        return earlier
    before = earlier if isinstance(earlier, dict) else {}
    same = all(before.get(key, "") == part for key, part in parts.items())
    return {**before, **parts, "listed": same and before.get("listed") is True}


def clean(text: str) -> str:
    """Typed text in composed Unicode with plain line ends and no invisible controls."""
    lines = text[:LONGEST].replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", lines)).strip()


def _first(posted: Posted, name: str) -> str | None:
    values = posted.get(name)
    return clean(values[0]) if values else None


def _last(posted: Posted, name: str) -> str | None:
    values = posted.get(name)
    return clean(values[-1]) if values else None


def _plain_number(text: str) -> str:
    """`1.234,50 €` and `€1,234.50` as `1234.50`; what is no number stays as it is."""
    bare = re.sub(r"[\s€]", "", text)
    if _ENGLISH.fullmatch(bare):
        bare = bare.replace(",", "")
    elif _COMMA.fullmatch(bare):
        bare = bare.replace(".", "").replace(",", ".")
    elif _THOUSANDS.fullmatch(bare):
        bare = bare.replace(".", "")
    return bare if re.fullmatch(r"[-+]?\d+(\.\d+)?", bare) else text


def _plain_day(text: str) -> str:
    """`22.11.2026` as `2026-11-22`; what is no day stays as it is."""
    match = _DAY.fullmatch(text)
    if match is None:
        return text
    try:
        return date(int(match[3]), int(match[2]), int(match[1])).isoformat()
    except ValueError:
        return text


def typed(kind: str, answer: JsonValue) -> str:
    """An answer as people type it: `22.11.2026`, `1234,50`."""
    text = "" if answer is None else str(answer)
    if kind == "number":
        return text.replace(".", ",")
    if kind == "date" and re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        year, month, day = text.split("-")
        return f"{day}.{month}.{year}"
    return text

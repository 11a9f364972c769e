"""Answers written for people, page by page, as summary, case and receipt show them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pydantic import JsonValue

from rathaus.core.notation import day_in
from rathaus.services.forms.document import Page
from rathaus.services.forms.evaluation import Evaluation
from rathaus.services.forms.fields import (
    ChoiceField,
    Field_,
    Group,
    MultipleField,
    NumberField,
    TextField,
)
from rathaus.services.forms.outline import Outline
from rathaus.services.forms.posting import rows_of
from rathaus.services.forms.quantities import quantity

_WORDS = {"de": {True: "Ja", False: "Nein"}, "en": {True: "Yes", False: "No"}}


@dataclass(frozen=True)
class Line:
    """One answer: `path` leads back to its field, `text` is written in the language asked for."""

    path: str
    label: str
    text: str
    is_long: bool = False
    is_files: bool = False


@dataclass(frozen=True)
class Part:
    """The answers of one page."""

    page: str
    title: str
    lines: tuple[Line, ...]


def sheet(outline: Outline, evaluation: Evaluation, language: str) -> tuple[Part, ...]:
    """All visible answers in the order of the form; an unanswered question has an empty text."""
    write = _Writer(outline, evaluation, language)
    visible = set(evaluation.pages)
    pages = [page for page in outline.document.pages if page.id in visible]
    return tuple(Part(page.id, write.local(page.title), write.page(page)) for page in pages)


class _Writer:
    def __init__(self, outline: Outline, evaluation: Evaluation, language: str) -> None:
        self.outline = outline
        self.evaluation = evaluation
        self.language = language

    def local(self, text: Mapping[str, str]) -> str:
        return text.get(self.language) or text["de"]

    def page(self, page: Page) -> tuple[Line, ...]:
        return tuple(self._lines(page.fields, self.evaluation.answers, "", ""))

    def _lines(
        self,
        fields: tuple[Field_, ...],
        answers: Mapping[str, JsonValue],
        prefix: str,
        before: str,
    ) -> Iterator[Line]:
        for field in fields:
            if prefix + field.id not in self.evaluation.visible:
                continue
            if not isinstance(field, Group):
                yield self._line(field, answers.get(field.id), prefix, before)
            elif field.repeat is None:
                yield from self._lines(field.fields, answers, prefix, before)
            else:
                yield from self._rows(field, answers.get(field.id))

    def _rows(self, group: Group, answer: JsonValue) -> Iterator[Line]:
        item = self.local(group.repeat.item) if group.repeat else ""
        for number, row in enumerate(rows_of(answer)):
            prefix, before = f"{group.id}.{number}.", f"{item} {number + 1}: "
            yield from self._lines(group.fields, row, prefix, before)

    def _line(self, field: Field_, answer: JsonValue, prefix: str, before: str) -> Line:
        is_long = isinstance(field, TextField) and field.multiline
        text = "" if answer is None else self._text(field, answer)
        label = before + self.local(field.label)
        return Line(prefix + field.id, label, text, is_long, field.type == "files")

    def _text(self, field: Field_, answer: JsonValue) -> str:
        if isinstance(field, ChoiceField | MultipleField):
            return self._chosen(field, answer if isinstance(answer, list) else [answer])
        if isinstance(field, NumberField):
            return quantity(field, Decimal(str(answer)), self.language)
        write = _WRITTEN.get(field.type)
        return write(answer, self.language) if write else str(answer)

    def _chosen(self, field: ChoiceField | MultipleField, values: list[JsonValue]) -> str:
        options = self.outline.options(field)
        return ", ".join(self.local(option.label) for option in options if option.value in values)


def _yes_or_no(answer: JsonValue, language: str) -> str:
    return _WORDS.get(language, _WORDS["de"])[answer is True]


def _day(answer: JsonValue, language: str) -> str:
    return day_in(language, date.fromisoformat(str(answer)))


def _address(answer: JsonValue, language: str) -> str:
    parts = answer if isinstance(answer, dict) else {}
    street = " ".join(str(parts.get(key) or "") for key in ("street", "number")).strip()
    door = str(parts.get("door") or "")
    place = " ".join(str(parts.get(key) or "") for key in ("postcode", "place")).strip()
    return ", ".join(part for part in ("/".join(filter(None, (street, door))), place) if part)


def _iban(answer: JsonValue, language: str) -> str:
    text = str(answer)
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def _files(answer: JsonValue, language: str) -> str:
    return "\n".join(str(file.get("name")) for file in rows_of(answer))


_WRITTEN: dict[str, Callable[[JsonValue, str], str]] = {
    "date": _day,
    "yesno": _yes_or_no,
    "declaration": _yes_or_no,
    "address": _address,
    "iban": _iban,
    "files": _files,
}

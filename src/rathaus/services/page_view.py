"""A page of a form as its template shows it: each question with words, value and mistake."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from pydantic import JsonValue

from rathaus.core.localized import localize
from rathaus.services.forms.browser import local_condition
from rathaus.services.forms.compiled import CompiledForm
from rathaus.services.forms.document import Page
from rathaus.services.forms.evaluation import Answers
from rathaus.services.forms.fields import (
    ChoiceField,
    Field_,
    FilesField,
    Group,
    MultipleField,
    NumberField,
    Question,
    TextField,
)
from rathaus.services.forms.posting import rows_of, typed
from rathaus.services.models import StreetAddress

MOST_RADIOS = 7
Texts = Mapping[str, str]
Matches = Mapping[str, Sequence[StreetAddress]]


@dataclass
class FieldView:
    """A question, a group or a repeating group; `template` says how it is shown."""

    template: str
    name: str
    label: str
    hint: str = ""
    error: str = ""
    optional: str = ""
    value: Any = ""  # Any: a text, a truth, or a list of values, as its template expects
    show: str | None = None
    hidden: bool = False
    options: dict[str, Any] = field(default_factory=dict)  # Any: what only this template knows
    children: list[FieldView] = field(default_factory=list)
    rows: list[RowView] = field(default_factory=list)

    @property
    def anchor(self) -> str:
        """The id of its control, as the components make it of the name."""
        return "id_" + re.sub(r"[^A-Za-z0-9_-]+", "-", self.name)

    @property
    def look(self) -> str:
        """What tells it apart, within its form, from others as long as nobody has answered; else
        empty.

        An unanswered question looks the same to everybody, so that it is drawn once.
        """
        if self.value or self.error or self.rows or self.options.get("searched"):
            return ""
        if any(part["value"] for part in self.options.get("parts", ())):
            return ""
        inner = [child.look for child in self.children]
        return f"{self.name} {self.show} {self.hidden} {inner}" if all(inner) else ""

    @property
    def first_control(self) -> str:
        """The id of the control that an error leads to: the first one, where there are several."""
        if self.template.endswith("choice.html") and not self.options["as_list"]:
            return f"{self.anchor}-1"
        return self.anchor + _FIRST_CONTROLS.get(self.template, "")


_FIRST_CONTROLS = {
    "services/application/fields/address.html": "-street",
    "services/application/fields/yesno.html": "-1",
    "services/application/fields/multiple.html": "-1",
}


@dataclass
class RowView:
    """One row of a repeating group."""

    legend: str
    number: int
    remove: str
    children: list[FieldView]


@dataclass(frozen=True)
class ErrorView:
    """A line of the error summary."""

    text: str
    href: str


@dataclass(frozen=True)
class Shown:
    """What a page is drawn from."""

    form: CompiledForm
    answers: Answers
    visible: frozenset[str]
    errors: Texts
    matches: Matches
    searches: Texts


def page_fields(page: Page, shown: Shown) -> list[FieldView]:
    """The questions of a page in their order.

    A question that is hidden now is still drawn, hidden, if the browser alone can bring it back.
    """
    return list(_fields(page.fields, shown.answers, "", shown, hidden=False))


def error_views(fields: Sequence[FieldView]) -> list[ErrorView]:
    """All errors of the questions shown, in their order."""
    found: list[ErrorView] = []
    for view in fields:
        if view.error and not view.hidden:
            found.append(ErrorView(view.error, f"#{view.first_control}"))
        found += error_views(view.children)
        for row in view.rows:
            found += error_views(row.children)
    return found


def _fields(
    fields: Sequence[Field_], answers: Answers, prefix: str, shown: Shown, *, hidden: bool
) -> Iterator[FieldView]:
    outline = shown.form.outline
    for one in fields:
        is_visible = prefix + one.id in shown.visible
        condition = local_condition(outline.by_id[one.id], outline, prefix)
        if not is_visible and condition is None and not (hidden and one.show is None):
            continue
        view = _view(one, answers, prefix, shown, hidden=not is_visible)
        view.show = json.dumps(condition) if condition is not None else None
        view.hidden = condition is not None and not is_visible
        yield view


def _view(one: Field_, answers: Answers, prefix: str, shown: Shown, *, hidden: bool) -> FieldView:
    name = prefix + one.id
    view = FieldView(
        template="services/application/fields/text.html",
        name=name,
        label=localize(one.label),
        hint=localize(one.hint) if one.hint else "",
        error="" if hidden else shown.errors.get(name, ""),
        optional="" if isinstance(one, Group) or one.required else "1",
    )
    if isinstance(one, Group):
        _fill_group(view, one, answers, prefix, shown, hidden=hidden)
    else:
        _fill_question(view, one, answers.get(one.id), shown)
    return view


def _fill_group(
    view: FieldView, group: Group, answers: Answers, prefix: str, shown: Shown, *, hidden: bool
) -> None:
    if group.repeat is None:
        view.template = _template("group")
        view.children = list(_fields(group.fields, answers, prefix, shown, hidden=hidden))
        return
    view.template = _template("repeat")
    item = localize(group.repeat.item)
    rows = rows_of(answers.get(group.id))
    view.rows = [
        RowView(
            legend=f"{item} {number + 1}",
            number=number,
            remove=f"{group.id}.{number}",
            children=list(
                _fields(group.fields, row, f"{group.id}.{number}.", shown, hidden=hidden)
            ),
        )
        for number, row in enumerate(rows)
    ]
    view.options = {
        "item": item,
        "full": len(rows) >= group.repeat.max,
        "fewest": len(rows) <= group.repeat.min,
        "count": len(rows),
    }


def _fill_question(view: FieldView, one: Question, answer: JsonValue, shown: Shown) -> None:
    kind = str(getattr(one, "type", ""))
    view.template = _template(_TEMPLATES.get(kind, "text"))
    view.value = typed(kind, answer)
    if isinstance(one, ChoiceField | MultipleField):
        _fill_options(view, one, answer, shown.form)
    elif isinstance(one, FilesField):
        view.value = rows_of(answer)
        view.options = {"accept": _accepted(one), "full": len(view.value) >= one.max_files}
        view.hint = ". ".join(filter(None, (view.hint.rstrip("."), _file_hint(one))))
    elif kind == "address":
        _fill_address(view, answer, shown)
    elif kind == "yesno":
        view.value = {True: "true", False: "false"}.get(answer) if isinstance(answer, bool) else ""
        view.options = {"choices": [("true", _("Ja")), ("false", _("Nein"))]}
    elif kind == "declaration":
        view.value = "1" if answer is True else ""
    else:
        view.options = _input_options(one, kind)


_TEMPLATES = {
    "choice": "choice",
    "multiple": "multiple",
    "yesno": "yesno",
    "address": "address",
    "files": "files",
    "declaration": "declaration",
    "date": "date",
}


def _template(name: str) -> str:
    return f"services/application/fields/{name}.html"


def _input_options(one: Question, kind: str) -> dict[str, object]:
    """What an input of this kind adds: keyboard, autocomplete, width, unit."""
    options: dict[str, object] = {
        "type": "text",
        "autocomplete": getattr(one, "autocomplete", None),
        # Named though unset: a template that looks for what is not there looks long.
        **dict.fromkeys(("multiline", "inputmode", "spellcheck", "width", "suffix")),
    }
    if isinstance(one, TextField) and one.multiline:
        options["multiline"] = True
    elif isinstance(one, NumberField):
        options |= {"inputmode": "decimal" if one.decimals else "numeric", "width": "8"}
        options["suffix"] = localize(one.unit) if one.unit else ""
    elif kind == "email":
        options |= {"type": "email", "autocomplete": "email"}
    elif kind == "phone":
        options |= {"type": "tel", "autocomplete": "tel"}
    elif kind == "iban":
        options |= {"autocomplete": "off", "spellcheck": "false"}
    return options


def _fill_options(
    view: FieldView, one: ChoiceField | MultipleField, answer: JsonValue, form: CompiledForm
) -> None:
    options = form.outline.options(one)
    choices = [(option.value, _option_text(option.label, option.hint)) for option in options]
    view.options = {"choices": choices, "as_list": len(choices) > MOST_RADIOS}
    view.value = answer if isinstance(answer, list) else typed("choice", answer)


def _option_text(label: Texts, hint: Texts | None) -> str:
    return f"{localize(label)} ({localize(hint)})" if hint else localize(label)


_ADDRESS_PARTS = (
    ("street", gettext_lazy("Straße"), "address-line1", ""),
    ("number", gettext_lazy("Hausnummer"), "off", "4"),
    ("door", gettext_lazy("Stiege oder Tür"), "off", "4"),
    ("postcode", gettext_lazy("Postleitzahl"), "postal-code", "4"),
    ("place", gettext_lazy("Ort"), "address-level2", ""),
)


def _fill_address(view: FieldView, answer: JsonValue, shown: Shown) -> None:
    given = answer if isinstance(answer, dict) else {}
    view.options = {
        "parts": [
            {
                "name": f"{view.name}.{part}",
                "label": label,
                "value": given.get(part) or "",
                "autocomplete": autocomplete,
                "width": width,
                "optional": "1" if part == "door" or view.optional else "",
            }
            for part, label, autocomplete, width in _ADDRESS_PARTS
        ],
        "search": shown.searches.get(view.name, ""),
        "searched": view.name in shown.matches,
        "matches": shown.matches.get(view.name, ()),
        "listed": given.get("listed") is True,
    }


def _accepted(one: FilesField) -> str:
    return ",".join(_ENDINGS[kind] for kind in one.accept)


_ENDINGS = {"pdf": ".pdf", "image": ".jpg,.jpeg,.png,.webp", "text": ".docx,.odt"}
_KIND_NAMES = {"pdf": "PDF", "image": gettext_lazy("Foto"), "text": gettext_lazy("Textdokument")}


def _file_hint(one: FilesField) -> str:
    together = settings.UPLOADS_AT_ONCE_MAX_BYTES // 1024 // 1024
    facts = {
        "kinds": ", ".join(str(_KIND_NAMES[kind]) for kind in one.accept),
        "count": one.max_files,
        "size": one.max_megabytes,
        "together": together,
    }
    if one.max_files * one.max_megabytes > together:
        sentence = _(
            "%(kinds)s; höchstens %(count)s Dateien zu je %(size)s MB, auf einmal zusammen "
            "%(together)s MB."
        )
    else:
        sentence = ngettext(
            "%(kinds)s; eine Datei bis %(size)s MB.",
            "%(kinds)s; höchstens %(count)s Dateien zu je %(size)s MB.",
            one.max_files,
        )
    return sentence % facts

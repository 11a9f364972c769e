"""What the components of `templates/cotton/kern` need beyond Django's own tags."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from typing import Any, Protocol

from django import template
from django.forms import BaseForm, BoundField
from django.template.defaultfilters import filesizeformat
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from rathaus.core.domain import MenuItem, NextStep, still_to_do

register = template.Library()

# A menu entry such as `/amt/` is the root of everything below it and never its parent in the menu.
SHALLOWEST_SLASHES = 2
LONGEST_LIST = 2
_SILENT = SafeString(' aria-hidden="true"')
WEEKDAYS = {
    "mo": _("Mo"),
    "di": _("Di"),
    "mi": _("Mi"),
    "do": _("Do"),
    "fr": _("Fr"),
    "sa": _("Sa"),
    "so": _("So"),
}


class PassedOn(Protocol):
    """Attributes that a component did not declare itself, as cotton hands them over."""

    def attrs_dict(self) -> Mapping[str, object]:
        """Name and value of each, without the declared ones."""


@dataclass(frozen=True)
class FieldError:
    """One line of the error summary; `href` leads to the field, empty for the form as a whole."""

    text: str
    href: str = ""


@register.simple_tag
@lru_cache(maxsize=1024)
def icon(name: str, size: int | str = 24, title: str = "") -> SafeString:
    """A picture of the sprite, silent for screen readers unless it has a title; drawn once."""
    return format_html(
        '<svg class="icon" width="{0}" height="{0}"{1} focusable="false">'
        '<use href="{2}#{3}"></use></svg>',
        size,
        format_html(' role="img" aria-label="{}"', title) if title else _SILENT,
        static("core/icons.svg"),
        name,
    )


register.filter("still_to_do", still_to_do)


@register.filter
def all_done(steps: Iterable[NextStep]) -> bool:
    """Whether there were steps, and every one is done."""
    found = list(steps)
    return bool(found) and all(step.done for step in found)


@register.filter
@cache
def address(url_name: str) -> str:
    """The address of a page that has no parameters, looked up once in each process."""
    return reverse(url_name)


@register.filter
def attributes(passed_on: PassedOn) -> SafeString:
    """The undeclared attributes of a component, escaped: cotton's own output is not."""
    return _written(passed_on.attrs_dict())


@register.simple_tag
def control(
    element: str, name: str, hint: str, error: str, optional: str, passed_on: PassedOn
) -> SafeString:
    """What every control carries: its names, whether it is required, what describes it."""
    describing = [f"{element}-{part}" for part, text in (("hint", hint), ("error", error)) if text]
    own = {
        "id": element,
        "name": name,
        "required": not optional,
        "aria-describedby": " ".join(describing) or None,
        "aria-invalid": "true" if error else None,
    }
    return _written({**own, **passed_on.attrs_dict()})


def _written(values: Mapping[str, object]) -> SafeString:
    """Attributes as HTML; `True` stands for the name alone, `False` and `None` for nothing."""
    return SafeString(
        " ".join(
            name if value is True else f'{name}="{conditional_escape(str(value))}"'
            for name, value in values.items()
            if value is not False and value is not None
        )
    )


@register.filter
@lru_cache(maxsize=4096)
def element_id(name: str) -> str:
    """The id of the control called `name`, with hyphens for what troubles a fragment link."""
    return name if name.startswith("id_") else "id_" + re.sub(r"[^A-Za-z0-9_-]+", "-", name)


@register.filter
def same_as(choice: object, value: object) -> bool:
    """Whether a choice is the chosen one; forms hand over strings, models numbers."""
    return value is not None and str(choice) == str(value)


@register.filter
def one_of(choice: object, values: Iterable[object] | None) -> bool:
    """Whether a choice is among the chosen ones."""
    return str(choice) in {str(value) for value in values or ()}


@register.filter
def plain_date(value: date | str) -> str:
    """A date as people type it, `24.12.2026`; text that a person typed stays as it is."""
    return f"{value:%d.%m.%Y}" if isinstance(value, date) else value


@register.filter
def whole(number: object) -> int:
    """An attribute's text as a whole number, for counting forms."""
    return int(str(number))


@register.filter
def file_size(size: int | str) -> str:
    """`24,3 KB` of a number of bytes; text stays as it is."""
    return filesizeformat(size) if str(size).isdigit() else str(size)


@register.filter
def error_list(source: BaseForm | Iterable[object] | None) -> list[FieldError]:
    """The errors of a Django form, or of things with `text` and `href`, in their order.

    A form's errors do not say which field they mean, so its label stands before them.
    """
    if source is None or source == "":
        return []
    if not isinstance(source, BaseForm):
        return [_field_error(item) for item in source]
    if not source.is_bound:
        return []
    general = [FieldError(str(text)) for text in source.non_field_errors()]
    return general + [
        FieldError(f"{_introduction(field)} {text}", f"#{_anchor(field)}")
        for field in source
        for text in field.errors
    ]


def _field_error(item: object) -> FieldError:
    if isinstance(item, Mapping):
        return FieldError(str(item["text"]), str(item.get("href", "")))
    if isinstance(item, str):
        return FieldError(item)
    return FieldError(str(getattr(item, "text", item)), str(getattr(item, "href", "")))


def _introduction(field: BoundField) -> str:
    label = str(field.label)
    return label if label.endswith("?") else f"{label}:"


def _anchor(field: BoundField) -> str:
    return str(field.id_for_label or field.auto_id)


@register.filter
def first_error(field: BoundField) -> str:
    """The first error of a form's field, or empty."""
    return str(field.errors[0]) if field.errors else ""


@register.filter
def is_optional(field: BoundField) -> bool:
    """Whether a field may stay empty."""
    return not field.field.required


@register.simple_tag
def kern_widget(field: BoundField, hint: str = "") -> SafeString:
    """A form field's own widget, dressed and tied to its hint and error."""
    name = field.id_for_label
    described = [f"{name}-hint"] if hint or field.help_text else []
    described += [f"{name}-error"] if field.errors else []
    dress: dict[str, str | bool] = {
        "class": f"kern-form-input__input kern-form-input__input--{field.widget_type}"
    }
    if described:
        dress["aria-describedby"] = " ".join(described)
    if field.errors:
        dress["aria-invalid"] = "true"
    return field.as_widget(attrs=dress)


@register.filter
def message_tone(level: str) -> str:
    """The tone of an alert for a level of Django's messages."""
    return {"success": "success", "warning": "warning", "error": "danger"}.get(level, "info")


@register.simple_tag
def current_page(href: str, path: str, menu: Iterable[MenuItem] = ()) -> SafeString:
    """Marks the menu's entry for the page that is open (`page`) or that lies below it (`true`),
    unless another entry of the menu lies nearer.
    """
    if href == path:
        return SafeString(' aria-current="page"')
    below = href.count("/") > SHALLOWEST_SLASHES and path.startswith(href)
    others = (address(item.url_name) for item in menu)
    nearer = any(len(other) > len(href) and path.startswith(other) for other in others)
    return SafeString(' aria-current="true"' if below and not nearer else "")


@register.filter
def marks(menu: Iterable[MenuItem], path: str) -> str:
    """How `current_page` marks each entry; where this is the same, the menu looks the same."""
    return ",".join(current_page(address(item.url_name), path) for item in menu)


@register.filter
def opening_hours(hours: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Days and times to read: `("Di, Do", "13:30–18:00")`."""
    return [(_days(entry["days"]), f"{entry['opens']}–{entry['closes']}") for entry in hours]


def _days(days: list[str]) -> str:
    names = [str(WEEKDAYS[day]) for day in days]
    order = [list(WEEKDAYS).index(day) for day in days]
    unbroken = order == list(range(order[0], order[0] + len(order)))
    if unbroken and len(names) > LONGEST_LIST:
        return f"{names[0]}–{names[-1]}"
    return ", ".join(names)

"""The buttons of a form page: each posts the whole page and says what comes after saving it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from rathaus.services.forms.paths import RowChange

STAYING = frozenset({"hinzu", "weg", "hochladen", "datei-entfernen", "uebernehmen"})


@dataclass(frozen=True)
class Button:
    """`hinzu:hunde`, `weg:hunde.1`, `datei-entfernen:lageplan:ID`; nothing means going on."""

    verb: str = "weiter"
    path: str = ""
    detail: str = ""

    @property
    def stays(self) -> bool:
        """Whether the same page is shown again."""
        return self.verb in STAYING

    @property
    def anchor(self) -> str:
        """Where on the page to go on reading."""
        return "id_" + re.sub(r"[^A-Za-z0-9_-]+", "-", self.path.split(".")[0])


def pressed(posted: Mapping[str, str]) -> Button:
    """The button that was pressed; Enter presses none and means going on."""
    verb, _, rest = posted.get("then", "weiter").partition(":")
    path, _, detail = rest.partition(":")
    return Button(verb or "weiter", path[:200], detail[:200])


def row_change(button: Button) -> RowChange | None:
    """What the button does to the rows of a group, if anything."""
    if button.verb == "hinzu":
        return RowChange(button.path)
    group, _, number = button.path.rpartition(".")
    if button.verb == "weg" and number.isdecimal():
        return RowChange(group, remove=int(number))
    return None

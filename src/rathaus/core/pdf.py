"""Documents of the city as tagged PDF, set by typst from templates of the house.

Data reaches a template as a virtual JSON file and is never part of the source, so that nothing in a
name or a text can act: `#read("/etc/passwd")` is printed as it stands.
"""

import json
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from threading import Lock
from typing import cast

import typst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from rathaus.core.city import current_city
from rathaus.core.clock import now
from rathaus.core.font_coverage import drawable

TEMPLATES = Path(__file__).parent / "typst"
STANDARDS: list["typst.PDFStandard"] = ["ua-1", "a-2a"]
HOUSE_COLOUR = "#1f3a4d"

# The compiler keeps its fonts and is not made for several threads; a document takes milliseconds.
_one_at_a_time = Lock()

# What a template may leave out.
_ABSENT: dict[str, Mapping[str, object]] = {
    "receipt": {
        "number": "",
        "addressee": [],
        "facts": [],
        "sections": [],
        "files": [],
        "closing": "",
    },
    "decision": {"number": "", "addressee": [], "facts": [], "introduction": "", "costs": ""},
    "letter": {"number": "", "addressee": [], "facts": []},
    "slip": {"lines": [], "hint": ""},
}


def render(template: str, data: Mapping[str, object]) -> bytes:
    """The document `template` (`receipt`, `decision`, `letter`, `slip`) as PDF/UA-1 and PDF/A-2a.

    `data` is what `json.dumps` takes; what each template needs is written at its top. City and
    words of the active language are added. Raises `LookupError` for an unknown template and
    `typst.TypstError` for missing data.
    """
    language = (get_language() or "de").split("-")[0]
    whole = {**_ABSENT[template], "language": language, "city": _city(), "words": _words(), **data}
    content = json.dumps(_printable(whole), ensure_ascii=False).encode()
    files = {**_sources(), "main": _sources()[f"{template}.typ"], "data.json": content}
    with _one_at_a_time:
        document = _compiler().compile(
            files,  # type: ignore[type-var]  # the stub forgets the documented mapping of files
            format="pdf",
            pdf_standards=STANDARDS,
            timestamp=int(now().timestamp()),
        )
    return cast(bytes, document)


def printable(text: str) -> str:
    """The text as the house's fonts can draw it; what they cannot becomes `[U+4F60]`.

    So does what would turn the direction of reading. An accessible PDF may hold no sign
    without a shape, and a name must not lose one silently.
    """
    return "".join(
        character if ord(character) in _drawable() else f"[U+{ord(character):04X}]"
        for character in unicodedata.normalize(
            "NFC", text.replace("\r\n", "\n").replace("\r", "\n")
        )
    )


def _printable(value: object) -> object:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, Mapping):
        return {key: item if key == "crest" else _printable(item) for key, item in value.items()}
    if isinstance(value, Sequence):
        return [_printable(item) for item in value]
    return value


def _city() -> dict[str, object]:
    city = current_city()
    address = ", ".join(line.strip() for line in city.address.splitlines() if line.strip())
    website = city.website.removeprefix("https://").rstrip("/")
    return {
        "name": city.name,
        "authority": city.authority,
        "crest": city.crest,
        "crest_text": _("Wappen von %(city)s") % {"city": city.name},
        "colour": city.colours.get("primary", HOUSE_COLOUR),
        "sender_line": ", ".join(part for part in (city.authority, address) if part),
        "contact": [part for part in (address, city.phone, city.email, website) if part],
    }


def _words() -> dict[str, str]:
    return {
        "page": _("Seite"),
        "file": _("Datei"),
        "size": _("Größe"),
        "checksum": _("Prüfsumme (SHA-256)"),
        "files": _("Beilagen"),
        "ruling": _("Spruch"),
        "costs": _("Kosten"),
        "reasons": _("Begründung"),
        "remedy": _("Rechtsmittelbelehrung"),
    }


@cache
def _sources() -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in TEMPLATES.glob("*.typ")}


@cache
def _drawable() -> frozenset[int]:
    shapes = frozenset().union(
        *(drawable(font) for font in sorted((TEMPLATES / "fonts").glob("*.ttf")))
    )
    visible = {point for point in shapes if unicodedata.category(chr(point)) not in ("Cc", "Cf")}
    return frozenset(visible | {ord("\n"), ord("\t"), 0xAD, 0x200B, 0x200C, 0x200D})


@cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(ignore_system_fonts=True, font_paths=[str(TEMPLATES / "fonts")])

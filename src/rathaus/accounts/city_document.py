"""A city as a document: who it is, how it looks, its departments and roles.

One YAML file holds all of it; `README.md` shows an example.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Annotated, Literal
from xml.etree import ElementTree

from pydantic import Field, StringConstraints

from rathaus.core.contrast import ENOUGH_FOR_TEXT, contrast, mixed
from rathaus.core.documents.mistakes import checked
from rathaus.core.documents.parts import (
    Line,
    LocalText,
    NumberPrefix,
    OpeningHours,
    Part,
    ShortSlug,
    Text,
)
from rathaus.core.documents.source import BadDocument, Location, Mistake, read_yaml

Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$")]
Phone = Annotated[str, StringConstraints(pattern=r"^[0-9+() /-]{3,60}$")]
Email = Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", max_length=254)]
WebAddress = Annotated[str, StringConstraints(pattern=r"^https://\S+$", max_length=200)]
FederalState = Literal["AT-1", "AT-2", "AT-3", "AT-4", "AT-5", "AT-6", "AT-7", "AT-8", "AT-9"]

WHITE = "#ffffff"
LARGEST_CREST = 300_000
Flaw = tuple[Location, str]


class Colours(Part):
    """The city's look; dark and light are mixed from the first colour unless they are given."""

    primary: Colour
    primary_dark: Annotated[Colour | None, Field(alias="primary-dark")] = None
    primary_light: Annotated[Colour | None, Field(alias="primary-light")] = None
    accent: Colour

    def plain(self) -> dict[str, str]:
        """By the names that the style sheet knows."""
        return {
            "primary": self.primary,
            "primary-dark": self.primary_dark or mixed(self.primary, into="#000000", share=0.65),
            "primary-light": self.primary_light or mixed(self.primary, into=WHITE, share=0.1),
            "accent": self.accent,
        }


class Texts(Part):
    """What the city says in its own words; a text that is missing leaves out its paragraph."""

    claim: LocalText | None = None
    imprint: LocalText | None = None
    privacy: LocalText | None = None
    data_protection_officer: LocalText | None = None
    accessibility: LocalText | None = None
    accessibility_contact: LocalText | None = None

    def plain(self) -> dict[str, dict[str, str]]:
        """Those that are there, by name."""
        return {name: text.plain() for name, text in self if text}


class DepartmentEntry(Part):
    """An office to which cases are routed and in which rights are held."""

    slug: ShortSlug
    name: LocalText
    number_prefix: NumberPrefix
    phone: Phone | Literal[""] = ""
    email: Email | Literal[""] = ""
    address: str = ""


class RoleEntry(Part):
    """A named set of rights."""

    slug: ShortSlug
    name: LocalText
    rights: tuple[Line, ...]


class CityDocument(Part):
    """Everything that turns the program into a particular city's hall.

    `crest` names an SVG file beside the document. `federal_state` decides which holidays hold.
    """

    name: Annotated[Line, Field(max_length=120)]
    authority: Annotated[Line, Field(max_length=200)]
    federal_state: FederalState
    address: Text
    phone: Phone | Literal[""] = ""
    email: Email
    website: WebAddress | Literal[""] = ""
    crest: Line | None = None
    colours: Colours
    opening_hours: tuple[OpeningHours, ...] = ()
    texts: Texts = Texts()
    departments: Annotated[tuple[DepartmentEntry, ...], Field(min_length=1)]
    roles: Annotated[tuple[RoleEntry, ...], Field(min_length=1)]


def parse_city(
    text: str, *, rights: Collection[str], read: Callable[[str], str]
) -> tuple[CityDocument, str]:
    """The city of a YAML file, and its crest as SVG or nothing.

    `rights` are those that the program knows; `read` fetches a file by name and raises
    `ValueError` with the reason where it cannot. Raises `BadDocument` with line and reason of
    every mistake.
    """
    source = read_yaml(text)
    document = checked(CityDocument, source)
    crest, flaws = _crest(document, read)
    flaws += [
        *_pale(document.colours),
        *_doubled(document),
        *_unknown_rights(document, rights),
    ]
    if flaws:
        raise BadDocument(*(Mistake(source.line_of(place), reason) for place, reason in flaws))
    return document, crest


def contrasts(colours: Colours) -> Iterator[tuple[str, str, float]]:
    """Each colour of writing that the style sheet uses, on what, and the ratio of WCAG."""
    found = colours.plain()
    for ink, paper in (
        ("primary", WHITE),
        ("primary-dark", WHITE),
        ("accent", WHITE),
        ("primary", found["primary-light"]),
    ):
        yield ink, paper, contrast(found[ink], paper)


def _pale(colours: Colours) -> Iterator[Flaw]:
    for ink, paper, ratio in contrasts(colours):
        if ratio < ENOUGH_FOR_TEXT:
            found = f"{ratio:.1f} : 1".replace(".", ",")
            yield (
                ("colours", ink),
                f"{ink} auf {paper} ist schlecht lesbar: Kontrast {found}, nötig sind 4,5 : 1 "
                "(WCAG 2.2, 1.4.3)",
            )


def _doubled(document: CityDocument) -> Iterator[Flaw]:
    kinds: tuple[tuple[str, str, Iterable[str]], ...] = (
        ("departments", "die Abteilung", (entry.slug for entry in document.departments)),
        ("roles", "die Rolle", (entry.slug for entry in document.roles)),
    )
    for key, kind, slugs in kinds:
        listed = list(slugs)
        for slug, times in Counter(listed).items():
            if times > 1:
                last = len(listed) - 1 - listed[::-1].index(slug)
                yield (key, last, "slug"), f"{kind} „{slug}“ steht {times}-mal in der Datei"


def _unknown_rights(document: CityDocument, known: Collection[str]) -> Iterator[Flaw]:
    for number, role in enumerate(document.roles):
        for position, right in enumerate(role.rights):
            if right not in known:
                choices = ", ".join(sorted(known))
                reason = f"das Recht „{right}“ gibt es nicht, sondern: {choices}"
                yield ("roles", number, "rights", position), reason


def _crest(document: CityDocument, read: Callable[[str], str]) -> tuple[str, list[Flaw]]:
    if document.crest is None:
        return "", []
    try:
        return _drawing(read(document.crest)), []
    except ValueError as error:
        return "", [(("crest",), f"Wappen {document.crest}: {error}")]


def _drawing(svg: str) -> str:
    """The drawing itself. Raises `ValueError` for what is none, or does more than show itself."""
    if len(svg) > LARGEST_CREST:
        raise ValueError(f"größer als {LARGEST_CREST // 1000} KB")
    if "<!DOCTYPE" in svg or "<!ENTITY" in svg:
        raise ValueError("DOCTYPE und ENTITY bitte entfernen")
    try:
        root = ElementTree.fromstring(svg.encode())  # noqa: S314 - no entities are left
    except ElementTree.ParseError as error:
        raise ValueError(f"Zeile {error.position[0]}: kein gültiges XML") from error
    if root.tag.rpartition("}")[2] != "svg":
        raise ValueError("das ist keine SVG-Zeichnung")
    for element in root.iter():
        _refuse_deeds(element)
    return svg


def _refuse_deeds(element: ElementTree.Element) -> None:
    name = str(element.tag).rpartition("}")[2]
    if name in ("script", "foreignObject", "image", "animate", "set"):
        raise ValueError(f"das Element <{name}> ist in einem Wappen nicht erlaubt")
    for attribute, value in element.attrib.items():
        plain = attribute.rpartition("}")[2].lower()
        if plain.startswith("on") or (plain == "href" and not value.startswith("#")):
            raise ValueError(f"das Attribut {plain} ist in einem Wappen nicht erlaubt")

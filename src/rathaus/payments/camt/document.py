"""Opens XML from outside without doing anything that it asks for, and finds one's way in it."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cache

from babel.numbers import list_currencies
from lxml import etree

from rathaus.core.money import Money
from rathaus.payments.camt.faults import BadStatement, Fault

LARGEST = 30 * 1024 * 1024
_DECLARED = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_AMOUNT = re.compile(r"\+?(?P<whole>\d{1,13})(?:\.(?P<fraction>\d{0,17}))?", re.ASCII)
_NOTHING = etree.Element("nothing")
_DAY = re.compile(r"\d{4}-\d\d-\d\d(?=$|[TZ+-])", re.ASCII)


class Node:
    """An element whose children are asked for by their names, whatever the namespace."""

    __slots__ = ("_element", "_firsts", "_space")

    def __init__(self, element: etree._Element, space: str) -> None:
        self._element = element
        self._space = space
        self._firsts: dict[str, etree._Element] | None = None

    @property
    def line(self) -> int:
        """Where it stands in the file, counted from 1."""
        return self._element.sourceline or 0

    @property
    def name(self) -> str:
        """Its own, without the namespace."""
        return str(etree.QName(self._element.tag).localname)

    def first(self, path: str) -> "Node | None":
        """The first element there; `A/B` goes down two steps."""
        found = self._first(path)
        return None if found is None else Node(found, self._space)

    def each(self, path: str) -> Iterator["Node"]:
        """All elements there, in the order of the file."""
        for found in self._element.iterfind(_full_path(self._space, path)):
            yield Node(found, self._space)

    def part(self, path: str) -> "Node":
        """Like `first`; where there is none, an empty one."""
        found = self._first(path)
        return Node(_NOTHING if found is None else found, self._space)

    def children(self) -> Iterator["Node"]:
        """The elements directly in it, of any name."""
        return (Node(child, self._space) for child in self._element)

    def required(self, path: str) -> "Node":
        """Like `first`. Raises `BadStatement` where there is none."""
        found = self.first(path)
        if found is None:
            raise BadStatement(Fault.MISSING, self.line, path)
        return found

    def text(self, *paths: str) -> str:
        """The words at the first of these paths that has any, on one line; else empty."""
        for path in paths:
            found = self._first(path)
            if found is not None and found.text and (words := " ".join(found.text.split())):
                return words
        return ""

    def words(self) -> str:
        """Its own words, on one line."""
        return " ".join((self._element.text or "").split())

    def money(self) -> Money:
        """The amount that it is, with its currency. Raises `BadStatement`, also for fractions of a
        cent.
        """
        words = (self._element.text or "").strip()
        found = _AMOUNT.fullmatch(words)
        if found is None:
            raise BadStatement(Fault.BAD_AMOUNT, self.line, words)
        if (found["fraction"] or "").rstrip("0")[2:]:
            raise BadStatement(Fault.TOO_FINE, self.line, words)
        currency = self._element.get("Ccy", "")
        if currency not in _currencies():
            raise BadStatement(Fault.UNKNOWN_CURRENCY, self.line, currency)
        return Money.of(Decimal(words), currency)

    def day(self) -> date:
        """The date in it (`Dt` or `DtTm`), as the bank's calendar has it."""
        words = self.text("Dt", "DtTm") or self.words()
        try:
            if _DAY.match(words):
                return date.fromisoformat(words[:10])
        except ValueError:
            pass
        raise BadStatement(Fault.BAD_DATE, self.line, words)

    def _first(self, path: str) -> etree._Element | None:
        if self._firsts is None:  # asked a dozen times: one look is several times as fast
            children = self._element.iterchildren(reversed=True)
            self._firsts = {child.tag: child for child in children}
        step, more, _rest = path.partition("/")
        found = self._firsts.get(_full_path(self._space, step))
        if found is None or not more:
            return found
        return self._element.find(_full_path(self._space, path))


def open_document(content: bytes) -> tuple[Node, str]:
    """The topmost element and its namespace.

    Raises `BadStatement`. Entities and document types are refused before anything is made of them;
    nothing is fetched.
    """
    if not content.strip():
        raise BadStatement(Fault.EMPTY)
    if len(content) > LARGEST:
        raise BadStatement(Fault.TOO_LARGE)
    if declared := _DECLARED.search(content):
        raise BadStatement(Fault.FORBIDDEN, content.count(b"\n", 0, declared.start()) + 1)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        line = getattr(error, "lineno", None) or 1
        raise BadStatement(Fault.NOT_XML, line) from error
    if root.getroottree().docinfo.internalDTD is not None:  # written in another encoding
        raise BadStatement(Fault.FORBIDDEN, 1)
    space = etree.QName(root.tag).namespace or ""
    return Node(root, space), space


@cache
def _full_path(space: str, path: str) -> str:
    return path if not space else "/".join(f"{{{space}}}{step}" for step in path.split("/"))


@cache
def _currencies() -> frozenset[str]:
    return frozenset(list_currencies())

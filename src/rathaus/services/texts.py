"""The one way long texts are written: a blank line, `- `, `## ` and `[words](address)`.

Foreign HTML is translated into it on import, so no HTML of others is ever stored or shown.
"""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import groupby

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

_LINK = re.compile(r"\[([^\[\]\n]+)\]\(((?:https?://|mailto:|tel:|/(?!/))[^\s()]+)\)")
LINE_BREAK = SafeString("<br>")
_SPACE = re.compile(r"[^\S\n]+")
_BLOCKS = {"p", "div", "ul", "ol", "table", "h1", "h2", "h3", "h4", "h5", "h6"}
_LINES = {"br", "tr"}
_SILENT = {"script", "style", "template"}


def to_html(text: str) -> SafeString:
    """Paragraphs, lists, headings of third level and links; everything else is shown as it is."""
    return format_html_join("\n", "{}", ((_block(block),) for block in _blocks(text)))


def plain(text: str) -> str:
    """The words alone, for search and for previews."""
    without_links = _LINK.sub(r"\1", text)
    return re.sub(r"^(- |## )", "", without_links, flags=re.MULTILINE).strip()


def from_html(html: str) -> str:
    """Translate HTML; unknown tags are dropped and their words kept, scripts and styles vanish."""
    reader = _Translator()
    reader.feed(html)
    reader.close()
    lines = (_SPACE.sub(" ", line).strip() for line in "".join(reader.written).split("\n"))
    text = "\n".join(line for line in lines if line not in ("-", "##"))
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _blocks(text: str) -> Iterator[list[str]]:
    """Lines that belong together: until a blank line, and list items apart from other lines."""
    lines = [line.strip() for line in text.splitlines()]
    for kind, group in groupby(lines, key=_kind):
        if kind == "heading":
            yield from ([line] for line in group)
        elif kind:
            yield list(group)


def _kind(line: str) -> str:
    if line.startswith("## "):
        return "heading"
    return "item" if line.startswith("- ") else "line" if line else ""


def _block(lines: list[str]) -> SafeString:
    kind = _kind(lines[0])
    if kind == "heading":
        return format_html("<h3>{}</h3>", _linked(lines[0][3:]))
    if kind == "item":
        items = format_html_join("", "<li>{}</li>", ((_linked(line[2:]),) for line in lines))
        return format_html("<ul>{}</ul>", items)
    paragraph = format_html_join(LINE_BREAK, "{}", ((_linked(line),) for line in lines))
    return format_html("<p>{}</p>", paragraph)


def _linked(line: str) -> SafeString:
    """Words and links in turn: the split gives words, then link words and address, then words …"""
    pieces = _LINK.split(line)
    parts = [format_html("{}", pieces[0])]
    for words, address, after in zip(pieces[1::3], pieces[2::3], pieces[3::3], strict=True):
        parts += [format_html('<a href="{}">{}</a>', address, words), format_html("{}", after)]
    return format_html_join("", "{}", ((part,) for part in parts))


class _Translator(HTMLParser):
    """Writes our notation while it reads tags."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.written: list[str] = []
        self._silent = 0
        self._link: tuple[str, int] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        elif tag == "li":
            self.written.append("\n- ")
        elif tag in _BLOCKS:
            self._break("\n\n## " if tag[0] == "h" else "\n\n")
        elif tag in _LINES:
            self._break("\n")
        elif tag == "a":
            self._link = (dict(attrs).get("href") or "", len(self.written))

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in _BLOCKS:
            self._break("\n\n")
        elif tag == "a" and self._link is not None:
            self._close_link(*self._link)

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.written.append(data.replace("\n", " "))

    def _break(self, lines: str) -> None:
        """Start a new block; the first paragraph of a list item stays in its line."""
        if not "".join(self.written[-2:]).endswith("\n- "):
            self.written.append(lines)

    def _close_link(self, address: str, start: int) -> None:
        words = _SPACE.sub(" ", "".join(self.written[start:]).replace("\n", " ")).strip(" -")
        link = f"[{words}]({address})"
        if _LINK.fullmatch(link):
            self.written[start:] = [link]
        self._link = None

"""INDEX.HTM of others: a page that shows and does nothing else, however a browser reads it.

A browser reads it as HTML, this reader as XML. Where a ``<`` can only begin one of the elements below,
both see the same tags: so comments, processing instructions and CDATA sections are refused as well.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import BinaryIO, NoReturn

from formats import xml
from formats.errors import FormatFailure, LimitExceeded
from formats.pdlgc import layout
from formats.pdlgc.endings import RUNNING
from formats.pdlgc.errors import PageUnsafe
from formats.previews.preview import DATA_URI, PreviewInvalid, preview_of_uri
from formats.words import mark

MAX_PAGE_BYTES = 256 << 20
"""A dossier of twenty years is a page of some megabytes."""
MAX_DEPTH = 64
"""Elements within each other; a page of ours has twelve."""

_SPACES = ("", "http://www.w3.org/1999/xhtml", "http://www.w3.org/2000/svg")
_LANGUAGE = "http://www.w3.org/XML/1998/namespace lang"
_SHOWING = """
a abbr b body br caption cite code col colgroup dd div dl dt em figcaption figure footer g h1 h2 h3 h4 h5 h6
head header hr html i img li main meta nav ol p path pre s section small span strong style sub sup svg table
tbody td text tfoot th thead time title tr tspan u ul circle ellipse line polygon polyline rect
"""
_ELEMENTS = frozenset(_SHOWING.split())
"""Elements of HTML and SVG that show something; none runs, asks, embeds, refers to a resource or takes a form."""
_NAMES = {f"{space} {name}".lstrip(" "): name for space in _SPACES for name in _ELEMENTS}
"""The elements by their names as they are told, with their namespace."""
_SPECIAL = frozenset({"meta", "style"})
"""Elements of which more than their attributes is judged."""
_DESCRIBING = """
alt aria-label aria-hidden charset class colspan content cx cy d data-label datetime dir fill height href
http-equiv id lang loading name points r role rowspan rx ry scope src stroke title transform viewBox width
x x1 x2 y y1 y2
"""
_ATTRIBUTES = frozenset(_DESCRIBING.split()) | {_LANGUAGE}
_PLACE = re.compile(r"#[\w-]*|[A-Z0-9_]+(?:[./][A-Z0-9_]+)*")
"""Where a link may lead: within the page, or to a file of the archive."""
_METAS = frozenset({"viewport", "referrer", "robots", "generator", "author", "description"})
_POLICY = "content-security-policy"
_FETCHES = re.compile(
    r"\\|@import|url\s*\(|image-set|src\s*\(|expression|(?<!scroll-)behavior|-moz-binding|/\*", re.IGNORECASE
)
"""In a style sheet, what fetches, runs, or hides what does."""


def check_page(page: BinaryIO) -> None:
    """Read INDEX.HTM to its end.

    Raises:
        PageUnsafe: when something in it could run, ask, embed, refer outside, or be read in two ways.
        LimitExceeded: when it is longer than any.
    """
    try:
        xml.stream(page, _Page(), what=layout.INDEX, limit=MAX_PAGE_BYTES, doctype="html")
    except (LimitExceeded, PageUnsafe):
        raise
    except FormatFailure as fault:
        reason = mark("it is not plain XHTML in UTF-8, without comments, instructions and CDATA sections")
        raise PageUnsafe(where=fault.where, reason=reason) from fault


class _Page:
    """A page as it passes."""

    def __init__(self) -> None:
        self._depth = 0
        self._line = 0
        self._styling = False
        self._style = ""

    def start(self, name: str, attributes: Mapping[str, str], line: int) -> None:
        """Judge an element."""
        self._line = line
        local = _NAMES.get(name)
        if local is None or self._styling:
            self._refuse(mark("it holds an element that does more than show"))
        if attributes:
            self._judge_attributes(local, attributes)
        if local in _SPECIAL:
            self._styling = local == "style"
            if local == "meta":
                self._judge_meta(attributes)
        if self._depth >= MAX_DEPTH:
            self._refuse(mark("its elements lie too deep within each other"))
        self._depth += 1

    def end(self) -> None:
        """Judge a style sheet that has ended."""
        self._depth -= 1
        if self._styling:  # nothing lies in a style sheet, so it is what ends
            if _FETCHES.search(self._style):
                self._refuse(mark("its style sheet refers to something"))
            self._style, self._styling = "", False

    def text(self, data: str) -> None:
        """Gather a style sheet; all other text is shown as it is."""
        if self._styling:
            self._style += data
            if len(self._style) > xml.MAX_TOKEN:
                self._refuse(mark("its style sheet refers to something"))

    def _judge_attributes(self, local: str, attributes: Mapping[str, str]) -> None:
        if not _ATTRIBUTES.issuperset(attributes):
            self._refuse(mark("an element has an attribute that does more than show"))
        for key in ("href", "src"):
            if key in attributes:
                place = attributes[key]
                if local == "img" and key == "src" and place.startswith(DATA_URI):
                    self._judge_preview(place)
                    continue
                if not _PLACE.fullmatch(place):
                    self._refuse(mark("it refers to something outside the archive"))
                if place.rpartition(".")[2] in RUNNING:
                    self._refuse(mark("it leads to a file that a browser or a system would run"))

    def _judge_preview(self, uri: str) -> None:
        try:
            preview_of_uri(uri)
        except PreviewInvalid:
            self._refuse(mark("it holds a picture that is no plain small JPEG file"))

    def _judge_meta(self, attributes: Mapping[str, str]) -> None:
        equivalent = attributes.get("http-equiv", _POLICY).lower()
        if equivalent != _POLICY or attributes.get("name", "viewport").lower() not in _METAS:
            self._refuse(mark("it holds an element that does more than show"))

    def _refuse(self, reason: str) -> NoReturn:
        raise PageUnsafe(where=f"{layout.INDEX}:{self._line}", reason=reason)

"""The text of a section (narrative block) as lines of plain text: what its author signed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from formats.cda.elements import elements_at, local_name, plain
from formats.xml import Element

_BLANK = re.compile(r"[ \t\r\n\f]+")
_LINES = frozenset({"paragraph", "item", "caption", "table", "list", "thead", "tbody", "tfoot"})
"""Elements that begin a line and end it."""


def plain_lines(text: Element | None) -> str:
    """Return the narrative ``text``: a line for each paragraph, item and row, the cells of a row parted by ``|``."""
    if text is None:
        return ""
    lines = (_BLANK.sub(" ", line).strip() for line in "".join(_pieces(text)).split("\n"))
    return "\n".join(line for line in lines if line.strip(" |-"))


def _pieces(node: Element) -> Iterator[str]:
    if node.text:
        yield _BLANK.sub(" ", node.text)
    for one in node:
        name = local_name(one)
        if name == "br":
            yield "\n"
        elif name == "tr":
            cells = (*elements_at(one, "th"), *elements_at(one, "td"))
            order = [cell for cell in one if any(cell is other for other in cells)]
            yield "\n" + " | ".join(" ".join("".join(_pieces(cell)).split()) for cell in order) + "\n"
        elif name == "item":
            yield "\n- "
            yield from _pieces(one)
            yield "\n"
        else:
            edge = "\n" if name in _LINES else ""
            yield edge
            yield from _pieces(one)
            yield edge
        if one.tail:
            yield _BLANK.sub(" ", one.tail)


def title_of(section: Element) -> str:
    """Return what a section is called: its title, or the label of its code, or its code."""
    titles = (plain(one) for one in elements_at(section, "title"))
    codes = elements_at(section, "code")
    labels = (one.get(name, "") for one in codes for name in ("displayName", "code"))
    return next(filter(None, (*titles, *labels)), "")

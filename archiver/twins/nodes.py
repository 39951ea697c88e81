"""Nodes of a document: the markup that ``formats.pdlgc.page`` makes, as the JSON that the template typesets.

A node is an object with one key that says what it is, and a text is a JSON string: nothing of a dossier is ever markup.
Labels are in one language by then.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

from archiver.twins.chart_style import styled_drawing
from formats.pdlgc.page.markup import Html, one_language
from formats.xml import Element, parse, xml_text

Node: TypeAlias = dict[str, Any]
Inline: TypeAlias = list[Any]
"""Texts, and nodes that stand in a line."""

MAX_WORD = 28
"""Letters of a word in a table after which a line may break in it: half of a narrow column."""
MAX_LINE_WORD = 80
"""Letters of a word after which a line of the whole width may break in it; a PDF has no texts of 32,768 bytes."""
LINES_TOGETHER = 40
"""Lines of a text that are typeset as one paragraph: a list of PDF/A-1 has no more than 8,191 elements."""
BREAK = "\u200b"
"""Where a line may break unseen."""

SITE_LETTERS = 2
"""Letters of a measure at one site: more are several measures, or a negative one of two digits."""
NARROWEST = 5
UNBROKEN = 17
WIDEST = {"": 26, "wide": 44, "tight": 12, "num": 14}
"""Letters of the narrowest column, of a word that widens its column, and of the widest column of each class."""

_WORD = re.compile(rf"\S{{{MAX_WORD + 1},}}")
_LINE_WORD = re.compile(rf"\S{{{MAX_LINE_WORD + 1},}}")
_TITLES = {"h2": 2, "h3": 3, "h4": 4}
_TONES = frozenset({"good", "warn", "bad", "quiet"})
_BLOCKS = frozenset({"div", "table", "dl", "ul", "p", "h2", "h3", "h4", "svg"})
_DEPTHS = {"deep": 1, "very-deep": 2, "none": 0}
_XMLNS = "{http://www.w3.org/2000/svg}"


def nodes_of(markup: Iterable[Html], language: str = "fr") -> list[Node]:
    """Return the nodes of a section of the page."""
    shown = one_language(Html("".join(markup)), language)
    root = parse(f"<root>{shown}</root>".encode(), what="page", long_texts=True)
    return list(_blocks(root))


def plain_text(markup: Html) -> str:
    """Return the text of a value of the page, in French."""
    lines = (_joined(node) for node in nodes_of([markup])) if markup else ()
    return " ".join("".join(lines).replace(BREAK, "").split("\n")).strip()


def text_node(text: str) -> Node:
    """Return ``text`` line by line: pieces of several lines, and an empty one for each gap."""
    pieces: list[str] = []
    lines: list[str] = []
    for one in _lines(text):
        if not one or len(lines) == LINES_TOGETHER:
            pieces += ["\n".join(lines)] if lines else []
            lines = []
        if one:
            lines.append(one)
        elif pieces and pieces[-1]:
            pieces.append("")
    return {"prose": [*pieces, "\n".join(lines)] if lines else pieces}


def fact_nodes(rows: Iterable[tuple[str, str]]) -> Node:
    """Return labels and values; those without a value are left out."""
    return {"facts": [[[label], [text_node(value)]] for label, value in rows if value]}


def _lines(text: str) -> Iterator[str]:
    return (breakable(line.rstrip(), _LINE_WORD, MAX_LINE_WORD) for line in text.split("\n"))


def breakable(text: str, words: re.Pattern[str] = _WORD, most: int = MAX_WORD) -> str:
    """Return ``text`` with places in its endless words where a line may break."""
    return words.sub(
        lambda word: BREAK.join(word[0][at : at + most] for at in range(0, len(word[0]), most)), text
    )


def _blocks(element: Element) -> Iterator[Node]:
    """Yield what stands in ``element``, one below the other."""
    line: Inline = _text(element.text)
    for child in element:
        name = _name(child)
        if name in _BLOCKS:
            if _says(line):
                yield {"p": line}
            line = []
            yield from _block(child, name)
        else:
            line += _inline(child)
        line += _text(child.tail)
    if _says(line):
        yield {"p": line}


def _block(element: Element, name: str) -> Iterator[Node]:
    css = element.get("class", "").split()
    if name in _TITLES:
        yield {"h": _TITLES[name], "c": _line(element)}
    elif name == "table":
        yield _table(element, css)
    elif name == "dl":
        yield {"facts": [_fact(one) for one in element]}
    elif name == "ul":
        yield {"list": [_line(one) for one in element]}
    elif name == "svg":
        yield _drawing(element)
    elif "prose" in css:
        yield text_node("".join(map(str, element.itertext())))
    elif "note" in css:
        yield {"note": list(_blocks(element))}
    elif "legend" in css:
        yield {"legend": [_line(one) for one in element]}
    elif name == "p":
        yield {"p": _line(element)}
    else:
        yield from _blocks(element)


def _drawing(element: Element) -> Node:
    return {
        "svg": styled_drawing(xml_text(element)),
        "alt": element.get("aria-label", "").partition(" / ")[0],
    }


def _fact(element: Element) -> list[Any]:
    label, value = element[0], element[1]
    return [_line(label), list(_blocks(value))]


def _table(element: Element, css: list[str]) -> Node:
    head: list[Node] = []
    rows: list[list[Node]] = []
    caption: Inline = []
    for part in element:
        if _name(part) == "caption":
            caption = _line(part)
        else:
            lines = [[_cell(cell) for cell in row] for row in part]
            if _name(part) == "thead":
                head = lines[0]
            else:
                rows += lines
    found: Node = {"head": head, "rows": rows, "perio": "perio" in css}
    if not found["perio"]:
        found["widths"] = column_widths(head, rows)
    return {"table": found, "caption": caption} if caption else {"table": found}


def column_widths(head: list[Node], rows: list[list[Node]]) -> list[int]:
    """Return the width of each column in proportion to the others: letters of its longest line, within reason.

    A typesetter that looks at everything in every cell would give the columns of short texts all they ask for, and
    the rest, a letter wide, to the one that has the most to say.
    """
    widths = []
    for at, cell in enumerate(head):
        most = WIDEST[cell.get("css", "")] if cell.get("css", "") in WIDEST else WIDEST[""]
        longest = max((_length(row[at]["c"]) for row in rows if at < len(row)), default=0)
        word = max((_longest_word(row[at]["c"]) for row in rows if at < len(row)), default=0)
        widths.append(max(NARROWEST, min(longest, most), min(word, UNBROKEN), _longest_word(cell["c"])))
    return widths


def _longest_word(content: Any) -> int:
    return max(map(len, re.split(rf"[ \n{BREAK}]", _joined(content))))


def _length(content: Any) -> int:
    """Return the letters of the longest line of nodes."""
    return max(map(len, _joined(content).split("\n")), default=0)


def _joined(content: Any) -> str:
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        return "".join(map(_joined, content))
    if "br" in content:
        return "\n"
    if "prose" in content:
        return "\n" + "\n".join(content["prose"]) + "\n"
    inside = content.get("p") or content.get("c") or content.get("b") or content.get("q") or []
    return f"{_joined(inside)}\n" if "p" in content else _joined(inside)


def _cell(element: Element) -> Node:
    css = element.get("class", "").split()
    made: Node = {"c": _cell_nodes(element)}
    for key, attribute in (("x", "colspan"), ("y", "rowspan")):
        if (count := int(element.get(attribute, "1"))) > 1:
            made[key] = count
    if css:
        made["css"] = css[0]
    if _name(element) == "th":
        made["th"] = 1
    return made


def _cell_nodes(element: Element) -> list[Node]:
    return list(_blocks(element))


def _line(element: Element) -> Inline:
    """Return what stands in ``element``, in one line."""
    line: Inline = _text(element.text)
    for child in element:
        if _name(child) == "div":
            line += [{"br": 1}, *_line(child)]
        else:
            line += _inline(child)
        line += _text(child.tail)
    return line


def _inline(element: Element) -> Inline:
    name, css = _name(element), element.get("class", "").split()
    if name == "br":
        return [{"br": 1}]
    if name == "svg":
        return [_drawing(element) | {"height": int(element.get("height", "0"))}]
    inside = _line(element)
    if "tag" in css:
        return [{"tag": next((one for one in css if one in _TONES), "quiet"), "c": inside}]
    if name == "i":
        return [{"sign": css[0] if css else "", "c": inside}]
    if name == "span" and (element.get("class") == "" or (css and css[0] in _DEPTHS)):
        several = _length(inside) > SITE_LETTERS
        return [
            {"site": _DEPTHS[css[0]] if css else 3, "wide": several, "c": inside}
        ]  # of a periodontal chart
    key = "b" if name in {"b", "strong"} else "q" if "quiet" in css else ""
    return [{key: inside}] if key else inside


def _name(element: Element) -> str:
    return str(element.tag).removeprefix(_XMLNS)


def _text(text: str | None) -> Inline:
    return [breakable(text.replace("✕", "×"))] if text else []


def _says(line: Inline) -> bool:
    return any(not isinstance(one, str) or one.strip() for one in line)

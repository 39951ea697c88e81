"""Write the pages that every package holds as plain text from those about the format; ``--check`` compares.

Markdown is plain text but for three things: a table whose cells are long, a link, and
emphasis. Tables become columns, links their words (and, where they lead to a page that is in
the package too, its name there), emphasis goes, paragraphs are filled; no line has more than
``WIDTH`` characters. What stands between fences or is indented stays as it is: commands are
copied from there.
"""

from __future__ import annotations

import posixpath
import re
import sys
import textwrap
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ROOT / "docs"
TARGETS = ROOT / "archiver" / "instructions" / "docs"
PAGES = {
    "fr/format/open-by-hand.md": "OUVRIR-A-LA-MAIN.fr.txt",
    "en/format/open-by-hand.md": "OPEN-BY-HAND.en.txt",
    "en/format/archive-format-1.md": "FORMAT-1.en.txt",
    "fr/format/archive-format-1.md": "FORMAT-1.fr.txt",
}
"""The name in a package, by the page in docs."""
WIDTH = 100
GAP = "  "
FENCE = "```"
RULES = "=-"
"""What underlines headings of the first levels."""
HEADS = {
    "fr": "(Commandes : entre ```sh et ```. Ce qu’elles affichent : entre ```text et ``` ; … vaut tout texte.)",
    "en": "(Commands: between ```sh and ```. What they print: between ```text and ```; … is any text.)",
}
LINK = re.compile(r"\[([^\]]*)\]\(([^)#\s]*)(?:#[^)\s]*)?\)")
CELLS = re.compile(r"(?<!\\)\|")
ITEM = re.compile(r" *(?:[-*]|\d+\.) +")
CODE = re.compile(r"(`[^`]*`)")
UNBREAKABLE = str.maketrans("\u00a0\u202f", "  ")
"""Spaces that have done their work once the lines are cut; what shows plain text need not know them."""


def link(text: str, source: str) -> str:
    """Return the page ``source`` of docs with every link to a page of the package as a link to its name there."""

    def one(found: re.Match[str]) -> str:
        name, to = found[1], found[2]
        target = PAGES.get(posixpath.normpath(posixpath.join(posixpath.dirname(source), to)))
        if target is None:
            return found[0]
        return f"[{target if name == posixpath.basename(to) else name}]({target})"

    return LINK.sub(one, text)


def plain(text: str, language: str) -> str:
    """Return a page of Markdown as plain text."""
    return "\n".join(_lines(text.splitlines(), language)).translate(UNBREAKABLE) + "\n"


def _lines(lines: Sequence[str], language: str) -> Iterator[str]:
    for kind, part in _parts(lines):
        if kind == "table":
            yield from _columns([[_words(cell).strip() for cell in CELLS.split(row)[1:-1]] for row in part])
        elif kind == "prose":
            yield from _filled(part)
        elif kind == "heading":
            yield from _heading(part[0], language)
        else:
            yield from part


def _parts(lines: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield lines that belong together, and what they are."""
    part: list[str] = []
    before, fenced = "", False
    for line in lines:
        kind = "kept" if fenced or line.startswith(FENCE) else _kind(line)
        fenced ^= line.startswith(FENCE)
        item = kind == "prose" and ITEM.match(line)
        if part and (kind != before or item or kind == "heading"):
            yield before, part
            part = []
        part.append(line)
        before = kind
    yield before, part


def _kind(line: str) -> str:
    if line.startswith("|"):
        return "table"
    if line.startswith("#"):
        return "heading"
    return "prose" if line.strip() and not line.startswith("    ") else "kept"


def _heading(line: str, language: str) -> Iterator[str]:
    marks, _, title = line.partition(" ")
    title = _words(title)
    yield title
    if len(marks) <= len(RULES):
        yield RULES[len(marks) - 1] * len(title)
    if len(marks) == 1:
        yield from ("", HEADS[language])


def _filled(lines: Sequence[str]) -> Iterator[str]:
    """Yield a paragraph, or an item of a list, in lines as long as may be."""
    text = _words(" ".join(line.strip() for line in lines))
    item = ITEM.match(lines[0])
    indent = " " * (len(item[0]) if item else 0)
    lead = " " * (len(lines[0]) - len(lines[0].lstrip()))
    yield from textwrap.wrap(
        lead + text,
        WIDTH,
        subsequent_indent=indent or lead,
        break_on_hyphens=False,
        break_long_words=False,
    )


def _words(line: str) -> str:
    """Return ``line`` without links and emphasis; a link to another page of the package names it."""
    spoken = LINK.sub(_link, line)
    parts = CODE.split(spoken)
    return "".join(part if part.startswith("`") else part.replace("**", "") for part in parts).rstrip()


def _link(found: re.Match[str]) -> str:
    name, to = found[1], found[2]
    return name if to not in PAGES.values() or name == to else f"{name} ({to})"


def _columns(rows: list[list[str]]) -> Iterator[str]:
    if not rows:
        return
    widths = _widths([row for row in rows if not _is_rule(row)])
    for row in rows:
        if _is_rule(row):
            yield GAP.join("-" * width for width in widths)
            continue
        cells = [
            textwrap.wrap(cell.replace("\\|", "|"), width, break_on_hyphens=False) or [""]
            for cell, width in zip(row, widths, strict=True)
        ]
        for parts in zip_longest(*cells, fillvalue=""):
            padded = (part.ljust(width) for part, width in zip(parts, widths, strict=True))
            yield GAP.join(padded).rstrip()


def _is_rule(row: list[str]) -> bool:
    return all(re.fullmatch(r":?-+:?", cell) for cell in row)


def _widths(rows: list[list[str]]) -> list[int]:
    """Return how wide each column becomes: as it likes to be, the widest giving way, words whole if they can be."""
    columns = list(zip(*rows, strict=True))
    widths = [max(1, *map(len, column)) for column in columns]
    words = [max(len(word) for cell in column for word in cell.split() or [""]) for column in columns]
    available = WIDTH - len(GAP) * (len(widths) - 1)
    while sum(widths) > available:
        loose = [place for place, width in enumerate(widths) if width > words[place]]
        widths[max(loose or range(len(widths)), key=widths.__getitem__)] -= 1
    return widths


def files() -> dict[Path, str]:
    """Return each page that a package holds with its text."""
    texts = {}
    for source, target in PAGES.items():
        language = target.rpartition(".txt")[0][-2:]
        texts[TARGETS / target] = plain(
            link((SOURCES / source).read_text(encoding="utf-8"), source), language
        )
    return texts


if __name__ == "__main__":
    from generated_files import write_or_check

    sys.exit(write_or_check(files()))

"""The few elements the page is made of, and the one place where text is escaped."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, NewType, TypeVar

from formats.words import Words

Html = NewType("Html", str)
"""Markup that is safe to write; only this module makes it from outside text."""

NOTHING = Html("")

Row = TypeVar("Row")

_UNSHOWN = (
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    "\u202a-\u202e\u2066-\u2069"  # these make text read backwards, e.g. to disguise a file name
)
_UNPRINTABLE = re.compile(f"[{_UNSHOWN}]")
_NO_PATH = re.compile(r'[\x00-\x20"#%<>?\[\\\]^`{|}\x7f]')
"""Letters of ASCII that stand in no path of a URI, or end it; a folder for a person has names as people give them."""
_ENGLISH = re.compile(' <span class="en" lang="en">(.*?)</span>')
_FRENCH: dict[str, set[str]] = {}
"""The French labels that stand in front of each English one, as far as any were made."""
MAX_LABELS = 4096
"""Labels kept in both languages once made; the page has some 400 of its own, the rest name time zones."""
ROWS_AT_ONCE = 64
"""Rows of a table that are handed on together."""


def html_text(value: str) -> Html:
    """Return ``value`` escaped; what XML cannot hold, and what reverses text, becomes U+FFFD."""
    if not value:
        return NOTHING
    if not value.isprintable():  # nearly every text is, and holds nothing of _UNSHOWN
        value = _UNPRINTABLE.sub("\ufffd", value.replace("\r\n", "\n").replace("\r", "\n"))
    value = value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return Html(value.replace('"', "&quot;").replace("'", "&#39;"))


def place_link(place: str) -> Html:
    """Return the place of a file as the address in a link: what no path of a URI holds is encoded (RFC 3986 §2)."""
    return html_text(_NO_PATH.sub(lambda found: f"%{ord(found[0]):02X}", place))


@lru_cache(MAX_LABELS)
def both(words: Words) -> Html:
    """Return a label in French, then in English where that is another word."""
    if words.fr == words.en:
        return html_text(words.fr)
    french, english = html_text(words.fr), html_text(words.en)
    _FRENCH.setdefault(english, set()).add(french)
    return Html(f'{french} <span class="en" lang="en">{english}</span>')


def one_language(markup: Html, language: str) -> Html:
    """Return markup with every label that ``both`` made in one language, ``fr`` or ``en``."""
    if language == "fr":
        return Html(_ENGLISH.sub("", markup))
    parts = _ENGLISH.split(markup)
    shown = ""
    for text, english in zip(parts[::2], [*parts[1::2], ""], strict=True):
        shown += text
        before = (one for one in _FRENCH.get(english, ()) if shown.endswith(one))
        french = max(before, key=len, default="")
        shown = shown[: len(shown) - len(french)] + english
    return Html(shown)


def inline(words: Words) -> Words:
    """Return a label as it stands inside a line, with small letters first."""
    return Words(words.fr[:1].lower() + words.fr[1:], words.en[:1].lower() + words.en[1:])


@lru_cache(MAX_LABELS)
def flat(words: Words) -> Html:
    """Return a label in both languages for an attribute, where no element can stand."""
    return html_text(words.fr if words.fr == words.en else f"{words.fr} / {words.en}")


def join(parts: Iterable[Html], between: str = " ") -> Html:
    """Return the parts that are not empty, with ``between`` (markup) between them."""
    return Html(between.join(filter(None, parts)))


@lru_cache(MAX_LABELS)
def tag(words: Words, tone: str = "") -> Html:
    """Return a small label; ``tone`` is one of the classes good, warn, bad, quiet."""
    return Html(f'<span class="tag {tone}">{both(words)}</span>')


def prose(value: str) -> Html:
    """Return a longer text with its line breaks."""
    return Html(f'<div class="prose">{html_text(value)}</div>') if value.strip() else NOTHING


def small_text(value: Html) -> Html:
    """Return secondary text."""
    return Html(f'<span class="quiet">{value}</span>') if value else NOTHING


def stack(parts: Iterable[Html]) -> Html:
    """Return the parts one below the other."""
    return join(parts, "<br/>")


@dataclass(frozen=True, kw_only=True, slots=True)
class Fact:
    """A label and what is known under it; empty means not filled in."""

    label: Words
    value: Html


def facts(found: Iterable[Fact]) -> Iterator[Html]:
    """Yield a list of labels and values; what is empty says so."""
    yield Html('<dl class="facts">')
    for fact in found:
        yield Html(f"<div><dt>{both(fact.label)}</dt><dd>{fact.value or NOT_FILLED_IN}</dd></div>")
    yield Html("</dl>\n")


@dataclass(frozen=True, kw_only=True, slots=True)
class TableColumn(Generic[Row]):
    """A column of a table; ``css`` is a class of its cells (num, tight, wide)."""

    label: Words
    cell: Callable[[Row], Html]
    css: str = ""


def table(columns: Sequence[TableColumn[Row]], rows: Sequence[Row]) -> Iterator[Html]:
    """Yield a table of ``rows``; a column that is empty in all of them is left out."""
    shown = [column for column in columns if _fills(column.cell, rows)]
    head = "".join([_heading_cell(column.label, column.css) for column in shown])
    yield Html(f"<table><thead><tr>{head}</tr></thead><tbody>\n")
    opened = [(_cell_start(column.label, column.css), column.cell) for column in shown]
    for first in range(0, len(rows), ROWS_AT_ONCE):
        made = []
        for row in rows[first : first + ROWS_AT_ONCE]:
            cells = "".join([f"{start}{cell(row)}</td>" for start, cell in opened])
            made.append(f"<tr>{cells}</tr>\n")
        yield Html("".join(made))
    yield Html("</tbody></table>\n")


def _fills(cell: Callable[[Row], Html], rows: Sequence[Row]) -> bool:
    for row in rows:  # noqa: SIM110 - for a first row that fills it, a generator costs more than the answer
        if cell(row):
            return True
    return False


@lru_cache(MAX_LABELS)
def _heading_cell(label: Words, css: str) -> Html:
    return Html(f'<th scope="col"{_class(css)}>{both(label)}</th>')


@lru_cache(MAX_LABELS)
def _cell_start(label: Words, css: str) -> Html:
    return Html(f'<td{_class(css)} data-label="{flat(label)}">')


def _class(css: str) -> str:
    return f' class="{css}"' if css else ""


def heading(level: int, words: Html) -> Html:
    """Return a heading inside a section."""
    return Html(f"<h{level}>{words}</h{level}>\n")


NOT_FILLED_IN = tag(Words("non renseigné", "not filled in"), "quiet")
"""Nobody wrote anything; never to be confused with an explicit "none"."""

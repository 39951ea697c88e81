"""A report as a page: strict XHTML that needs no script, one language a page, made to be printed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from formats.pdlgc.page.markup import html_text

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportTable:
    """A section: its title, a sentence before it, the heading and the rows of its table, in words of one language."""

    title: str
    before: str = ""
    heading: Sequence[str] = ()
    rows: Sequence[Sequence[str | int]] = ()


def table_page(
    title: str,
    about: Sequence[str],
    tables: Sequence[ReportTable],
    language: str,
    *,
    after: Iterable[str] = (),
    style: str = "",
    generator: str = "",
) -> Iterator[bytes]:
    """Yield the page in UTF-8; ``about`` are lines under the title, ``after`` is markup below the tables.

    ``style`` takes the place of that of the tables, which it contains; ``generator`` names in the head what made it.
    """
    made = f'<meta name="generator" content="{html_text(generator)}"/>\n' if generator else ""
    parts = _parts(title, about, tables, language, after, made, style or table_style())
    return (part.encode() for part in parts)


def _parts(
    title: str,
    about: Sequence[str],
    tables: Sequence[ReportTable],
    language: str,
    after: Iterable[str],
    made: str,
    style: str,
) -> Iterator[str]:
    yield f'<!DOCTYPE html>\n<html xmlns="http://www.w3.org/1999/xhtml" lang="{language}" xml:lang="{language}">\n'
    yield f'<head>\n<meta charset="utf-8"/>\n{made}'
    yield f'<meta http-equiv="Content-Security-Policy" content="{POLICY}"/>\n'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1"/>\n'
    yield '<meta name="referrer" content="no-referrer"/>\n<meta name="robots" content="noindex"/>\n'
    yield f"<title>{html_text(title)}</title>\n<style>\n{style}</style>\n</head>\n<body>\n"
    lines = "".join(f"<p>{html_text(line)}</p>" for line in about)
    yield f'<header id="top"><h1>{html_text(title)}</h1>\n{lines}</header>\n<main>\n'
    for table in tables:
        yield from _section(table)
    yield from after
    yield "</main>\n</body>\n</html>\n"


def _section(table: ReportTable) -> Iterator[str]:
    yield f"<section>\n<h2>{html_text(table.title)}</h2>\n"
    if table.before:
        yield f"<p>{html_text(table.before)}</p>\n"
    if table.rows:
        columns = zip(table.heading, zip(*table.rows, strict=True), strict=True)
        heading = "".join(_heading(label, cells) for label, cells in columns)
        yield f"<table><thead><tr>{heading}</tr></thead><tbody>\n"
        for row in table.rows:
            cells = zip(table.heading, row, strict=True)
            yield f"<tr>{''.join(_cell(label, cell) for label, cell in cells)}</tr>\n"
        yield "</tbody></table>\n"
    yield "</section>\n"


def _heading(label: str, cells: Sequence[str | int]) -> str:
    """Return the heading of a column: above numbers it stands where they do."""
    css = ' class="num"' if all(isinstance(cell, int) for cell in cells) else ""
    return f'<th scope="col"{css}>{html_text(label)}</th>'


def _cell(label: str, cell: str | int) -> str:
    css = ' class="num"' if isinstance(cell, int) else ""
    return f'<td{css} data-label="{html_text(label)}">{html_text(str(cell))}</td>'


@cache
def table_style() -> str:
    """Return the style of the tables of a page."""
    return files("formats.pdlgc.page").joinpath("style.css").read_text(encoding="utf-8")

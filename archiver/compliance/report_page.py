"""A report as a page: strict XHTML that needs no script, one language a page, made to be printed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import BinaryIO

from archiver import disk
from archiver.errors import AlreadyExists
from formats.pdlgc.page.generator import HEAD_BYTES
from formats.pdlgc.page.markup import NOTHING, Html, html_text
from formats.regular_files import open_regular

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

AUDIT_GENERATOR = "archiver vault audit"
"""What the head of the report of an audit says made it, by which an earlier one is known."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportTable:
    """A section: its title, a sentence before it, the heading and the rows of its table, in words of one language.

    ``figure`` is markup between the sentence and the table.
    """

    title: str
    before: str = ""
    figure: Html = NOTHING
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


def refuse_other_page(target: Path, generator: str) -> None:
    """Refuse a place where anything lies but an earlier page that ``generator`` made.

    Raises:
        AlreadyExists: when something else lies there; NotARegularFile, DiskFault.
    """
    if not target.exists():
        return
    with disk.failures_about(target), open_regular(target) as stream:
        if generator.encode() not in stream.read(HEAD_BYTES):
            raise AlreadyExists(path=str(target))


def open_page(target: Path, generator: str) -> AbstractContextManager[BinaryIO]:
    """Open the page at ``target``; it replaces an earlier one of its ``generator``, and nothing else.

    Raises:
        AlreadyExists, NotARegularFile, DiskFull, DiskFault: as ``refuse_other_page``.
    """
    refuse_other_page(target, generator)
    return disk.write_aside(target, mode=disk.PRIVATE, replace=True)


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
    yield table.figure
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

"""A section: its codes, its narrative as a table, its entries; written one after the other, never whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from formats.cda.codes import LOINC
from formats.cda.writer.entries.entry import EntryContext
from formats.cda.writer.values import (
    TABLE_END,
    CdaCode,
    Cell,
    code_element,
    table_row,
    table_start,
    templates,
)
from formats.xml_markup import Markup, element, text_element, text_markup


@dataclass(frozen=True, kw_only=True, slots=True)
class SectionHead:
    """What a section is: its templates, its LOINC code, the title that a person reads; ``key`` tells it from others."""

    templates: tuple[str, ...]
    code: str
    label: str
    title: str = ""
    key: str = ""

    def start(self, context: EntryContext) -> Markup:
        """Return the beginning of the component, up to its narrative."""
        head = (
            templates(*self.templates),
            context.made_id("section", self.code, self.title, self.key),
            code_element("code", CdaCode(oid=LOINC, code=self.code, label=self.label)),
            text_element("title", self.title or self.label),
        )
        return Markup(f"\n<component><section>{''.join(head)}")


SECTION_END = Markup("</section></component>")


Piece: TypeAlias = tuple[Callable[[], tuple[Cell, ...]], Callable[[], Markup]]
"""What makes the row of a record, and what makes its entry."""


@dataclass(frozen=True, kw_only=True, slots=True)
class EntryTable:
    """Entries and the table in which a person reads them; ``pieces`` gives for each record its row and its entry.

    ``pieces`` is asked twice, once for the rows and once for the entries: neither is kept.
    """

    heads: tuple[str, ...]
    pieces: Callable[[], Iterable[Piece]]
    type_code: str = ""


def table_section(head: SectionHead, table: EntryTable, context: EntryContext) -> Iterator[Markup]:
    """Yield a section with a table and its entries."""
    yield head.start(context)
    yield Markup("<text>")
    yield table_start(*table.heads)
    for row, _ in table.pieces():
        yield table_row(row())
    yield TABLE_END
    yield Markup("</text>")
    for _, entry in table.pieces():
        yield element("entry", entry(), typeCode=table.type_code)
    yield SECTION_END


def text_section(head: SectionHead, lines: Iterable[str], context: EntryContext) -> Iterator[Markup]:
    """Yield a section with nothing but text, a paragraph a line."""
    yield head.start(context)
    yield Markup("<text>")
    for line in lines:
        yield element("paragraph", text_markup(line))
    yield Markup("</text>")
    yield SECTION_END


def group_section(
    head: SectionHead, sections: Iterable[Iterable[Markup]], context: EntryContext
) -> Iterator[Markup]:
    """Yield a section that holds nothing but sections."""
    yield head.start(context)
    for one in sections:
        yield from one
    yield SECTION_END

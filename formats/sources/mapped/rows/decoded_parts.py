"""What decoders find in the cells of a row: each part is the row again, with the columns of the part beside its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from formats.sources.decoder import UnreadCell
from formats.sources.decoders import DECODERS
from formats.sources.mapped.language.declarations import Decoding
from formats.sources.mapped.rows.compile_values import ValueCompiler
from formats.sources.mapped.rows.row import MappedRow


@dataclass(frozen=True, kw_only=True, slots=True)
class CompiledDecoding:
    """A decoding: the name that columns use, and what finds the parts of a row."""

    name: str
    parts: Callable[[MappedRow], tuple[MappedRow, ...]]


def compile_decoding(values: ValueCompiler, name: str, decoding: Decoding) -> CompiledDecoding:
    """Return the decoding ``name`` of the table of ``values``."""
    decoder = DECODERS[decoding.decoder]
    cells = [(column.name, values.cell(column)) for column in decoding.columns]

    def found(row: MappedRow) -> Iterator[MappedRow]:
        for one in decoder.decode({column: cell(row) for column, cell in cells}):
            if isinstance(one, UnreadCell):
                row.unreadable(one.column, one.value, decoder.content, partly=one.partly)
            else:
                yield replace(row, key=f"{row.key}/{one.key}", joined={**row.joined, name: one.cells})

    return CompiledDecoding(name=name, parts=lambda row: tuple(found(row)))

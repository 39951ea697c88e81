"""What decoders find in the cells of a table: how it is declared, and who may use it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from formats.sources.decoders import DECODERS
from formats.sources.mapped.language.declarations import (
    Children,
    Column,
    Decoding,
    Parts,
    RecordDeclaration,
    Scalar,
    Several,
    Value,
)
from formats.sources.mapped.language.faults import MappingFaults
from formats.sources.mapped.language.keys import DECODED
from formats.sources.mapped.language.sections import section
from formats.sources.mapped.language.toml_lines import Path
from formats.words import mark


def decodings(
    faults: MappingFaults, path: Path, raw: Mapping[str, Any], joins: Collection[str]
) -> dict[str, Decoding]:
    """Return what ``raw``, the part ``decoded`` of the table at ``path``, describes; ``joins`` are its joins."""
    found = {}
    for name, one in raw.items():
        where = (*path, "decoded", name)
        keys = section(faults, where, one, DECODED)
        if name in joins:
            sentence = mark("A join of this table has the name “{name}” already.")
            faults.add("mapping-value-unfit", where, sentence, name=name)
        if len(keys) == len(DECODED):
            found[name] = _decoding(faults, where, keys, joins)
    return found


def _decoding(faults: MappingFaults, path: Path, keys: Mapping[str, Any], joins: Collection[str]) -> Decoding:
    decoder, columns = DECODERS[keys["decoder"]], []
    if keys["version"] != decoder.version:
        sentence = mark("This program has version {known} of the decoder {name}.")
        where = (*path, "version")
        faults.add("mapping-value-unfit", where, sentence, known=decoder.version, name=keys["decoder"])
    for written in keys["columns"]:
        join, dot, name = written.partition(".")
        column = Column(name, join) if dot and join in joins else Column(written)
        columns.append(column)
        if not decoder.takes(column.name):
            sentence = mark("“{column}” is no column that the decoder {name} knows: {known}.")
            facts = {"column": column.name, "name": keys["decoder"], "known": decoder.reads}
            faults.add("mapping-value-unfit", (*path, "columns"), sentence, **facts)
    return Decoding(path=path, decoder=keys["decoder"], version=keys["version"], columns=tuple(columns))


def check_parts(
    faults: MappingFaults, decoded: Mapping[str, Decoding], records: Iterable[RecordDeclaration]
) -> None:
    """Note uses of what is decoded where no part is at hand, and of columns that its decoder does not give."""
    for record in records:
        if record.each and record.each not in decoded:
            faults.unknown("mapping-value-unfit", (*record.path, "each"), record.each, decoded)
        at_hand = frozenset({record.each})
        conditions = ((one.column, one.path, at_hand) for one in record.conditions)
        for column, path, parts in (*conditions, *_used(faults, decoded, record.fields.values(), at_hand)):
            if column.join in decoded:
                _check_column(faults, decoded[column.join], column, path, parts)


def _used(
    faults: MappingFaults, decoded: Mapping[str, Decoding], values: Iterable[Value], at_hand: frozenset[str]
) -> Iterator[tuple[Column, Path, frozenset[str]]]:
    """Yield every column of ``values`` with its place, and the decodings of which a part is at hand there."""
    for value in values:
        if isinstance(value, Scalar):
            beside = filter(None, (value.clock, value.content, value.since))
            yield from ((column, value.path, at_hand) for column in (*value.columns, *value.less, *beside))
        elif isinstance(value, Several):
            yield from _used(faults, decoded, value.values, at_hand)
        elif isinstance(value, Parts):
            if value.each not in decoded:
                faults.unknown("mapping-value-unfit", (*value.path, "each"), value.each, decoded)
            yield from _used(faults, decoded, value.fields.values(), at_hand | {value.each})
        elif not isinstance(value, Children):
            yield from _used(faults, decoded, value.fields.values(), at_hand)


def _check_column(
    faults: MappingFaults, decoding: Decoding, column: Column, path: Path, at_hand: Collection[str]
) -> None:
    known = DECODERS[decoding.decoder].columns
    if column.name not in known:
        faults.unknown("mapping-value-unfit", path, column.name, known)
    elif column.join not in at_hand:
        sentence = mark("“{name}” has many parts in a row: write each = “{name}” where one of them is meant.")
        faults.add("mapping-value-unfit", path, sentence, name=column.join)

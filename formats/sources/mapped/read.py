"""Reading a practice as a mapping says: records where it understands, every row word for word.

Order: the practice, then table by table, each after those it refers to; then the tables of which the mapping says
nothing. Memory holds the tables that others look up, 16 bytes for each row that others point to, and the keys of one
table.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

from formats.databases.named_files import NamedFiles
from formats.databases.tables import Cells, SortedSource, SourceTable
from formats.databases.text_order import cell_as_text
from formats.errors import Fact, FolderNotFound, FormatFailure
from formats.findings import Finding, Severity
from formats.folders import files_below
from formats.model.dictionary.kinds import KINDS as KIND_ENTRIES
from formats.model.people import Practice
from formats.model.record import practice_namespace
from formats.reading import EarlierRecords, Item
from formats.sources.mapped.columns import actual_column, credential_columns
from formats.sources.mapped.language.declarations import MappingDeclaration
from formats.sources.mapped.language.faults import near
from formats.sources.mapped.language.references import kinds_made, reference_targets, with_children
from formats.sources.mapped.rows.compile_records import CompiledTable, compile_table, parent_key
from formats.sources.mapped.rows.found_records import FoundRecords, KeyOwners
from formats.sources.mapped.rows.table_reader import MappedTableReader
from formats.words import BilingualText, Counted, mark, plural

ROWS = plural("{count} row", "{count} rows")
NAMED = 5
"""Files a finding repeats."""


class MappingMisfit(FormatFailure):
    """A source that is none of the software that a mapping describes."""

    code = "mapping-misfit"
    sentence = mark("The mapping {mapping} does not fit this source: it has no {missing}.")


class TablesEmpty(FormatFailure):
    """A source without a row."""

    code = "tables-empty"
    sentence = mark("No table with rows was found there: {place}. Name the folder of the exported tables.")


class PracticeKeyMissing(FormatFailure):
    """A source that does not say whose it is, and nobody said it."""

    code = "practice-key-missing"
    sentence = mark(
        "Neither the mapping nor the source says which practice this is: give --practice with its SIRET or FINESS, "
        'or name the column of it in the mapping: [practice] key = "TABLE.COLUMN".'
    )


def read_tables(
    source: SortedSource,
    mapping: MappingDeclaration,
    *,
    practice_key: str | None,
    files: Path | None,
    earlier: EarlierRecords | None = None,
) -> Iterator[Item]:
    """Yield everything that ``source`` holds; ``files`` is the folder of documents, ``practice_key`` a lasting name.

    What rows name and is not there any more stays named if it is among what was collected ``earlier``.

    Raises:
        MappingMisfit: when the source lacks what the patients are read from.
        PracticeKeyMissing: when identities have nothing to hang on.
        SourceUnreachable, LimitExceeded: when the source cannot be read.
    """
    if files is not None and not files.is_dir():
        raise FolderNotFound(path=str(files))
    sources = _sources(source, mapping)
    _require_patients(source, mapping, sources)
    key = practice_key or _key_of_source(source, mapping, sources)
    if not key:
        raise PracticeKeyMissing(where=source.name)
    found = FoundRecords(
        system=mapping.name,
        space=practice_namespace(key).bytes,
        zone=ZoneInfo(mapping.time_zone),
        files=NamedFiles(files) if files else None,
        made={maker: KeyOwners() for maker in reference_targets(mapping.tables)},
        earlier=earlier or EarlierRecords(),
    )
    return _read(source, mapping, sources, found, practice_key=key)


def _read(
    source: SortedSource,
    mapping: MappingDeclaration,
    sources: Mapping[str, SourceTable],
    found: FoundRecords,
    *,
    practice_key: str,
) -> Iterator[Item]:
    yield from source.notices()
    reader = MappedTableReader(source, mapping, found)
    described = any(one.kind is Practice for table in mapping.tables.values() for one in table.records)
    if not described:
        yield Practice(
            id=found.practice, name=practice_key, time_zone=mapping.time_zone, currency=mapping.currency
        )
    for name in mapping.order:
        if name not in sources:
            sentence = mark("The source has no table of this name, which the mapping describes.")
            yield _finding(Severity.WARNING, "mapped-table-missing", name, sentence)
            continue
        compiled = compile_table(mapping, name, sources, found)
        yield from _missing_columns(compiled, sources)
        above = tuple(
            (maker, parent_key(mapping, children, sources, found))
            for maker, children in with_children(mapping.tables)
            if children.table == name
        )
        yield from reader.described(compiled, above)
    yield from _empty_kinds(source, mapping, sources, reader)
    yield from _others(source, mapping, sources, reader)
    yield from _about_files(found)


def _sources(source: SortedSource, mapping: MappingDeclaration) -> dict[str, SourceTable]:
    """Return the tables that the mapping describes and the source has, by their names in the mapping."""
    there = source.tables()
    return {name: there[name.lower()] for name in mapping.tables if name.lower() in there}


def _require_patients(
    source: SortedSource, mapping: MappingDeclaration, sources: Mapping[str, SourceTable]
) -> None:
    table = sources.get(mapping.patients)
    if table is None:
        raise MappingMisfit(where=source.name, mapping=mapping.name, missing=mapping.patients)
    for column in mapping.tables[mapping.patients].key:
        if not actual_column(table, column):
            raise MappingMisfit(
                where=source.name, mapping=mapping.name, missing=f"{mapping.patients}.{column}"
            )


def _key_of_source(
    source: SortedSource, mapping: MappingDeclaration, sources: Mapping[str, SourceTable]
) -> str:
    table, column = mapping.practice_key or ("", "")
    if table not in sources:
        return ""
    name = actual_column(sources[table], column)
    first: Cells = next(source.rows(table.lower()), {})
    plain = unicodedata.normalize("NFKD", cell_as_text(first.get(name)).casefold())
    return re.sub("[^a-z0-9]", "", plain)


def _missing_columns(compiled: CompiledTable, sources: Mapping[str, SourceTable]) -> Iterator[Finding]:
    for table, column in compiled.missing:
        nearest = near(column, sources[table].columns)
        sentence = mark("The table has no column {column}, which the mapping names; it counts as empty.")
        if nearest:
            sentence = mark("The table has no column {column}, which the mapping names; it has {nearest}.")
        yield _finding(
            Severity.WARNING, "mapped-column-missing", table, sentence, column=column, nearest=nearest
        )


def _empty_kinds(
    source: SortedSource,
    mapping: MappingDeclaration,
    sources: Mapping[str, SourceTable],
    reader: MappedTableReader,
) -> Iterator[Finding]:
    """Yield for every kind that the mapping makes, and of which there is no record, why each table gave none."""
    for kind in kinds_made(mapping):
        if reader.made[kind]:
            continue
        for name, table in mapping.tables.items():
            if any(record.kind.kind == kind for record in table.records):
                if name not in sources:
                    reason = mark("the source has no such table")
                elif not source.count(name.lower()):
                    reason = mark("the table has no row")
                else:
                    reason = reader.why_none(kind)
                sentence = mark("No record was made of this table ({kind}): {reason}.")
                named = BilingualText(KIND_ENTRIES[kind].many)
                yield _finding(Severity.NOTE, "mapped-kind-empty", name, sentence, kind=named, reason=reason)


def _others(
    source: SortedSource,
    mapping: MappingDeclaration,
    sources: Mapping[str, SourceTable],
    reader: MappedTableReader,
) -> Iterator[Item]:
    """Yield the rows of the tables that are not described, and say which those are."""
    known = {table.name for table in sources.values()}
    left_out = {name.lower() for name in mapping.left_out}
    for name, table in source.tables().items():
        if table.name in known:
            continue
        rows = source.count(name)
        if name in left_out:
            sentence = mark("This table stays in the source ({rows}), as the mapping says: {reason}")
            reason = next(why for one, why in mapping.left_out.items() if one.lower() == name)
            yield _finding(
                Severity.NOTE,
                "mapped-table-left",
                table.name,
                sentence,
                rows=Counted(rows, ROWS),
                reason=reason,
            )
            continue
        columns = (actual_column(table, one) for one in mapping.patient_columns)
        column = next(filter(None, columns), "")
        if rows:
            sentence = mark("The mapping does not describe this table; it travels word for word ({rows}).")
            yield _finding(
                Severity.NOTE, "mapped-table-undescribed", table.name, sentence, rows=Counted(rows, ROWS)
            )
        yield from reader.verbatim(table.name, table, column, credential_columns(table))


def _about_files(found: FoundRecords) -> Iterator[Finding]:
    if found.unsought:
        sentence = plural(
            "No folder of documents was given: {count} file was not looked for.",
            "No folder of documents was given: {count} files were not looked for.",
        )
        yield _finding(Severity.WARNING, "mapped-no-files", found.system, sentence, count=found.unsought)
    if found.files is None:
        return
    paths = (one for one in files_below(found.files.root) if isinstance(one, Path))
    names = list(found.files.unasked(paths))
    if names:
        sentence = plural(
            "{count} file of the folder of documents is named by no row and was left there: {names}.",
            "{count} files of the folder of documents are named by no row and were left there: {names}.",
        )
        shown = ", ".join(names[:NAMED]) + (" …" if len(names) > NAMED else "")
        where = found.files.root.name
        yield _finding(
            Severity.WARNING, "mapped-files-unlisted", where, sentence, count=len(names), names=shown
        )


def _finding(severity: Severity, code: str, where: str, sentence: str, **facts: Fact) -> Finding:
    return Finding(severity=severity, code=code, where=where, sentence=sentence, facts=facts)

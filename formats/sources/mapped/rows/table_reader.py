"""Tables read one after the other: every row comes out word for word, behind the records it becomes."""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b

from formats.databases.tables import Cells, OversizedValue, SortedSource, SourceTable
from formats.databases.text_order import cell_as_text
from formats.errors import Fact
from formats.findings import Finding, Severity
from formats.model.people import Patient, Practice, Practitioner
from formats.model.provenance import Cell, SourceRow
from formats.reading import Item, Tally
from formats.sources.mapped.columns import actual_column, credential_columns
from formats.sources.mapped.language.declarations import MappingDeclaration
from formats.sources.mapped.language.references import Maker, named_columns, tables_beside
from formats.sources.mapped.rows.compile_records import CompiledRecord, CompiledTable, Key
from formats.sources.mapped.rows.found_records import PRACTICE, FoundRecords, KeyOwners, KeySet
from formats.sources.mapped.rows.notices import Notices
from formats.sources.mapped.rows.row import MappedRow
from formats.sources.mapped.rows.row_groups import ChildRows, lookup
from formats.words import BYTES, Counted, mark, plural

_PLAIN = frozenset({str, int, float, type(None)})
"""Kinds of values that travel as they are."""
_OF_PRACTICE = frozenset({Practice, Practitioner, Patient})
"""Kinds of which a row that is no patient's may become one."""


@dataclass(kw_only=True, slots=True)
class _Run:
    """One table while its rows go by; ``keys`` are those seen, ``repeated`` how often each was seen again."""

    table: SourceTable
    name: str
    credentials: frozenset[str]
    notices: Notices
    keys: KeySet = field(default_factory=KeySet)
    repeated: Counter[str] = field(default_factory=Counter)
    rows: int = 0
    made: int = 0
    unselected: int = 0


class MappedTableReader:
    """Reads the tables of a source as ``mapping`` says, patients before what is theirs."""

    def __init__(self, source: SortedSource, mapping: MappingDeclaration, found: FoundRecords) -> None:
        self._source = source
        self._mapping = mapping
        self._found = found
        self._named = named_columns(mapping)
        self.made: Counter[str] = Counter()
        self._accepted: Counter[str] = Counter()
        self._unread: dict[str, Mapping[str, dict[str, str]]] = {}
        linked = {table.owner.table for table in mapping.tables.values() if table.owner}
        for name in {mapping.patients, *linked}:
            found.rows[name] = KeyOwners()

    def described(self, compiled: CompiledTable, above: tuple[tuple[Maker, Key], ...]) -> Iterator[Item]:
        """Yield what the rows of a table become; ``above`` are the records of parents that its rows went into."""
        declared = compiled.declaration
        named = {actual_column(compiled.source, one) for one in self._named[declared.name]}
        credentials = declared.credentials | (credential_columns(compiled.source) - named)
        run = self._run(declared.name, compiled.source, credentials)
        lookups = [(join, lookup(self._source, self._mapping, join)) for join in compiled.joins]
        groups = [ChildRows(self._source, self._mapping, children) for children in compiled.children]
        column = actual_column(compiled.source, declared.key[0]) if groups else ""
        for cells in self._rows(compiled.source, column):
            row = MappedRow(key="", cells=cells, notices=run.notices)
            row.key = self._key(run, row, compiled.key)
            self._owned(compiled, row)
            if lookups:
                row.joined = {join.name: rows.get(join.key(row), {}) for join, rows in lookups}
            for group in groups:
                row.children.append(group.of(cell_as_text(cells.get(column)), row))
            if compiled.decoded:
                row.parts = {one.name: one.parts(row) for one in compiled.decoded}
            yield from self._read(compiled, run, row, above)
            for group, children in zip(groups, row.children, strict=True):
                group.forget_read(children)
                yield from group.notices.drain()
        for group in groups:
            yield from group.summary()
            self._unread[group.notices.table] = group.unread
        yield from self._summary(run)

    def why_none(self, kind: str) -> str:
        """Return why no record of ``kind`` was made of rows that were read (a gettext sentence)."""
        if not self._accepted[kind]:
            return mark("no “when” accepts a row of it")
        return mark("no row of it holds what such a record needs")

    def verbatim(
        self, name: str, source: SourceTable, column: str, credentials: frozenset[str]
    ) -> Iterator[Item]:
        """Yield the rows of a table that the mapping does not describe; ``column`` holds a patient's key, if any."""
        run = self._run(name, source, credentials)
        patients = self._found.rows[self._mapping.patients]
        for cells in self._rows(source, ""):
            row = MappedRow(key="", cells=cells, notices=run.notices)
            row.key = self._key(run, row, None)
            if column:
                self._of_patient(row, patients.get(cell_as_text(cells.get(column))))
            yield self._source_row(run, row, ())
            yield from run.notices.drain()
        yield from self._summary(run)

    def _run(self, name: str, table: SourceTable, credentials: frozenset[str]) -> _Run:
        actual = frozenset(actual_column(table, one) for one in credentials)
        return _Run(table=table, name=name, credentials=actual, notices=Notices(name))

    def _rows(self, table: SourceTable, column: str) -> Iterator[Cells]:
        name = table.name.lower()
        return self._source.rows_in_text_order(name, column) if column else self._source.rows(name)

    # -- one row ---------------------------------------------------------------------------------

    def _read(
        self, compiled: CompiledTable, run: _Run, row: MappedRow, above: tuple[tuple[Maker, Key], ...]
    ) -> Iterator[Item]:
        made: list[str] = []
        selected = not compiled.records or any(
            one.each and not row.parts[one.each] for one in compiled.records
        )
        for record, at in ((one, at) for one in compiled.records for at in row.made_from(one.each)):
            if not record.accepts(at):
                continue
            selected = True
            self._accepted[record.kind.kind] += 1
            if at.patient is None and record.kind not in _OF_PRACTICE:
                continue
            one = record.make(at)
            if one is None:
                continue
            self.made[record.kind.kind] += 1
            if record.kind is Patient:
                self._patient(record, row)
            elif record.owners is not None:
                record.owners.add(at.key, at.owner)
            yield from row.bodies
            row.bodies.clear()
            yield one
            made.append(one.id)
        for maker, key in above:
            written = key(row)
            if self._found.made[maker].get(written) == row.owner:
                made.append(self._found.id(maker, written))
        run.made += bool(made)
        run.unselected += not made and not selected
        yield self._source_row(run, row, tuple(made))
        yield from run.notices.drain()

    def _patient(self, record: CompiledRecord, row: MappedRow) -> None:
        """Remember a patient, whose own row was read."""
        row.owner = len(self._found.patient_ids)
        self._found.patient_ids.append(row.patient or "")
        self._found.rows[self._mapping.patients].add(row.key, row.owner)
        if record.owners is not None:
            record.owners.add(row.key, row.owner)

    def _owned(self, compiled: CompiledTable, row: MappedRow) -> None:
        """Find out whose row it is, and remember it for the rows that point to this one."""
        name = compiled.declaration.name
        if name == self._mapping.patients:
            row.patient = self._found.id((name, ""), row.key)
            return
        if compiled.owner is not None:
            table, key = compiled.owner
            written = key(row)
            number = self._found.rows[table].get(written) if written else None
            self._of_patient(row, number)
            of_practice = number == PRACTICE and self._mapping.tables[table].owner is None
            if row.patient is None and not of_practice:
                _lost(row, table, written)
        if name in self._found.rows:
            self._found.rows[name].add(row.key, row.owner)

    def _of_patient(self, row: MappedRow, number: int | None) -> None:
        if number is not None and number != PRACTICE:
            row.owner, row.patient = number, self._found.patient_ids[number]

    def _key(self, run: _Run, row: MappedRow, key: Key | None) -> str:
        """Return what tells the row from every other of its table."""
        written = key(row) if key else ""
        if not written:
            if key:
                sentence = mark("This row has no key; its content is taken for one.")
                row.notice(Severity.WARNING, "mapped-key-empty", sentence)
            written = _content_key(row.cells, run.credentials)
        if run.keys.add(written):
            return written
        run.repeated[written] += 1
        again = f"{written}#{run.repeated[written] + 1}"
        if key:
            sentence = mark("Another row of this table has the key {key}; this one is called {again}.")
            run.notices.add(again, Severity.WARNING, "mapped-key-twice", sentence, key=written, again=again)
        return again

    def _source_row(self, run: _Run, row: MappedRow, made: tuple[str, ...]) -> SourceRow:
        run.rows += 1
        earlier = self._unread.get(run.name)
        unread = {**earlier.get(row.key, {}), **row.unread} if earlier else row.unread
        return SourceRow(
            id=self._found.row_id(run.name, row.key),
            patient=row.patient if row.owner != PRACTICE else None,
            system=self._mapping.name,
            table=run.name,
            key=row.key,
            columns=_verbatim(run, row),
            records=made,
            unread=unread,
        )

    def _summary(self, run: _Run) -> Iterator[Item]:
        yield from run.notices.summary()
        if run.credentials:
            sentence = mark("{columns} hold credentials and were left in the source.")
            yield _finding(
                run,
                Severity.NOTE,
                "mapped-credentials-withheld",
                sentence,
                columns=", ".join(sorted(run.credentials)),
            )
        counted = self._source.count(run.table.name.lower())
        if counted != run.rows:
            sentence = mark("The source counts {counted} rows, {read} were read: it changed meanwhile.")
            yield _finding(
                run, Severity.ERROR, "mapped-rows-differ", sentence, counted=counted, read=run.rows
            )
        if run.unselected:
            yield _unselected(run)
        beside = tables_beside(self._mapping.tables, run.name)
        yield Tally(table=run.name, rows=counted, unselected=run.unselected, beside=beside)


def _unselected(run: _Run) -> Finding:
    """Return how many rows no condition of a record chose: every row is a record, set aside, or said otherwise."""
    sentence = plural(
        "No “when” accepts {count} row of {rows}, which travels word for word; {made} became records, "
        "{others} did not for reasons that are said.",
        "No “when” accepts {count} rows of {rows}, which travel word for word; {made} became records, "
        "{others} did not for reasons that are said.",
    )
    return _finding(
        run,
        Severity.NOTE,
        "mapped-rows-unselected",
        sentence,
        count=run.unselected,
        rows=run.rows,
        made=run.made,
        others=run.rows - run.made - run.unselected,
    )


def _lost(row: MappedRow, table: str, key: str) -> None:
    if key in {"", "0"}:
        sentence = mark("This row names no patient; it stays with the practice's own rows.")
        row.notice(Severity.NOTE, "mapped-patient-unnamed", sentence)
    else:
        sentence = mark(
            "This row is of {table} {key}, which is not there; it stays with the practice's own rows."
        )
        row.notice(Severity.WARNING, "mapped-patient-lost", sentence, table=table, key=key)


def _content_key(cells: Cells, credentials: frozenset[str]) -> str:
    """Return a digest of what travels of a row: one of a password would let it be guessed."""
    travelling = sorted(item for item in cells.items() if item[0] not in credentials)
    content = repr(travelling).encode("utf-8", "surrogatepass")
    return blake2b(content, digest_size=12).hexdigest()


def _verbatim(run: _Run, row: MappedRow) -> Mapping[str, Cell]:
    """Return the cells as they travel: bytes as ``base64:…``, without credentials and what is too large."""
    cells = row.cells
    if not run.credentials and _PLAIN.issuperset(map(type, cells.values())):
        return cells  # type: ignore[return-value]  # as was just seen
    travelling: dict[str, Cell] = {}
    for column, value in cells.items():
        if column in run.credentials:
            continue
        if isinstance(value, OversizedValue):
            sentence = mark("The value in {column} has {size}; it was left in the source.")
            row.notice(
                Severity.ERROR,
                "mapped-cell-too-large",
                sentence,
                column=column,
                size=Counted(value.size, BYTES),
            )
        elif isinstance(value, bytes):
            travelling[column] = f"base64:{base64.b64encode(value).decode('ascii')}"
        else:
            travelling[column] = value
    return travelling


def _finding(run: _Run, severity: Severity, code: str, sentence: str, **facts: Fact) -> Finding:
    return Finding(severity=severity, code=code, where=run.name, sentence=sentence, facts=facts)

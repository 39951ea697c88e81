"""Tables of a mapping: their keys, their records, and what must hold between them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from formats.model.dictionary.kinds import KINDS as KIND_ENTRIES
from formats.model.health import HealthStatement
from formats.model.people import Patient, Practice, Practitioner
from formats.model.record import Record
from formats.sources.mapped.language import keys
from formats.sources.mapped.language.declarations import (
    Children,
    Condition,
    Dialect,
    ExplicitNone,
    Link,
    RecordDeclaration,
    Scalar,
    TableDeclaration,
)
from formats.sources.mapped.language.faults import MappingFaults, near
from formats.sources.mapped.language.parse_decoded import check_parts, decodings
from formats.sources.mapped.language.parse_files import dialect_of, file_layout
from formats.sources.mapped.language.parse_values import ValueParser
from formats.sources.mapped.language.references import makers, record_values, with_children
from formats.sources.mapped.language.sections import section
from formats.sources.mapped.language.targets import KINDS, Form, named_key
from formats.sources.mapped.language.toml_lines import Path
from formats.words import mark

KINDS_BY_LABEL: Mapping[str, str] = MappingProxyType(
    {label: kind for kind in KINDS for label in (*KIND_ENTRIES[kind].one, *KIND_ENTRIES[kind].many)}
)
"""Kinds of record by what people call one or several of them, French and English."""


@dataclass(frozen=True, slots=True)
class TableParser:
    """Parses tables; ``codes`` are the code tables by name, ``dialect`` that of files which say nothing else."""

    faults: MappingFaults
    codes: Mapping[str, Mapping[str, str]]
    dialect: Dialect

    def table(self, name: str, raw: Any) -> TableDeclaration:
        """Return the table ``name``, as far as it can be read."""
        path: Path = ("tables", name)
        found = section(self.faults, path, raw, keys.TABLE)
        joins = {
            alias: link
            for alias, one in found.get("joins", {}).items()
            if (link := self._link((*path, "joins", alias), one)) is not None
        }
        decoded = decodings(self.faults, path, found.get("decoded", {}), frozenset(joins))
        parser = ValueParser(self.faults, self.codes, frozenset((*found.get("joins", {}), *decoded)))
        records = [
            record
            for place, one in enumerate(found.get("records", ()))
            if (record := self._record((*path, "records", place), one, parser)) is not None
        ]
        self._check_names(path, records)
        check_parts(self.faults, decoded, records)
        return TableDeclaration(
            name=name,
            path=path,
            file=found.get("file", ""),
            layout=file_layout(self.faults, path, found),
            dialect=dialect_of(self.faults, path, found, self.dialect),
            headings=found.get("columns", ()),
            key=found.get("key", ()),
            owner=self._owner(path, found.get("owner")),
            credentials=frozenset(found.get("credentials", ())),
            joins=MappingProxyType(joins),
            decoded=MappingProxyType(decoded),
            records=tuple(records),
        )

    def _owner(self, path: Path, raw: Any) -> Link | None:
        """Return the link of an owner; a column alone is one to the patients, whose table is known later."""
        if isinstance(raw, str | list):
            return Link("", (raw,) if isinstance(raw, str) else tuple(raw), (*path, "owner"))
        return None if raw is None else self._link((*path, "owner"), raw)

    def _link(self, path: Path, raw: Any) -> Link | None:
        found = section(self.faults, path, raw, keys.LINK)
        if not {"table", "column"} <= found.keys():
            return None
        return Link(found["table"], found["column"], path, found.get("padded", ""))

    def _record(self, path: Path, raw: Any, parser: ValueParser) -> RecordDeclaration | None:
        found = section(self.faults, path, raw, keys.RECORD)
        kind = self._kind(path, found.get("kind", ""))
        if kind is None:
            return None
        none = found.get("none")
        if none is not None and kind is not HealthStatement:
            sentence = mark("Only health_statements say that there is none.")
            self.faults.add("mapping-value-unfit", (*path, "none"), sentence)
        return RecordDeclaration(
            kind=kind,
            path=path,
            name=found.get("name", ""),
            each=found.get("each", ""),
            conditions=tuple(self._conditions((*path, "when"), found.get("when", ()), parser)),
            none=None if none is None else self._none((*path, "none"), none, parser),
            fields=parser.fields((*path, "fields"), found.get("fields", {}), kind),
        )

    def _kind(self, path: Path, word: str) -> type[Record] | None:
        """Return the kind called ``word``, or the one that it may be meant to be, whose fields are looked at then."""
        if word and word not in KINDS:
            self.faults.unknown("mapping-kind-unknown", (*path, "kind"), word, KINDS, called=KINDS_BY_LABEL)
            meant = near(word, {**KINDS_BY_LABEL, **dict.fromkeys(KINDS)})
            word = KINDS_BY_LABEL.get(meant, meant)
        return KINDS.get(word)

    def _none(self, path: Path, raw: Any, parser: ValueParser) -> ExplicitNone:
        found = section(self.faults, path, raw, keys.NONE)
        return ExplicitNone(
            column=parser.column(found.get("column", "")), values=frozenset(found.get("values", ()))
        )

    def _conditions(self, path: Path, raw: Any, parser: ValueParser) -> Iterator[Condition]:
        listed = raw if isinstance(raw, list) else [raw] if raw else []
        for place, one in enumerate(listed):
            where = (*path, place) if isinstance(raw, list) else path
            found = section(self.faults, where, one, keys.CONDITION)
            if isinstance(one, dict) and not one.keys() - {"column"}:
                sentence = mark("A condition needs “is”, “is_not” or “filled”.")
                self.faults.add("mapping-key-missing", where, sentence)
            yield Condition(
                column=parser.column(found.get("column", "")),
                path=where,
                values=frozenset(found["is"]) if "is" in found else None,
                excluded=frozenset(found.get("is_not", ())),
                filled=found.get("filled"),
            )

    def _check_names(self, path: Path, records: list[RecordDeclaration]) -> None:
        for name, times in Counter(record.name for record in records).items():
            if times > 1:
                sentence = mark("Several records of one row are named “{name}”; give each a name of its own.")
                if not name:
                    sentence = mark(
                        "Several records of one row have no “name”: give all but one a name, "
                        "even if each “when” chooses other rows."
                    )
                self.faults.add("mapping-value-unfit", (*path, "records"), sentence, name=name)


def with_owners(tables: Mapping[str, TableDeclaration], patients: str) -> dict[str, TableDeclaration]:
    """Return ``tables`` with the owners that a column alone tells, or that they are the children of a table."""
    of_parents: dict[str, Link] = {}
    for (parent, _), children in with_children(tables):
        of_parents.setdefault(children.table, Link(parent, (children.column,), children.path))
    found = {}
    for name, table in tables.items():
        owner = table.owner or of_parents.get(name)
        if owner is not None and not owner.table:
            owner = replace(owner, table=patients)
        found[name] = table if owner is None or name == patients else replace(table, owner=owner)
    return found


def check_links(faults: MappingFaults, tables: Mapping[str, TableDeclaration]) -> None:
    """Note links, children and references of ``tables`` that lead to none, or to several."""
    for table in tables.values():
        _check_owner(faults, table)
        links = [*table.joins.values(), *([table.owner] if table.owner else [])]
        for link in links:
            _check_link(faults, tables, link.table, len(link.columns), link.path)
        for value in record_values(table.records):
            if isinstance(value, Children):
                _check_children(faults, tables, table, value)
            elif value.target.form is Form.REFERENCE:
                _check_reference(faults, tables, value)


def _check_owner(faults: MappingFaults, table: TableDeclaration) -> None:
    """Note records of a patient in a table that does not say of whom."""
    ownerless = {Practice, Practitioner, Patient}
    patients = any(record.kind is Patient for record in table.records)
    if table.owner is None and not patients and any(one.kind not in ownerless for one in table.records):
        sentence = mark("The rows of this table become records of patients: “owner” must say of whom.")
        faults.add("mapping-key-missing", table.path, sentence)
    if patients and not table.key:
        faults.add("mapping-key-missing", table.path, mark("The table of the patients needs a “key”."))


def _check_link(
    faults: MappingFaults, tables: Mapping[str, TableDeclaration], name: str, parts: int, path: Path
) -> None:
    if name not in tables:
        faults.unknown("mapping-table-unknown", path, name, tables)
    elif not tables[name].key:
        sentence = mark("{table} has no “key”, by which its rows could be found from here.")
        faults.add("mapping-value-unfit", path, sentence, table=name)
    elif len(tables[name].key) != parts:
        sentence = mark(
            "The columns here are not as many as those of the key of {table}: {found}, not {expected}."
        )
        faults.add(
            "mapping-value-unfit", path, sentence, table=name, expected=len(tables[name].key), found=parts
        )


def _check_children(
    faults: MappingFaults, tables: Mapping[str, TableDeclaration], table: TableDeclaration, value: Children
) -> None:
    if value.table not in tables:
        faults.unknown("mapping-table-unknown", value.path, value.table, tables)
    elif len(table.key) != 1:
        sentence = mark("A table with children needs a key of one column.")
        faults.add("mapping-key-missing", table.path, sentence)


def _check_reference(
    faults: MappingFaults, tables: Mapping[str, TableDeclaration], reference: Scalar
) -> None:
    found = makers(tables, reference)
    wanted = reference.options.get("table")
    if wanted is not None and wanted not in tables:
        faults.unknown("mapping-table-unknown", (*reference.path, "table"), wanted, tables)
    elif len(found) != 1:
        sentence = mark(
            "{field} refers to {kind}; records here that become one: {count}. Name “table” and “record”."
        )
        faults.add(
            "mapping-reference-unclear",
            reference.path,
            sentence,
            field=reference.target.named,
            kind=named_key(KIND_ENTRIES[reference.target.refers].many, reference.target.refers),
            count=len(found),
        )
    else:
        parts = 1 if reference.options.get("first_of") else len(reference.columns)
        _check_link(faults, tables, found[0][0], parts, reference.path)

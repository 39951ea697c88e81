"""What is said once of a table when all its rows have gone by, and of the tables left alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from formats.databases.tables import SourceTable
from formats.errors import Fact
from formats.findings import Finding, Severity
from formats.opendental.codes import SYSTEM
from formats.opendental.joins.ownership import OwnershipKeys
from formats.opendental.joins.redaction import ONLY, redacted_columns
from formats.words import mark, plural

LISTED = 20
"""Rows a summary names one by one."""


@dataclass(slots=True)
class TableCounts:
    """What is noted while one table goes by: rows read, rows of several patients, settings kept back."""

    rows: int = 0
    shared: int = 0
    keys: list[str] = field(default_factory=list)
    secrets: int = 0

    def note_shared(self, key: str) -> None:
        """Count a row that names more than one patient."""
        self.shared += 1
        if len(self.keys) < LISTED:
            self.keys.append(key)

    def remarks(self, table: SourceTable, ownership_keys: OwnershipKeys, counted: int) -> Iterator[Finding]:
        """Yield what a person should know of ``table``, which the database says has ``counted`` rows."""
        name = table.name.lower()
        if self.shared:
            yield _remark(
                name,
                "opendental-several-patients",
                plural(
                    "{count} row names more than one patient ({columns}); "
                    "it stays with the first one named: {keys}.",
                    "{count} rows name more than one patient ({columns}); "
                    "each stays with the first one named: {keys}.",
                ),
                count=self.shared,
                columns=", ".join(ownership_keys.patients),
                keys=", ".join(self.keys) + (" …" if self.shared > len(self.keys) else ""),
            )
        yield from _credentials(table)
        if self.secrets:
            yield _remark(
                name,
                "opendental-settings-withheld",
                plural(
                    "The value of {count} setting holds credentials and was left in the database.",
                    "The values of {count} settings hold credentials and were left in the database.",
                ),
                count=self.secrets,
            )
        if counted != self.rows:
            yield Finding(
                severity=Severity.ERROR,
                code="opendental-rows-differ",
                where=name,
                sentence=mark("The database counts {counted} rows, {read} were read: it changed meanwhile."),
                facts={"counted": counted, "read": self.rows},
            )


def _credentials(table: SourceTable) -> Iterator[Finding]:
    name, code = table.name.lower(), "opendental-credentials-withheld"
    if name in ONLY:
        sentence = mark("Of user accounts only {columns} travel, never passwords.")
        yield _remark(name, code, sentence, columns=", ".join(sorted(ONLY[name])))
    elif columns := redacted_columns(table):
        sentence = mark("{columns} hold credentials and were left in the database.")
        yield _remark(name, code, sentence, columns=", ".join(sorted(columns)))


def left_behind(counts: Mapping[str, int], read: Iterable[str]) -> Iterator[Finding]:
    """Say which tables hold rows and were not read, because no row of theirs carries a patient."""
    taken = set(read)
    rest = {name: rows for name, rows in sorted(counts.items()) if rows and name not in taken}
    if rest:
        yield _remark(
            SYSTEM,
            "opendental-tables-left",
            plural(
                "{count} table concerns no patient and was left in the database: {tables}.",
                "{count} tables concern no patient and were left in the database: {tables}.",
            ),
            count=len(rest),
            tables=", ".join(f"{name} ({rows})" for name, rows in rest.items()),
        )


def _remark(where: str, code: str, sentence: str, **facts: Fact) -> Finding:
    return Finding(severity=Severity.NOTE, code=code, where=where, sentence=sentence, facts=facts)

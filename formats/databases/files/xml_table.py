"""An XML file as a table: a repeated element is a row, its attributes and the elements in it are columns.

``element`` of the mapping names the row; without it, rows are the elements in the root, which must all have one name.
What is nested follows the rule of ``nested_row``; names lose their namespaces, and ``_x0020_`` in one is a blank, as
databases write it. The file goes by as events, and rows are put aside.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from formats.databases.files.file_findings import (
    ElementMissing,
    ElementsMixed,
    FileNotices,
    NoTable,
    table_fault,
)
from formats.databases.files.nested_row import NestedRow, check_nesting
from formats.databases.files.row_spool import RowSpool, SpooledTable, SpoolFile, spool_table
from formats.databases.files.table_file import MAX_FILE_BYTES, TableFile
from formats.errors import FormatFailure, LimitExceeded
from formats.regular_files import open_regular
from formats.words import mark, plural
from formats.xml import WITHOUT_DTD, stream_foreign

SHOWN = 8
"""Names of elements that a refusal repeats."""
_NIL = "http://www.w3.org/2001/XMLSchema-instance nil"
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


def open_xml(
    name: str, path: Path, file: TableFile, notices: FileNotices, *, spools: SpoolFile | None = None
) -> SpooledTable:
    """Return the table ``name`` in the file at ``path``, which is read to its end.

    Raises:
        TableUnreadable, LimitExceeded: when it cannot be; NoTable: when its rows are not to be told.
    """
    spool = RowSpool(path.name, spools)
    rows = _Rows(path.name, file.element, spool)
    try:
        with open_regular(path) as stream:
            stream_foreign(stream, rows, what=path.name, limit=MAX_FILE_BYTES)
        rows.finish()
    except (NoTable, LimitExceeded):
        spool.close()
        raise
    except FormatFailure as fault:
        spool.close()
        reason = mark("it is no XML, or is cut")
        if fault.facts.get("format") == WITHOUT_DTD:
            reason = mark("it has a document type (DTD), which is never followed")
        raise table_fault(path.name, int(fault.where.rpartition(":")[2] or 0), reason) from fault
    except BaseException:
        spool.close()
        raise
    if rows.outside:
        sentence = plural(
            "{count} value stands outside the rows and was not read.",
            "{count} values stand outside the rows and were not read.",
        )
        notices.warn("table-values-outside", name, sentence, count=rows.outside)
    return spool_table(name, spool)


@dataclass(slots=True)
class _Element:
    """An element that has begun: its name, its text so far, whether another element began in it."""

    name: str
    nil: bool = False
    texts: list[str] = field(default_factory=list)
    parent: bool = False


@dataclass(slots=True)
class _Rows:
    """Events of one document on their way to rows."""

    name: str
    element: str
    spool: RowSpool
    outside: int = 0
    _open: list[_Element] = field(default_factory=list)
    _row: NestedRow | None = None
    _row_depth: int = 0
    _names: dict[str, None] = field(default_factory=dict)

    def start(self, name: str, attributes: dict[str, str], line: int) -> None:  # noqa: ARG002 - the protocol's
        """Take the beginning of an element."""
        check_nesting(len(self._open), self.name)
        local = _local(name)
        if self._open:
            self._open[-1].parent = True
        if self._row is None and self._is_row(local):
            self._row, self._row_depth = NestedRow(self.name), len(self._open)
        nil = attributes.pop(_NIL, "") in {"true", "1"}
        self._open.append(_Element(local, nil))
        for attribute, value in attributes.items():
            if self._row is not None:
                self._row.add((*self._path(), _local(attribute)), value)
            else:
                self.outside += (
                    " " not in attribute
                )  # xsi:schemaLocation and the like say nothing of a practice

    def end(self) -> None:
        """Take the end of an element."""
        element = self._open[-1]
        text = "".join(element.texts)
        of_row = len(self._open) - 1 == self._row_depth
        if self._row is None:
            self.outside += bool(text.strip())
        elif text.strip() or not (element.parent or of_row):
            self._row.add(self._path() or (element.name,), None if element.nil and not text else text)
        self._open.pop()
        if self._row is not None and of_row:
            self.spool.add(self._row.cells)
            self._row = None

    def text(self, data: str) -> None:
        """Take text within the element that began last."""
        if self._row is not None:
            self._row.grow(len(data))
            self._open[-1].texts.append(data)
        elif data.strip() and len(self._open[-1].texts) < 1:
            self._open[-1].texts.append(data)

    def finish(self) -> None:
        """Say whether the document was a table.

        Raises:
            NoTable: when no element of it was a row, or it could be one of several.
        """
        names = ", ".join(self._names)
        if not self.element and len(self._names) > 1:
            raise ElementsMixed(name=self.name, names=names)
        if self.element and not len(self.spool):
            raise ElementMissing(name=self.name, element=self.element, names=names)

    def _path(self) -> tuple[str, ...]:
        return tuple(one.name for one in self._open[self._row_depth + 1 :])

    def _is_row(self, local: str) -> bool:
        if len(self._names) < SHOWN and self._open:
            self._names.setdefault(local)
        return local == self.element if self.element else len(self._open) == 1


def _local(name: str) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), name.rpartition(" ")[2])

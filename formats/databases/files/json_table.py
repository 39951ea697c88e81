"""A JSON file as a table: an array of objects, or one object after the other (NDJSON); each object is a row.

The file goes by as events (ijson) and rows are put aside; what is nested follows the rule of ``nested_row``. Where the
array stands inside an object, ``rows`` of the mapping names the keys that lead there, with points between.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from formats.databases.files.file_findings import FileNotices, NoTable, RowsElsewhere, table_fault
from formats.databases.files.json_source import JsonSource
from formats.databases.files.nested_row import NestedRow, check_nesting
from formats.databases.files.row_spool import RowSpool, SpooledTable, SpoolFile, number_cell, spool_table
from formats.databases.files.table_file import TableFile
from formats.databases.tables import Value
from formats.regular_files import open_regular
from formats.words import mark, plural

LINES = (".ndjson", ".jsonl")
"""How names of files end in which every object is a row, even where there is only one."""
PIECE = 64 << 10
"""Bytes that the parser gets at a time."""
_STARTS, _ENDS = frozenset({"start_map", "start_array"}), frozenset({"end_map", "end_array"})
_NO_OBJECT = mark("an element of the list is no object")


def open_json(
    name: str, path: Path, file: TableFile, notices: FileNotices, *, spools: SpoolFile | None = None
) -> SpooledTable:
    """Return the table ``name`` in the file at ``path``, which is read to its end.

    Raises:
        TableUnreadable, LimitExceeded: when it cannot be; NoTable: when its rows are not to be told.
    """
    import ijson  # noqa: PLC0415 - few sources have a JSON file

    spool = RowSpool(path.name, spools)
    reader = _Rows(path.name, tuple(filter(None, file.rows.split("."))), spool, lines=_is_lines(path))
    try:
        with open_regular(path) as stream:
            source = JsonSource(stream, path.name)
            for event, value in ijson.basic_parse(source, buf_size=PIECE, multiple_values=True):
                source.waiting = 0
                reader.take(event, value)
        reader.finish()
    except (ijson.JSONError, ValueError) as fault:
        line = len(spool) + 1 if _is_lines(path) else 0
        spool.close()
        raise table_fault(path.name, line, mark("it is no JSON in UTF-8, or is cut")) from fault
    except BaseException:
        spool.close()
        raise
    if reader.outside:
        sentence = plural(
            "{count} value stands outside the rows and was not read.",
            "{count} values stand outside the rows and were not read.",
        )
        notices.warn("table-values-outside", name, sentence, count=reader.outside)
    return spool_table(name, spool)


def _is_lines(path: Path) -> bool:
    return path.suffix.lower() in LINES


@dataclass(slots=True)
class _Rows:
    """Events of one file on their way to rows.

    ``_keys`` are the keys that lead to the present place, ``None`` for a list.
    """

    name: str
    wanted: tuple[str, ...]
    spool: RowSpool
    lines: bool
    outside: int = 0
    _keys: list[str | None] = field(default_factory=list)
    _row: NestedRow | None = None
    _row_depth: int = 0
    _list: Any = None
    _list_depth: int = 0
    _objects: int = 0

    def take(self, event: str, value: Any) -> None:
        """Take the next event."""
        if self._list is not None:
            self._of_list(event, value)
        elif event == "map_key":
            self._keys[-1] = value
        elif event in _STARTS:
            self._start(event)
        elif event in _ENDS:
            self._end()
        elif self._row is not None:
            self._row.add(self._path(), _cell(value))
        elif self._in_rows():
            raise NoTable(name=self.name, reason=_NO_OBJECT)
        else:
            self.outside += 1

    def finish(self) -> None:
        """Say whether the file was a table.

        Raises:
            NoTable: when it was one object, and nothing says that it is a row.
        """
        if self._objects == 1 and not self.lines and not self.wanted:
            raise NoTable(name=self.name, reason=mark("it is one object, and no list of them"))

    def _path(self) -> tuple[str, ...]:
        return tuple(key for key in self._keys[self._row_depth :] if key is not None)

    def _in_rows(self) -> bool:
        """Tell whether the present place is in the array of rows."""
        keys = tuple(self._keys)
        return keys == (*self.wanted, None) or not (keys or self.wanted)

    def _start(self, event: str) -> None:
        check_nesting(len(self._keys), self.name)
        if self._row is not None and event == "start_array":
            self._begin_list()
            return
        if self._row is None and self._in_rows():
            if event == "start_map":
                self._row, self._row_depth = NestedRow(self.name), len(self._keys)
                self._objects += not self._keys
            elif self._keys:
                raise NoTable(name=self.name, reason=_NO_OBJECT)
        self._keys.append("" if event == "start_map" else None)

    def _end(self) -> None:
        self._keys.pop()
        if self._row is not None and len(self._keys) == self._row_depth:
            self.spool.add(self._row.cells)
            self._row = None

    def _begin_list(self) -> None:
        from ijson.common import ObjectBuilder  # noqa: PLC0415 - loaded already

        self._list = ObjectBuilder()
        self._list.event("start_array", None)
        self._list_depth = 1

    def _of_list(self, event: str, value: Any) -> None:
        if event == "start_map" and self._hides_rows():
            raise RowsElsewhere(name=self.name, at=".".join(self._path()))
        self._list.event(event, value)
        self._row_of_list().grow(len(value) if isinstance(value, str) else 8)
        self._list_depth += (event in _STARTS) - (event in _ENDS)
        check_nesting(len(self._keys) + self._list_depth, self.name)
        if not self._list_depth:
            self._row_of_list().add(self._path(), _list_cell(self._list.value))
            self._list = None

    def _row_of_list(self) -> NestedRow:
        if self._row is None:
            raise ValueError(self.name)  # a list is begun in a row alone
        return self._row

    def _hides_rows(self) -> bool:
        """Tell whether the first object of the file is what its rows are in."""
        return not (self.lines or self.wanted or self._row_depth or len(self.spool))


def _cell(value: Any) -> Value:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        number = float(value)
        return number_cell(number) if Decimal(repr(number)) == value else str(value)
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode(
            "utf-8"
        )  # half of a pair of surrogates is no character
    found: Value = number_cell(value) if isinstance(value, int) else None
    return found


def _list_cell(values: list[Any]) -> str:
    texts = list(_plain_texts(values))
    if len(texts) == len(values):
        return "\n".join(texts)
    return json.dumps(values, ensure_ascii=False, default=_exact).encode("utf-8", "replace").decode("utf-8")


def _plain_texts(values: list[Any]) -> Iterator[str]:
    for one in values:
        if isinstance(one, list | dict):
            return
        text = _cell(one)
        if isinstance(text, str) and "\n" in text:
            return
        yield "" if text is None else str(text)


def _exact(value: object) -> Value:
    """Return a decimal number inside a list as a number where that is exact, else as a text."""
    return _cell(value)

"""The rows of the source, word for word: one JSON object a line (NDJSON), UTF-8.

Keys of a line: ``id``, ``patient`` (absent for rows of the practice), ``system``,
``table``, ``key``, ``columns`` (name → text, number, true/false or null, in the
order of the source), ``records`` (identities of what the row was read into) and,
where content it speaks of is missing, ``unread`` (column → why).
JSON has no word for three floating-point values; they travel as
``{"float": "nan"}``, ``{"float": "inf"}`` and ``{"float": "-inf"}``. A row with
halves of surrogate pairs, which broken sources hold and UTF-8 does not, travels
as ``{"wtf-8": …}``: its line in that encoding, as base64.
"""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from formats.errors import LimitExceeded, TableUnreadable
from formats.model.provenance import Cell, SourceRow
from formats.pdlgc import layout
from formats.words import mark

MAX_LINE_BYTES = 256 << 20
"""A row may hold a whole image as base64 text; MariaDB's largest packet is 1 GB, nobody uses a quarter."""

SHOWN = 200
"""Characters of a table and key that a refusal names."""
_TEXTS = ("id", "system", "table", "key")
_NOT_FINITE = frozenset({"nan", "inf", "-inf"})


def write_source_rows(rows: Iterable[SourceRow]) -> Iterator[bytes]:
    """Yield one line for each row, in the order given.

    Raises:
        LimitExceeded: for a line longer than ``MAX_LINE_BYTES``.
    """
    for row in rows:
        line: dict[str, Any] = {"id": row.id}
        if row.patient is not None:
            line["patient"] = row.patient
        line |= {"system": row.system, "table": row.table, "key": row.key}
        line["columns"] = {name: _to_json(cell) for name, cell in row.columns.items()}
        line["records"] = list(row.records)
        if row.unread:
            line["unread"] = dict(row.unread)
        encoded = _encode(line) + b"\n"
        _require_length(encoded, f"{row.table}/{row.key}"[:SHOWN])
        yield encoded


def _require_length(line: bytes, where: str) -> None:
    name = mark("the length of a line in bytes")
    if len(line) > MAX_LINE_BYTES:
        raise LimitExceeded(where=where, name=name, found=len(line), limit=MAX_LINE_BYTES)


class CountedRows:
    """Rows that are counted as they pass."""

    def __init__(self, rows: Iterable[SourceRow]) -> None:
        self._rows = rows
        self.count = 0

    def __iter__(self) -> Iterator[SourceRow]:
        for row in self._rows:
            self.count += 1
            yield row


def _encode(line: dict[str, Any]) -> bytes:
    text = json.dumps(line, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        # As escapes, two halves side by side would be read as the whole they are not.
        exact = base64.b64encode(text.encode("utf-8", "surrogatepass")).decode("ascii")
        return json.dumps({"wtf-8": exact}).encode("ascii")


def _to_json(cell: Cell) -> Any:
    if isinstance(cell, float) and not math.isfinite(cell):
        return {"float": str(cell)}
    return cell


def read_source_rows(stream: BinaryIO, *, name: str = layout.SOURCE) -> Iterator[SourceRow]:
    """Yield the rows of ``stream``, line by line.

    Raises:
        LimitExceeded: for a line longer than ``MAX_LINE_BYTES``.
        TableUnreadable: for a line that is not such an object, with its number.
    """
    number = 0
    while line := stream.readline(MAX_LINE_BYTES + 1):
        number += 1
        _require_length(line, name)
        try:
            yield _row(_decode(line.decode("utf-8")))
        except (ValueError, TypeError, KeyError, RecursionError) as fault:
            reason = mark("it is not a source row")
            raise TableUnreadable(name=name, line=number, reason=reason) from fault


def _decode(text: str) -> Any:
    line = json.loads(text, parse_constant=_refuse, object_pairs_hook=_once)
    if isinstance(line, dict) and set(line) == {"wtf-8"}:
        exact = base64.b64decode(line["wtf-8"], validate=True).decode("utf-8", "surrogatepass")
        return json.loads(exact, parse_constant=_refuse, object_pairs_hook=_once)
    return line


def _row(line: Any) -> SourceRow:
    if not isinstance(line, dict) or set(line) - {*_TEXTS, "patient", "columns", "records", "unread"}:
        raise TypeError
    texts = {key: _text(line[key]) for key in _TEXTS}
    return SourceRow(
        **texts,
        patient=_text(line["patient"]) if "patient" in line else None,
        columns={column: _from_json(cell) for column, cell in _object(line["columns"]).items()},
        records=tuple(_text(record) for record in line["records"]),
        unread={column: _text(reason) for column, reason in _object(line.get("unread", {})).items()},
    )


def _refuse(constant: str) -> Any:
    raise ValueError(constant)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member is named twice")
    return members


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise TypeError
    return value


def _from_json(value: Any) -> Cell:
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, dict) and set(value) == {"float"} and value["float"] in _NOT_FINITE:
        return float(value["float"])
    raise TypeError

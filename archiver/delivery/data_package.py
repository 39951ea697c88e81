"""``datapackage.json``: the CSV tables of a delivery, described for programs (Frictionless Data Package 1)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from archiver.delivery.table_codes import CODE_HEADINGS, coded_columns
from archiver.delivery.table_meanings import HEADINGS, meanings
from archiver.practice.columns import StoreTable

DATA_PACKAGE = "datapackage.json"
_DIALECT = {
    "delimiter": ";",
    "lineTerminator": "\r\n",
    "quoteChar": '"',
    "doubleQuote": True,
    "skipInitialSpace": False,
    "header": True,
}
_TYPES = {int: "integer", float: "number", str: "string"}
_APOSTROPHE = (
    "A text that a spreadsheet would compute, or that begins with an apostrophe, has one apostrophe in front. "
    "Amounts of money are whole cents. Several texts in one cell are parted by a comma and a blank."
)


def data_package(tables: Sequence[StoreTable], lists: Mapping[str, str], at: datetime) -> bytes:
    """Return the description of ``tables``, and of the ``lists`` beside them: ``columns``, ``codes`` by their files."""
    known = {table.name for table in tables}
    headings = {"columns": HEADINGS, "codes": CODE_HEADINGS}
    listed = [
        _resource(name, file, {"fields": [{"name": one, "type": "string"} for one in headings[name]]})
        for name, file in lists.items()
    ]
    document = {
        "profile": "tabular-data-package",
        "name": "dental-records",
        "created": at.isoformat(),
        "description": _APOSTROPHE,
        "resources": [*listed, *(_table(one, known) for one in tables)],
    }
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _resource(name: str, path: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        "name": name,
        "path": path,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8-sig",
        "dialect": _DIALECT,
        "schema": {**schema, "missingValues": [""]},
    }


def _table(table: StoreTable, known: set[str]) -> dict[str, Any]:
    keys = [{"fields": list(fields), "reference": to} for fields, to in _foreign_keys(table, known)]
    schema = {"fields": list(_fields(table)), "primaryKey": list(table.key)}
    return _resource(table.name, f"{table.name}.csv", {**schema, **({"foreignKeys": keys} if keys else {})})


def _fields(table: StoreTable) -> Iterator[dict[str, Any]]:
    types = {one.name: _TYPES[one.type] for one in table.stored if not one.several}
    types |= dict.fromkeys(table.key[1:], "integer")
    enums = {
        one.name: [str(code.value) for code in codes]
        for one, codes in coded_columns(table)
        if not one.several
    }
    for _, name, label_fr, label_en, meaning_fr, meaning_en in meanings(table):
        field = {
            "name": name,
            "type": types.get(name, "string"),
            "title": label_en,
            "description": meaning_en,
        }
        field |= {"title_fr": label_fr, "description_fr": meaning_fr}
        constraints = {"enum": enums[name]} if name in enums else {}
        yield {**field, **({"constraints": constraints} if constraints else {})}


def _foreign_keys(table: StoreTable, known: set[str]) -> Iterator[tuple[Sequence[str], dict[str, Any]]]:
    if table.owner in known:
        yield ["owner"], {"resource": table.owner, "fields": ["id"]}
    for column in table.stored:
        if column.refers in known and not column.several:
            resource = "" if column.refers == table.name else column.refers
            yield [column.name], {"resource": resource, "fields": ["id"]}

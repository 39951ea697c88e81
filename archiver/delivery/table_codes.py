"""Value lists of the tables of a delivery: every code that a column may hold, and what it is called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, get_args, get_type_hints

from archiver.practice.columns import StoreColumn, StoreTable
from formats.model.dictionary.entries import CODES
from formats.words import LANGUAGES, Words

CODE_HEADINGS = ("table", "column", "code", *(f"label_{one}" for one in LANGUAGES))
"""Columns of the table of codes, in their order."""


def codes_of_field(kind: type, field: str) -> Mapping[Any, Words]:
    """Return the words of the vocabulary in the type of a field, where there is one."""
    hint = get_type_hints(kind)[field]
    return next((CODES[part] for part in (hint, *get_args(hint)) if part in CODES), {})


def coded_columns(table: StoreTable) -> Iterator[tuple[StoreColumn, Mapping[Any, Words]]]:
    """Yield the columns of ``table`` that hold codes, each with its vocabulary."""
    found = [(one, table.record_type, one.name) for one in table.columns]
    found += [
        (one, inner, one.name[len(holder) + 1 :])
        for holder, inner, columns, _ in table.values
        for one in columns
    ]
    for column, kind, field in found:
        if codes := codes_of_field(kind, field):
            yield column, codes


def code_rows(table: StoreTable) -> Iterator[tuple[str, ...]]:
    """Yield a row of the table of codes for each code that a column of ``table`` may hold."""
    for column, codes in coded_columns(table):
        for code, words in codes.items():
            labels = (getattr(words, one) for one in LANGUAGES)
            yield (table.name, column.name, str(code.value), *labels)

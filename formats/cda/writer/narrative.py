"""Records as tables that a person reads, in French, with the labels of the dictionary; their entries lie elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from formats.cda.writer.entries.entry import EntryContext
from formats.cda.writer.values import TABLE_END, Cell, shown_date, table_row, table_start, text_lines
from formats.model.dates import PartialDate
from formats.model.dictionary.entries import code_words, labels
from formats.model.observations import ObservedValue
from formats.model.record import Record
from formats.xml_markup import Markup, element, text_element, text_markup

_NOT_SHOWN = frozenset({"id", "patient"})


def record_table(records: Sequence[Any], context: EntryContext, *names: str) -> Iterator[Markup]:
    """Yield a table of ``records`` of one kind: the fields ``names``, each where any of them says something."""
    kind = type(records[0])
    shown = [name for name in names if any(_says_something(getattr(one, name)) for one in records)]
    if not shown:
        return
    yield table_start(*(labels(kind)[name].fr for name in shown))
    for one in records:
        yield table_row(tuple(_cell(getattr(one, name), name, context) for name in shown))
    yield TABLE_END


def field_names(kind: type[Record], *left_out: str) -> tuple[str, ...]:
    """Return the names of the fields of ``kind`` that a person is shown, in their order, but those ``left_out``."""
    hidden = {*_NOT_SHOWN, *left_out}
    return tuple(one.name for one in fields(kind) if one.name not in hidden)


def caption(text: str) -> Markup:
    """Return a line above what follows it."""
    return element("paragraph", text_element("content", text, styleCode="Bold"))


def paragraphs(text: str) -> Markup:
    """Return a text, a paragraph a line."""
    return Markup("".join(element("paragraph", text_markup(line)) for line in text_lines(text)))


def _says_something(value: Any) -> bool:
    return value not in ("", None, ())


def _cell(value: Any, name: str, context: EntryContext) -> Cell:
    if isinstance(value, str) and not isinstance(value, StrEnum) and "\n" in value:
        return Cell(tuple((line, "") for line in text_lines(value)))
    return Cell.of(display_text(value, name, context))


def display_text(value: Any, name: str, context: EntryContext) -> str:
    """Return the value of the field ``name`` as a person reads it."""
    if not _says_something(value):
        return ""
    if name == "practitioner":
        return context.shown_practitioner(value)
    if name.endswith("_cents"):
        return f"{'-' if value < 0 else ''}{abs(value) // 100},{abs(value) % 100:02}"
    if isinstance(value, tuple):
        return ", ".join(filter(None, (display_text(one, name, context) for one in value)))
    return _shown_alone(value)


def _shown_alone(value: Any) -> str:
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, StrEnum):
        return code_words(value).fr
    if isinstance(value, datetime):
        return f"{shown_date(value.date())} {value:%H:%M}"
    return shown_date(value) if isinstance(value, date | PartialDate) else str(value)


def result_words(result: ObservedValue) -> str:
    """Return a result as a person reads it: value with unit, or text; its range; what the laboratory says of it."""
    number = "" if result.value is None else f"{result.comparator or ''}{result.value} {result.unit}".strip()
    ends = " – ".join(str(one) for one in (result.low, result.high) if one is not None)
    ranged = result.range_text or ends
    judged = code_words(result.interpretation).fr if result.interpretation else ""
    return " ".join(filter(None, (number, result.text, f"[{ranged}]" if ranged else "", judged)))

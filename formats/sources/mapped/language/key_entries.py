"""Entries of keys: what one may hold, and what it means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from formats.words import mark


class Shape(StrEnum):
    """What a key may hold."""

    TEXT = "text"
    TEXTS = "texts"
    NAME = "name"
    WHOLE = "whole"
    WHOLES = "wholes"
    BOOLEAN = "boolean"
    CHOICE = "choice"
    COLUMN = "column"
    COLUMNS = "columns"
    OWNER = "owner"
    CODES = "codes"
    CONDITIONS = "conditions"
    SCALAR = "scalar"
    SECTION = "section"
    SECTIONS = "sections"
    FIELDS = "fields"


SHAPES: Mapping[Shape, str] = {
    Shape.TEXT: mark("text"),
    Shape.TEXTS: mark("text, or list of texts"),
    Shape.NAME: mark("small letters, digits and hyphens, a letter first"),
    Shape.WHOLE: mark("whole number"),
    Shape.WHOLES: mark("list of whole numbers"),
    Shape.BOOLEAN: mark("true or false"),
    Shape.CHOICE: mark("one of its words"),
    Shape.COLUMN: mark("a column, or JOIN.COLUMN"),
    Shape.COLUMNS: mark("a column, or a list of columns"),
    Shape.OWNER: mark("a column, a list of columns, or { table = …, column = … }"),
    Shape.CODES: mark("a name of [codes], or a table from value to word"),
    Shape.CONDITIONS: mark("a condition, or a list of conditions"),
    Shape.SCALAR: mark("text, number, true or false"),
    Shape.SECTION: mark("table"),
    Shape.SECTIONS: mark("list of tables"),
    Shape.FIELDS: mark("table of fields"),
}
"""What each shape is called."""


@dataclass(frozen=True, slots=True)
class KeyEntry:
    """Entry of one key; ``choices`` are the words of a CHOICE."""

    meaning: str
    shape: Shape
    required: bool = field(default=False, kw_only=True)
    choices: tuple[str, ...] = field(default=(), kw_only=True)

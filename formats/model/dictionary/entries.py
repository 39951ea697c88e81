"""The data dictionary as a whole: entries by kind of record and value, words by vocabulary."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import fields, is_dataclass
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import Any

from formats.model.dictionary import (
    care,
    devices,
    documents,
    health,
    identity,
    imaging,
    money,
    mouth,
    observations,
    people,
    provenance,
    record,
)
from formats.model.dictionary.entry import Codes, FieldEntry, Fields, Privacy
from formats.words import Words

_MODULES = (
    record,
    identity,
    people,
    health,
    observations,
    mouth,
    care,
    devices,
    documents,
    imaging,
    money,
    provenance,
)

FIELDS: Fields = {kind: declared for module in _MODULES for kind, declared in module.FIELDS.items()}
"""Entries of the fields that each kind of record, or of value inside one, declares itself."""

CODES: Codes = {
    vocabulary: words
    for module in (identity, people, health, observations, mouth, care, imaging, money)
    for vocabulary, words in module.CODES.items()
}
"""What the words of every vocabulary are called."""

ABOUT_CARE = frozenset({Privacy.CARE, Privacy.THIRD_PARTY, Privacy.PERSONAL_NOTE})
"""Everything but administration."""
EVERY_CLASS = frozenset(Privacy)


@cache
def entries_of(kind: type) -> Mapping[str, FieldEntry]:
    """Return the entries of all fields of ``kind``, those it inherits included, in the order of the fields.

    Raises:
        LookupError: for a field without an entry.
    """
    return MappingProxyType({one.name: _entry(kind, one.name) for one in fields(kind)})


def _entry(kind: type, name: str) -> FieldEntry:
    for declaring in kind.__mro__:
        found = FIELDS.get(declaring, {}).get(name)
        if found is not None:
            return found
    raise LookupError(f"the dictionary has no entry for {kind.__name__}.{name}")


def labels(kind: type) -> Mapping[str, Words]:
    """Return the labels of the fields of ``kind``, by field."""
    return {name: entry.label for name, entry in entries_of(kind).items()}


def code_words(code: StrEnum) -> Words:
    """Return what a word of the model is called."""
    return CODES[type(code)][code]


def fields_of_class(kind: type, classes: Collection[Privacy]) -> tuple[str, ...]:
    """Return the fields of ``kind``, a record or a value inside one, that are of one of ``classes``."""
    return tuple(name for name, entry in entries_of(kind).items() if entry.privacy in classes)


def values_of_class(record: Any, classes: Collection[Privacy]) -> Iterator[Any]:
    """Yield the text, numbers, dates and codes in fields of ``classes``: all of a value whose own field is of one."""
    within = fields_of_class(type(record), classes)
    for one in fields(record):
        for content in _contents(getattr(record, one.name)):
            if is_dataclass(content):
                yield from values_of_class(content, EVERY_CLASS if one.name in within else classes)
            elif one.name in within:
                yield content


def _contents(content: Any) -> Iterator[Any]:
    if isinstance(content, Mapping):
        yield from content.values()
    elif isinstance(content, tuple):
        yield from content
    elif content is not None:
        yield content

"""Sections of a mapping: which keys stand in one, and whether each holds what the language says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from formats.sources.mapped.language.faults import MappingFaults
from formats.sources.mapped.language.key_entries import SHAPES, KeyEntry, Shape
from formats.sources.mapped.language.toml_lines import Path
from formats.words import mark

_NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")
_TYPES: Mapping[Shape, tuple[type, ...]] = {
    Shape.WHOLE: (int,),
    Shape.WHOLES: (list,),
    Shape.BOOLEAN: (bool,),
    Shape.COLUMN: (str,),
    Shape.TEXT: (str,),
    Shape.NAME: (str,),
    Shape.CHOICE: (str,),
    Shape.SCALAR: (str, int, float, bool),
    Shape.SECTION: (dict,),
    Shape.FIELDS: (dict,),
    Shape.OWNER: (str, list, dict),
    Shape.CODES: (str, dict),
    Shape.CONDITIONS: (dict, list),
    Shape.SECTIONS: (list,),
    Shape.TEXTS: (str, list),
    Shape.COLUMNS: (str, list),
}
_INSIDE: Mapping[Shape, type] = {Shape.SECTIONS: dict, Shape.CONDITIONS: dict, Shape.WHOLES: int}
"""What lists of each shape hold; texts, if nothing else."""


def section(faults: MappingFaults, path: Path, raw: Any, entries: Mapping[str, KeyEntry]) -> dict[str, Any]:
    """Return the keys of ``raw`` that hold what ``entries`` say, lists of texts as tuples; all else is a fault."""
    if not isinstance(raw, dict):
        expect_shape(faults, path, Shape.SECTION)
        return {}
    good: dict[str, Any] = {}
    for key, value in raw.items():
        if key not in entries:
            faults.unknown("mapping-key-unknown", (*path, key), key, entries)
        elif _fits(faults, (*path, key), value, entries[key]):
            texts = entries[key].shape in {Shape.TEXTS, Shape.COLUMNS, Shape.WHOLES}
            good[key] = (value,) if texts and isinstance(value, str) else tuple(value) if texts else value
    for key, entry in entries.items():
        if entry.required and key not in raw:
            faults.add(
                "mapping-key-missing",
                path,
                mark("The key “{key}” is missing: {meaning}"),
                key=key,
                meaning=entry.meaning,
            )
    return good


def expect_shape(faults: MappingFaults, path: Path, shape: Shape) -> None:
    """Note that something else stands at ``path`` than what the language expects there."""
    faults.add("mapping-value-unfit", path, mark("Expected here: {shape}."), shape=SHAPES[shape])


def _fits(faults: MappingFaults, path: Path, value: Any, entry: KeyEntry) -> bool:
    right = isinstance(value, _TYPES[entry.shape])
    if isinstance(value, bool) and bool not in _TYPES[entry.shape]:
        right = False
    if right and isinstance(value, list):
        right = all(type(one) is _INSIDE.get(entry.shape, str) for one in value)
    if right and entry.shape is Shape.NAME:
        right = bool(_NAME.fullmatch(value))
    if right and entry.shape is Shape.CHOICE and value not in entry.choices:
        faults.unknown("mapping-value-unfit", path, value, entry.choices)
        return False
    if not right:
        expect_shape(faults, path, entry.shape)
    return right

"""How the files of a mapping's tables are written: dialects of text, and where rows lie in other kinds of files."""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from encodings.aliases import aliases
from pathlib import PurePath
from typing import Any

from formats.databases.files.kinds import CALENDAR, PUT_ASIDE, WORKBOOKS
from formats.sources.mapped.language import keys
from formats.sources.mapped.language.declarations import Dialect, FileLayout
from formats.sources.mapped.language.faults import MappingFaults, near
from formats.sources.mapped.language.toml_lines import Path
from formats.words import mark

MAX_WIDTH = 65_536
"""Characters of one column, and bytes of one record; a record of a table of twenty years has some 3,000."""
USUAL = ("utf-8", "utf-16", "cp1252", "cp850", "cp437", "latin-1", "iso-8859-15", "mac_roman")
"""Encodings of the software of practices, which a mistyped one is likely to be."""
_KINDS = (
    (mark("a workbook"), frozenset({"sheet"})),
    (mark("JSON"), frozenset({"rows"})),
    (mark("XML"), frozenset({"element"})),
    (mark("records of fixed width"), frozenset({"widths", "record", "number"})),
    (mark("delimited text"), frozenset({"separator", "quotes"})),
)
"""Kinds of files, and the keys that only one of each has."""
_BY_ENDING = {
    **dict.fromkeys(PUT_ASIDE, mark("JSON")),
    ".xml": mark("XML"),
    ".dbf": mark("dBase"),
    CALENDAR: mark("a calendar"),
    **dict.fromkeys(WORKBOOKS, mark("a workbook")),
}
"""Kinds of files that the end of a name tells."""
_OF_ENDING = frozenset({"sheet", "separator", "quotes"})
"""Keys that do not say by themselves of which kind a file is."""
_OWN_ENCODINGS = {
    "JSON": mark("it is UTF-8, or UTF-16 with its mark"),
    "XML": mark("its first line names its encoding"),
    "a calendar": mark("it is UTF-8"),
    "a workbook": mark("it knows its own"),
}
"""Kinds of files of which no mapping says how their text is written, and what does."""


def dialect_of(faults: MappingFaults, path: Path, found: Mapping[str, Any], default: Dialect) -> Dialect:
    """Return the dialect that the keys ``found`` at ``path`` describe; what they do not say is that of ``default``."""
    encoding = found.get("encoding", "")
    if encoding and not _is_text_encoding(encoding):
        words = USUAL if near(encoding, USUAL) else (*USUAL, *sorted(set(aliases.values()) - set(USUAL)))
        faults.unknown("mapping-value-unfit", (*path, "encoding"), encoding, words)
    return Dialect(**{name: found.get(name, getattr(default, name)) for name in keys.DIALECT})


def file_layout(faults: MappingFaults, path: Path, found: Mapping[str, Any]) -> FileLayout:
    """Return where the rows of the table at ``path`` lie in its file."""
    named = [(kind, min(known & found.keys())) for kind, known in _KINDS if known & found.keys()]
    for kind, key in named[1:]:
        sentence = mark("“{key}” is of {kind}, and “{other}” of {first}: a table lies in one file.")
        first, other = named[0]
        faults.add(
            "mapping-value-unfit", (*path, key), sentence, key=key, kind=kind, other=other, first=first
        )
    _check_heeded(faults, path, found, next((kind for kind, _ in named), ""))
    _check_widths(faults, path, found)
    layout = {key: found[key] for key in keys.LAYOUT if key in found}
    return FileLayout(**layout, own_encoding="encoding" in found)


def _check_heeded(faults: MappingFaults, path: Path, found: Mapping[str, Any], of_keys: str) -> None:
    """Note the keys that say nothing of a file, whose kind other keys tell, or the end of its name."""
    ending = PurePath(found.get("file", "")).suffix.lower()
    kind = of_keys or _BY_ENDING.get(ending, "")
    if "encoding" in found and kind in _OWN_ENCODINGS:
        sentence = mark("“encoding” says nothing of {kind}: {expected}. Leave it out.")
        expected = _OWN_ENCODINGS[kind]
        faults.add("mapping-value-unfit", (*path, "encoding"), sentence, kind=kind, expected=expected)
    by_ending = _BY_ENDING.get(ending, "")
    for kind, keys_of_kind in _KINDS:
        for key in (
            sorted(keys_of_kind & _OF_ENDING & found.keys()) if by_ending and kind != by_ending else ()
        ):
            sentence = mark("“{key}” is of {kind}, and the file {file} is {other}.")
            faults.add(
                "mapping-value-unfit",
                (*path, key),
                sentence,
                key=key,
                kind=kind,
                file=found["file"],
                other=by_ending,
            )


def _check_widths(faults: MappingFaults, path: Path, found: Mapping[str, Any]) -> None:
    widths, record = found.get("widths", ()), found.get("record")
    if widths and len(widths) != len(found.get("columns", ())):
        sentence = mark("“widths” has {found}, “columns” has {expected}: it takes as many of both.")
        expected = len(found.get("columns", ()))
        faults.add("mapping-value-unfit", (*path, "widths"), sentence, found=len(widths), expected=expected)
    for place, width in enumerate(widths):
        if not 0 < width <= MAX_WIDTH:
            sentence = mark("A width is from 1 to {most}; here: {found}.")
            faults.add("mapping-value-unfit", (*path, "widths", place), sentence, found=width, most=MAX_WIDTH)
    if "widths" in found and not widths:
        faults.add("mapping-value-unfit", (*path, "widths"), mark("There is no width in it."))
    for key, needed in (("record", "widths"), ("number", "record")):
        if key in found and needed not in found:
            sentence = mark("“{key}” needs “{needed}”.")
            faults.add("mapping-key-missing", (*path, key), sentence, key=key, needed=needed)
    if record is not None and not sum(widths) <= record <= MAX_WIDTH:
        sentence = mark("A record has its widths at least, {least}, and {most} bytes at most; here: {found}.")
        faults.add(
            "mapping-value-unfit",
            (*path, "record"),
            sentence,
            found=record,
            least=sum(widths),
            most=MAX_WIDTH,
        )


def _is_text_encoding(name: str) -> bool:
    try:
        "a".encode(codecs.lookup(name).name)
    except (LookupError, UnicodeError, TypeError):
        return False
    return True

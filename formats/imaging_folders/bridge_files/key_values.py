"""Lines of keys and values, with or without sections, as bridge files of Trophy and Carestream have them."""

from __future__ import annotations

import io
from collections.abc import Iterator

from formats.errors import TableUnreadable
from formats.imaging_folders.bridge_files.statement import MAX_FILE_BYTES, BridgeUnreadable
from formats.tables.delimited import text_encoding
from formats.words import mark


def key_values(data: bytes, place: str) -> Iterator[tuple[str, str, str]]:
    """Yield section, key and value of each line, keys and sections in capitals; a line without ``=`` is a value.

    Text is UTF-8, UTF-16 with its mark, Windows-1252, or code page 850 where more letters of that stand in it.

    Raises:
        BridgeUnreadable: when it is no text.
    """
    stream = io.BytesIO(data)
    try:
        text = data.decode(text_encoding(stream, place, limit=MAX_FILE_BYTES))
    except (TableUnreadable, UnicodeDecodeError) as fault:
        raise BridgeUnreadable(where=place, reason=mark("it is no text")) from fault
    if "\0" in text:
        raise BridgeUnreadable(where=place, reason=mark("it is no text"))
    section = ""
    for line in filter(None, map(str.strip, text.splitlines())):
        if line.startswith("[") and line.endswith("]"):
            section = line[1:-1].strip().upper()
            continue
        key, equals, value = line.partition("=")
        yield section, key.strip().upper() if equals else "", value.strip() if equals else line


def verbatim_columns(lines: list[tuple[str, str, str]]) -> dict[str, str]:
    """Return values by their keys, and each further value of a key under a name of its own: nothing is lost."""
    found: dict[str, str] = {}
    for number, (section, key, value) in enumerate(lines, start=1):
        name = f"{section}.{key}" if section else key
        found[name if key and name not in found else f"{name or 'line'}#{number}"] = value
    return found

"""The list of names, read back: where in the archive each file lies."""

from __future__ import annotations

from typing import BinaryIO

from formats.errors import TableUnreadable
from formats.pdlgc import layout
from formats.pdlgc.tables import read_rows
from formats.words import mark

COLUMNS = ("name", "original_name", "title", "sha256", "size", "media_type", "records")
"""Columns of ``DATA/NAMES.CSV``; ``records`` are ``kind/identity``, separated by a space."""


def read_places(stream: BinaryIO) -> dict[str, str]:
    """Return the place of every file by SHA-256, from the list of names.

    Raises:
        TableUnreadable: when one digest has two places.
    """
    places: dict[str, str] = {}
    for line, row in enumerate(read_rows(stream, COLUMNS, name=layout.NAMES), 2):
        if places.setdefault(row["sha256"], row["name"]) != row["name"]:
            raise TableUnreadable(name=layout.NAMES, line=line, reason=mark("one file has two places"))
    return places

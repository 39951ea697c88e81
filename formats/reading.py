"""What a reader of an outside source yields, one item at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from formats.findings import Finding
from formats.model.documents import Attachment
from formats.model.record import Record


@dataclass(frozen=True, kw_only=True, slots=True)
class FileBody:
    """The bytes behind an attachment; ``open`` may be called more than once."""

    attachment: Attachment
    open: Callable[[], BinaryIO]


@dataclass(frozen=True, kw_only=True, slots=True)
class Tally:
    """How many rows the source itself counts in ``table``; one per table read, after its rows."""

    table: str
    rows: int


Item = Record | FileBody | Finding | Tally

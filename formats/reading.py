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
    """The bytes behind an attachment; ``open`` may be called more than once.

    ``header_facts`` is what a reader of its format found in its header and a writer of that format
    will ask for, in a form that only they know and check; empty where there is none.
    """

    attachment: Attachment
    open: Callable[[], BinaryIO]
    header_facts: bytes = b""


@dataclass(frozen=True, kw_only=True, slots=True)
class Tally:
    """How many rows the source itself counts in ``table``; one per table read, after its rows."""

    table: str
    rows: int


Item = Record | FileBody | Finding | Tally

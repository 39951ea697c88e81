"""What a process is asked for: the data of one readable copy, and the file that it shows, if any."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from formats.contents.view import PictureView
from formats.digests import Digest
from formats.errors import Failure
from formats.model.documents import Attachment

MAX_FILE_BYTES = 256 << 20
"""Bytes of a file that is shown; a scan of 100 pages in grey has less."""
MAX_CHARACTERS = 2_000_000
"""Characters of one copy: about 700 pages of notes."""
MAX_LINES = 40_000
"""Lines of one copy: as many pages, and 300 MB of memory."""


class StandIn(StrEnum):
    """Why a page that says what a file is stands in for what it shows."""

    FORMAT = "format"
    EMPTY = "empty"
    DAMAGED = "damaged"
    ENCRYPTED = "encrypted"
    LIMIT = "limit"
    TIME = "time"


@dataclass(frozen=True, kw_only=True, slots=True)
class CopyRequest:
    """A readable copy to be made.

    ``data`` is the heading, and the nodes before the content of the ``original``, which lies at ``file`` and is shown
    as ``view`` has it; ``stand_in`` says beforehand that it is not to be opened, for the ``fault``. ``facts`` are what
    a page says of the file that stands in for it.
    """

    data: dict[str, Any]
    made: datetime
    facts: tuple[tuple[str, str], ...] = ()
    original: Attachment | None = None
    file: Path | None = None
    view: PictureView | None = None
    stand_in: StandIn | None = None
    fault: Failure | None = None

    def key(self, version: str) -> str:
        """Return what the copy depends on as a SHA-256 in hex; ``version`` is that of whoever makes it."""
        content = [
            version,
            self.data,
            self.made.isoformat(),
            self.facts,
            asdict(self.original) if self.original else None,
            asdict(self.view) if self.view else None,
            self.stand_in,
        ]
        text = json.dumps(content, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, kw_only=True, slots=True)
class MadeCopy:
    """A readable copy that was made: its size in bytes and its digest, and what is to be known of it.

    ``letters`` are those that no font has, as far as they were noticed; ``fault`` is what was wrong.
    """

    size: int
    digest: Digest
    stand_in: StandIn | None = None
    fault: Failure | None = None
    letters: str = ""

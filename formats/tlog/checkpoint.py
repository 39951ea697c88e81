"""Checkpoints (C2SP tlog-checkpoint): origin, size and root of a log, the text of a signed note."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass

from formats.tlog.merkle import HASH_BYTES
from formats.tlog.note import NoteMalformed, SignedNote, read_note

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Checkpoint:
    """The state of a log: ``origin`` names it; ``root`` is the Merkle tree hash of its first ``size`` entries."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The text of the note."""
        lines = (self.origin, str(self.size), base64.b64encode(self.root).decode(), *self.extensions)
        return "".join(f"{one}\n" for one in lines)


def read_checkpoint(data: bytes) -> tuple[Checkpoint, SignedNote]:
    """Return the checkpoint that ``data``, a signed note, is about; no signature is verified.

    Raises:
        NoteMalformed: when it is none.
    """
    note = read_note(data)
    lines = note.text[:-1].split("\n")
    if len(lines) < 3 or not all(lines) or not _SIZE.fullmatch(lines[1]):
        raise NoteMalformed("no checkpoint")
    try:
        root = base64.b64decode(lines[2], validate=True)
    except ValueError as fault:
        raise NoteMalformed("no checkpoint") from fault
    found = Checkpoint(origin=lines[0], size=int(lines[1]), root=root, extensions=tuple(lines[3:]))
    if len(root) != HASH_BYTES or found.text != note.text:
        raise NoteMalformed("no checkpoint")
    return found, note

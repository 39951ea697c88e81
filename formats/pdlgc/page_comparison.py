"""INDEX.HTM of others, made again from the data it came with, and compared byte for byte.

Only a page of the same version, whose times follow the same rules, can be (``formats.pdlgc.page.generator``).
Of any other nobody can tell by comparing whether it says what the data say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import BinaryIO

from formats.model.dossier import Dossier
from formats.pdlgc import layout
from formats.pdlgc.errors import PageMismatch
from formats.pdlgc.page.generator import HEAD_BYTES, generator_of, own_generator
from formats.pdlgc.page.page import index_page
from formats.pdlgc.sender import Sender


def compare_page(
    sent: BinaryIO, dossier: Dossier, *, links: Mapping[str, str], sender: Sender, written_at: datetime
) -> bool:
    """Compare the page ``sent`` with the one that is made of ``dossier``; return whether it could be compared.

    ``links`` gives the place in the archive of every attachment, by SHA-256. Of ``sender`` the name and
    the identifiers count; which software made the page is its own word.

    Raises:
        PageMismatch: naming the first line that differs.
    """
    head = sent.read(HEAD_BYTES)
    generator = generator_of(head)
    if generator is None or generator != own_generator(generator.software, dossier.practice.time_zone):
        return False
    sender = replace(sender, software=generator.software, software_version="")
    _require_same(head, sent, index_page(dossier, links=links, sender=sender, written_at=written_at))
    return True


def _require_same(read: bytes, sent: BinaryIO, made: Iterable[bytes]) -> None:
    """Compare ``read`` and what ``sent`` goes on with, piece by piece, with what is ``made``."""
    line = 1
    for piece in made:
        read += sent.read(max(len(piece) - len(read), 0))
        if not read.startswith(piece):
            raise PageMismatch(where=f"{layout.INDEX}:{line + _lines_alike(read, piece)}")
        read = read[len(piece) :]
        line += piece.count(b"\n")
    if read or sent.read(1):
        raise PageMismatch(where=f"{layout.INDEX}:{line}")


def _lines_alike(one: bytes, other: bytes) -> int:
    """Return how many lines from the first on are the same."""
    pairs = zip(one.split(b"\n"), other.split(b"\n"), strict=False)
    return next((count for count, (a, b) in enumerate(pairs) if a != b), 0)

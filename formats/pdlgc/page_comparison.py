"""INDEX.HTM of others, made again from the data it came with, and compared byte for byte.

Only a page of the same version, whose times follow the same rules, can be (``formats.pdlgc.page.generator``).
Of any other nobody can tell by comparing whether it says what the data say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import BinaryIO

from formats.contents.view import PictureView
from formats.model.documents import Attachment
from formats.model.dossier import Dossier
from formats.pdlgc import layout
from formats.pdlgc.errors import PageMismatch
from formats.pdlgc.page.generator import HEAD_BYTES, generator_of, own_generator
from formats.pdlgc.page.page import index_page
from formats.pdlgc.sender import Sender
from formats.previews.preview import (
    DATA_URI,
    MAX_PREVIEWS,
    MAX_URI,
    PreviewAbsence,
    PreviewInvalid,
    PreviewOutcome,
    Previews,
    no_previews,
    preview_of_uri,
)

PIECE_BYTES = 1 << 20
"""Bytes of a page in which its previews are looked for at a time."""
_OUTCOME = re.compile(
    rb'<img src="(?P<uri>%s[A-Za-z0-9+/=]{1,%d})"|<p class="absence (?P<absence>%s)">'
    % (
        DATA_URI.encode("ascii"),
        MAX_URI - len(DATA_URI),
        "|".join(PreviewAbsence).encode("ascii"),
    )
)
"""What a page of ours says of a picture; in no text of a dossier can it stand, for there ``<`` is escaped."""
MAX_OUTCOME = MAX_URI + 64
"""Bytes of that at most."""


def compare_page(
    sent: BinaryIO,
    dossier: Dossier,
    *,
    links: Mapping[str, str],
    sender: Sender,
    written_at: datetime,
    previews: Previews = no_previews,
) -> bool:
    """Compare the page ``sent`` with the one that is made of ``dossier``; return whether it could be compared.

    ``links`` gives the place in the archive of every attachment, by SHA-256. Of ``sender`` the name and
    the identifiers count; which software made the page is its own word. So is each of ``previews`` (``SentPreviews``).

    Raises:
        PageMismatch: naming the first line that differs.
    """
    head = sent.read(HEAD_BYTES)
    generator = generator_of(head)
    if generator is None or generator != own_generator(generator.software, dossier.practice.time_zone):
        return False
    sender = replace(sender, software=generator.software, software_version="")
    made = index_page(dossier, links=links, sender=sender, written_at=written_at, previews=previews)
    _require_same(head, sent, made)
    return True


class SentPreviews:
    """The previews of a page, and why it has none, in their order: they are taken over as they came.

    ``open_page`` opens it when the first is asked for, once more than it is compared.
    """

    def __init__(self, open_page: Callable[[], BinaryIO]) -> None:
        self._open_page = open_page
        self._outcomes: Iterator[PreviewOutcome] | None = None

    def __call__(self, _: Attachment, __: PictureView) -> PreviewOutcome:
        """Return the next one.

        Raises:
            PageMismatch: when there is none, or one that is none by the rules; or there are more than on any page.
        """
        if self._outcomes is None:
            with self._open_page() as page:
                self._outcomes = iter(list(_outcomes(page)))
        try:
            return next(self._outcomes)
        except StopIteration as fault:
            raise PageMismatch(where=layout.INDEX) from fault


def _outcomes(page: BinaryIO) -> Iterator[PreviewOutcome]:
    text, shown = b"", 0
    while piece := page.read(PIECE_BYTES):
        text += piece
        end = 0
        for found in _OUTCOME.finditer(text):
            end = found.end()
            if found["absence"]:
                yield PreviewAbsence(found["absence"].decode("ascii"))
                continue
            shown += 1
            try:
                if shown > MAX_PREVIEWS:
                    raise PreviewInvalid
                yield preview_of_uri(found["uri"].decode("ascii"))
            except PreviewInvalid as fault:
                raise PageMismatch(where=layout.INDEX) from fault
        text = text[max(end, len(text) - MAX_OUTCOME) :]


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

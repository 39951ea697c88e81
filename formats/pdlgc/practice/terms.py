"""The terms of a handover in a practice-level archive, and who signed its roster, read without the rest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import BinaryIO, NamedTuple

from formats.pdlgc import layout
from formats.pdlgc.contents import ArchiveContents
from formats.pdlgc.practice.lists import (
    SignatureRow,
    TermRow,
    read_left_out,
    read_roster_signatures,
    read_terms,
)


class PracticeTerms(NamedTuple):
    """The terms of a practice-level archive, the signatures of its roster, and what is left out, by code."""

    terms: tuple[TermRow, ...]
    signatures: tuple[SignatureRow, ...]
    left_out: Mapping[str, int]


def read_practice_terms(source: BinaryIO) -> PracticeTerms:
    """Return what the practice-level archive in ``source`` states.

    Raises:
        FormatFailure: as ``read_practice_archive``.
    """
    contents = ArchiveContents(source)
    terms, signatures = terms_in(contents)
    with contents.whole(layout.LEFT_OUT) as stream:
        return PracticeTerms(terms, signatures, read_left_out(stream))


def terms_in(contents: ArchiveContents) -> tuple[tuple[TermRow, ...], tuple[SignatureRow, ...]]:
    """Return terms and signatures; an archive that has no such list states none.

    Raises:
        TableUnreadable, LimitExceeded: when a list cannot be read.
    """
    terms: tuple[TermRow, ...] = ()
    signatures: tuple[SignatureRow, ...] = ()
    if layout.TERMS in contents.names:
        with contents.whole(layout.TERMS) as stream:
            terms = tuple(read_terms(stream))
    if layout.SIGNATURES in contents.names:
        with contents.whole(layout.SIGNATURES) as stream:
            signatures = tuple(read_roster_signatures(stream))
    return terms, signatures

"""What people call what counts speak of: kinds of record, and what is counted beside them."""

from __future__ import annotations

from collections.abc import Mapping

from archiver.handover.errors import CountsDiffer
from formats.model.dictionary.kinds import KINDS
from formats.words import BilingualText, mark

_COUNTED: Mapping[str, str] = {
    "added_cents": mark("sum of adjustments that add"),
    "credited_cents": mark("sum of credit notes"),
    "deducted_cents": mark("sum of adjustments that take away"),
    "empty_files": mark("files without content"),
    "file_bytes": mark("bytes of files"),
    "files": mark("files"),
    "invoiced_cents": mark("sum of invoices"),
    "missing": mark("lines about missing content"),
    "paid_cents": mark("sum of payments"),
    "practice_rows": mark("source rows of the practice as a whole"),
    "refunded_cents": mark("sum of refunds"),
    "retention": mark("retention periods"),
    "roster": mark("patients on the roster"),
    "unread_amounts": mark("amounts that could not be read"),
    "without_file": mark("documents and pictures without their file"),
}
"""What counts hold beside kinds of record: files, gaps, sums of money, lists of the practice."""


def kind_words(kind: str) -> str:
    """Return what several of ``kind`` are called; a kind of another program's stays as it is."""
    if kind in KINDS:
        return BilingualText(KINDS[kind].many)
    return _COUNTED.get(kind, kind)


def require_counts(expected: Mapping[str, int], found: Mapping[str, int]) -> None:
    """Compare two counts by kind; a kind that is not named counts nothing.

    Raises:
        CountsDiffer: for the first kind, by its name, of which there are more or fewer.
    """
    for kind in sorted(expected.keys() | found.keys()):
        if expected.get(kind, 0) != found.get(kind, 0):
            raise CountsDiffer(
                kind=kind_words(kind), expected=expected.get(kind, 0), found=found.get(kind, 0)
            )

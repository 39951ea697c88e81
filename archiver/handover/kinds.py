"""What people call what counts speak of: kinds of record, and what is counted beside them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from archiver.handover.errors import CountsDiffer
from formats.model.dictionary.kinds import KINDS
from formats.model.missing import SUMS
from formats.words import BilingualText, mark

_COUNTED: Mapping[str, str] = {
    "access_requests": mark("access requests"),
    "added_cents": mark("sum of adjustments that add"),
    "credited_cents": mark("sum of credit notes"),
    "deducted_cents": mark("sum of adjustments that take away"),
    "degraded_entries": mark("entries that could not be read as such"),
    "dossier_states": mark("states of dossiers"),
    "empty_files": mark("files without content"),
    "file_bytes": mark("bytes of files"),
    "files": mark("files"),
    "gone_records": mark("records that the software did not have any more"),
    "holds": mark("holds"),
    "identity_merges": mark("merges of two records"),
    "identity_questions": mark("questions about who is who"),
    "imports": mark("dossiers written down as received"),
    "invoiced_cents": mark("sum of invoices"),
    "missing": mark("lines about missing content"),
    "number_holders": mark("holders of patient numbers"),
    "paid_cents": mark("sum of payments"),
    "practice_rows": mark("source rows of the practice as a whole"),
    "refunded_cents": mark("sum of refunds"),
    "request_deliveries": mark("answers to access requests"),
    "retention": mark("retention periods"),
    "retention_decisions": mark("decisions about terms"),
    "roster": mark("patients on the roster"),
    "settings": mark("facts about the practice store"),
    "stated_terms": mark("terms that the sender stated"),
    "unread_amounts": mark("amounts that could not be read"),
    "without_file": mark("documents and pictures without their file"),
}
"""What counts hold beside kinds of record: files, gaps, sums of money, lists of the practice, entries of registers."""


def kind_words(kind: str) -> str:
    """Return what several of ``kind`` are called; a kind of another program's stays as it is."""
    if kind in KINDS:
        return BilingualText(KINDS[kind].many)
    return _COUNTED.get(kind, kind)


def kinds_in_order(kinds: Iterable[str]) -> list[str]:
    """Return ``kinds`` in the order of the dictionary, behind them what is no kind of record, sums of money last."""
    places = {kind: place for place, kind in enumerate(KINDS)}
    return sorted(kinds, key=lambda kind: (kind in SUMS, places.get(kind, len(places)), kind))


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

"""Content a dossier does not have though its records speak of it, and sums of money that prove it came whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from formats.model.record import practice_namespace, record_id
from formats.words import mark

if (
    TYPE_CHECKING
):  # whoever opens a package names these kinds alone; the whole model takes a tenth of a second
    from formats.model.documents import Document
    from formats.model.dossier import Dossier
    from formats.model.imaging import ImageFile
    from formats.model.provenance import SourceRow


class MissingReason(StrEnum):
    """Why content is missing; the value is a stable code, in source rows too."""

    FILE_MISSING = "file-missing"
    FILE_REFUSED = "file-refused"
    FILE_NOT_SOUGHT = "file-not-sought"
    FILE_EMPTY = "file-empty"
    FILE_LOST = "file-lost"
    FILE_DAMAGED = "file-damaged"
    AMOUNT_UNREAD = "amount-unread"


REASONS: Mapping[str, str] = MappingProxyType(
    {
        MissingReason.FILE_MISSING: mark("the source had no such file"),
        MissingReason.FILE_REFUSED: mark("the file was there and could not be taken"),
        MissingReason.FILE_NOT_SOUGHT: mark("no folder of files was given to look in"),
        MissingReason.FILE_EMPTY: mark("the file has no content"),
        MissingReason.FILE_LOST: mark("the file was kept and is lost"),
        MissingReason.FILE_DAMAGED: mark("the file was kept and is damaged"),
        MissingReason.AMOUNT_UNREAD: mark("the amount could not be read"),
    }
)
"""What each reason says to a person."""

LOST = frozenset({MissingReason.FILE_LOST.value, MissingReason.FILE_DAMAGED.value})
"""Reasons that the keeper of a file is answerable for: the record had it once."""
LOST_FILES = ("archiver", "lost-files")
"""System and table of the source rows that name lost files, each by its SHA-256: one row a file."""

WITHOUT_FILE, EMPTY_FILES, UNREAD_AMOUNTS = "without_file", "empty_files", "unread_amounts"
"""Kinds under which missing content is counted."""

Missing = Counter[tuple[str, MissingReason]]
"""How much is missing, by kind of record and reason."""


def missing_content(dossier: Dossier) -> Missing:
    """Return what ``dossier`` lacks."""
    found: Missing = Counter()
    reasons = _reasons(dossier)
    holders: tuple[Document | ImageFile, ...] = (*dossier.documents, *dossier.image_files)
    for holder in holders:
        if holder.attachment is None:
            found[holder.kind, reasons.get(holder.id, MissingReason.FILE_MISSING)] += 1
        elif not holder.attachment.size:
            found[holder.kind, MissingReason.FILE_EMPTY] += 1
    for study in dossier.image_studies:
        for series in study.series:
            empty = sum(not one.attachment.size for one in series.instances)
            if empty:
                found[study.kind, MissingReason.FILE_EMPTY] += empty
        for one in lost_files(dossier, study.id):
            found[study.kind, one] += 1
    for row in dossier.source_rows:
        amounts = sum(reason == MissingReason.AMOUNT_UNREAD for reason in row.unread.values())
        if amounts:
            found[row.kind, MissingReason.AMOUNT_UNREAD] += amounts
    return found


def lost_files(dossier: Dossier, record: str) -> tuple[MissingReason, ...]:
    """Return why each file of ``record`` is lost that was kept once, for as many as there are.

    A row says nothing any more of a file that the dossier has: it was found again.
    """
    rows = [row for row in dossier.source_rows if is_lost_file(row) and record in row.records]
    there = {one.sha256 for one in dossier.attachments()} if rows else ()
    return tuple(
        MissingReason(reason)
        for row in rows
        for reason in row.unread.values()
        if reason in LOST and row.key not in there
    )


def is_lost_file(row: SourceRow) -> bool:
    """Tell whether ``row`` names a file that was kept once and is lost."""
    return (row.system, row.table) == LOST_FILES


def lost_row_id(patient: str, key: str) -> str:
    """Return the identity of the row that says that ``patient`` lost the file with this SHA-256."""
    return record_id(practice_namespace(patient), LOST_FILES[1], f"{patient}/{key}")


def _reasons(dossier: Dossier) -> dict[str, MissingReason]:
    """Return why a record has no file, where its source row says so."""
    files = {MissingReason.FILE_REFUSED.value, MissingReason.FILE_NOT_SOUGHT.value, *LOST}
    return {
        record: MissingReason(reason)
        for row in dossier.source_rows
        for reason in row.unread.values()
        if reason in files
        for record in row.records
    }


def missing_counts(found: Missing) -> dict[str, int]:
    """Return how many records have no file, files no content, amounts no number; zeros are left out."""
    totals: Counter[str] = Counter()
    for (_, reason), count in found.items():
        totals[_kind(reason)] += count
    return {kind: totals[kind] for kind in sorted(totals)}


def _kind(reason: MissingReason) -> str:
    if reason is MissingReason.FILE_EMPTY:
        return EMPTY_FILES
    return UNREAD_AMOUNTS if reason is MissingReason.AMOUNT_UNREAD else WITHOUT_FILE


MONEY = (
    ("invoices", "total_cents", "invoiced_cents", "credited_cents"),
    ("payments", "amount_cents", "paid_cents", "refunded_cents"),
    ("adjustments", "amount_cents", "added_cents", "deducted_cents"),
)
"""Kind of record, its amount, and the kinds under which positive and negative amounts are summed, in cents."""
SUMS = frozenset(kind for *_, positive, negative in MONEY for kind in (positive, negative))
"""Kinds that are sums of money: they are nobody's business but the recipient's."""


def money_sums(dossier: Dossier) -> dict[str, int]:
    """Return the sums of what was invoiced, paid and adjusted, without sign, in cents; zeros are left out."""
    sums: Counter[str] = Counter()
    for kind, amount, positive, negative in MONEY:
        for record in getattr(dossier, kind):
            cents = getattr(record, amount) or 0  # a total may not be known
            sums[positive if cents > 0 else negative] += abs(cents)
    return {kind: sums[kind] for kind in sorted(sums) if sums[kind]}


def whole_counts(dossier: Dossier) -> dict[str, int]:
    """Return everything by which a dossier is compared with what was announced: records, files, gaps, sums."""
    return {**dossier.counts(), **missing_counts(missing_content(dossier)), **money_sums(dossier)}


def without_sums(counts: Mapping[str, int]) -> dict[str, int]:
    """Return ``counts`` as anybody may read them."""
    return {kind: count for kind, count in counts.items() if kind not in SUMS}

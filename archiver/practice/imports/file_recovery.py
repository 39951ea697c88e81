"""File recovery: a sender lost a file, and an earlier state of the same dossier has it, here or in another copy.

1. A row of ours names each file that its keeper lost by its SHA-256, with the records it was of (``LOST_FILES``).
2. Where the same record had exactly this file before, it keeps it: a document or picture has its file again, a study
   the image in its place.
3. The row stays and says nothing is missing any more.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from typing import TypeVar

from formats.model.documents import Attachment, Document
from formats.model.dossier import Dossier
from formats.model.imaging import ImageFile, ImageSeries, ImageStudy
from formats.model.missing import LOST, is_lost_file
from formats.model.provenance import SourceRow
from formats.model.record import Record

_Holder = TypeVar("_Holder", Document, ImageFile)
Earlier = Callable[[type[Record], str], Record | None]
"""Return the earlier state of a record by its kind and identity."""


def lost_keys(dossier: Dossier) -> frozenset[str]:
    """Return the SHA-256 of every file that ``dossier`` says is lost, and has not."""
    lost = {row.key for row in dossier.source_rows if is_lost_file(row) and _is_missing(row)}
    return frozenset(lost - {one.sha256 for one in dossier.attachments()}) if lost else frozenset()


def with_earlier_files(
    dossier: Dossier, earlier: Earlier, is_there: Callable[[Attachment], bool]
) -> tuple[Dossier, tuple[Attachment, ...]]:
    """Return ``dossier`` with the files that it says are lost and that ``earlier`` states of its records have.

    ``is_there`` tells whether the file itself can be had. Return as well which files it has again.
    """
    lost = lost_keys(dossier)
    if not lost:
        return dossier, ()
    named = {one for row in dossier.source_rows if is_lost_file(row) for one in row.records}

    def wanted(attachment: Attachment | None) -> bool:
        return attachment is not None and attachment.sha256 in lost and is_there(attachment)

    def again(one: _Holder) -> _Holder:
        before = earlier(type(one), one.id) if one.id in named and not one.attachment else None
        if isinstance(before, type(one)) and wanted(before.attachment):
            return replace(one, attachment=before.attachment)
        return one

    def again_study(one: ImageStudy) -> ImageStudy:
        before = earlier(ImageStudy, one.id) if one.id in named else None
        if isinstance(before, ImageStudy):
            return replace(one, series=tuple(_series(one, before, wanted)))
        return one

    found = replace(
        dossier,
        documents=tuple(map(again, dossier.documents)),
        image_files=tuple(map(again, dossier.image_files)),
        image_studies=tuple(map(again_study, dossier.image_studies)),
    )
    files = tuple(one for one in found.attachments() if one.sha256 in lost)
    rows = closed_rows(found.source_rows, {one.sha256 for one in files})
    return replace(found, source_rows=tuple(rows)), files


def closed_rows(rows: Collection[SourceRow], keys: Collection[str]) -> Iterator[SourceRow]:
    """Yield ``rows``, of which those that name one of the files ``keys`` say that nothing is missing any more."""
    for row in rows:
        yield replace(row, unread={}) if is_lost_file(row) and row.key in keys else row


def _is_missing(row: SourceRow) -> bool:
    return any(reason in LOST for reason in row.unread.values())


def _series(
    one: ImageStudy, before: ImageStudy, wanted: Callable[[Attachment | None], bool]
) -> Iterator[ImageSeries]:
    """Yield each series with the images it had before, each in its place, and behind them what is new."""
    known = {series.series_instance_uid: series for series in before.series}
    for series in one.series:
        earlier = known.get(series.series_instance_uid)
        if earlier is None:
            yield series
            continue
        have = {(each.sop_instance_uid, each.attachment.sha256): each for each in series.instances}
        instances = [
            have.pop((each.sop_instance_uid, each.attachment.sha256), each)
            for each in earlier.instances
            if (each.sop_instance_uid, each.attachment.sha256) in have or wanted(each.attachment)
        ]
        yield replace(series, instances=(*instances, *have.values()))

"""Files that a store lists and has no more, or has otherwise: holes that leave the rest of a dossier readable.

A dossier is read without them: a document or picture has no file, a study lacks an image. A source row of our own for
each file says which it was, by its SHA-256, and why it is missing, so that whoever reads the dossier later knows too.
"""

from __future__ import annotations

import errno
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from archiver import disk
from archiver.assembly.errors import FilesLost
from archiver.practice.attachments import Attachments, attachment_path, size_at
from formats.digests import digest_of_stream
from formats.findings import Finding, Severity
from formats.model.documents import Attachment, Document
from formats.model.dossier import Dossier
from formats.model.imaging import ImageFile, ImageStudy
from formats.model.missing import LOST_FILES, REASONS, MissingReason, lost_row_id
from formats.model.provenance import SourceRow
from formats.words import mark

UNREADABLE = frozenset({errno.EIO, errno.ENODATA})
"""What a disk answers that cannot read what it holds any more."""
_SENTENCE = mark("The file {name} ({digest}) is not in the dossier: {reason}.")


def without_lost(
    dossier: Dossier, attachments: Attachments, *, compared: bool
) -> tuple[Dossier, tuple[Finding, ...]]:
    """Return ``dossier`` without the files that are lost or damaged, and a finding for each.

    ``compared``: the content of every file is compared with its digest; otherwise only that it is there, as long as
    it was. A store whose folder of files is not there at all has lost nothing: it is incomplete, and says so when
    a file is opened.

    Raises:
        DiskFault: when the disk refuses for another reason than that it cannot read a file any more.
    """
    if not attachments.folder.is_dir():
        return dossier, ()
    states = ((one, missing_reason(attachments, one, compared=compared)) for one in dossier.attachments())
    lost = {one.sha256: (one, reason) for one, reason in states if reason is not None}
    if not lost:
        return dossier, ()
    users = _users(dossier)
    rows = tuple(_row(dossier, one, reason, users[one.sha256]) for one, reason in lost.values())
    without = replace(
        dossier,
        documents=tuple(_holder(one, lost) for one in dossier.documents),
        image_files=tuple(_holder(one, lost) for one in dossier.image_files),
        image_studies=tuple(_study(one, lost) for one in dossier.image_studies),
        source_rows=(*dossier.source_rows, *rows),
    )
    return without, tuple(_findings(dossier, lost, users))


def files_lost(holes: Sequence[Finding]) -> FilesLost:
    """Return the refusal of a dossier with ``holes``, by the first of them."""
    facts = holes[0].facts
    return FilesLost(count=len(holes), name=facts["name"], digest=facts["digest"], reason=facts["reason"])


def missing_reason(attachments: Attachments, one: Attachment, *, compared: bool) -> MissingReason | None:
    """Return why a file cannot be had, or nothing where it can; without ``compared`` it is not read.

    Raises:
        DiskFault: when the disk refuses for another reason than that it cannot read a file any more.
    """
    place = attachment_path(attachments.folder, one.sha256)
    size = size_at(place)
    if size is None:
        return MissingReason.FILE_LOST
    if size != one.size:
        return MissingReason.FILE_DAMAGED
    if not compared:
        return None
    try:
        with attachments.open(one.sha256) as stream:
            digest, _ = digest_of_stream(stream)
    except OSError as fault:
        if fault.errno in UNREADABLE:
            return MissingReason.FILE_DAMAGED
        with disk.failures_about(attachments.path(one.sha256)):
            raise
    return None if digest.hex == one.sha256 else MissingReason.FILE_DAMAGED


_Lost = Mapping[str, tuple[Attachment, MissingReason]]
_Holder = TypeVar("_Holder", Document, ImageFile)


def _users(dossier: Dossier) -> Mapping[str, Sequence[Document | ImageFile | ImageStudy]]:
    """Return by SHA-256 whose file it is, each once."""
    found: defaultdict[str, dict[str, Document | ImageFile | ImageStudy]] = defaultdict(dict)
    holders: tuple[Document | ImageFile, ...] = (*dossier.documents, *dossier.image_files)
    for holder in holders:
        if holder.attachment:
            found[holder.attachment.sha256][holder.id] = holder
    for study in dossier.image_studies:
        for series in study.series:
            for instance in series.instances:
                found[instance.attachment.sha256][study.id] = study
    return {digest: tuple(users.values()) for digest, users in found.items()}


def _row(
    dossier: Dossier,
    one: Attachment,
    reason: MissingReason,
    users: Sequence[Document | ImageFile | ImageStudy],
) -> SourceRow:
    system, table = LOST_FILES
    patient = dossier.patient.id
    return SourceRow(
        id=lost_row_id(patient, one.sha256),
        patient=patient,
        system=system,
        table=table,
        key=one.sha256,
        columns={
            "sha256": one.sha256,
            "size": one.size,
            "media_type": one.media_type,
            "name": _name(users),
        },
        records=tuple(user.id for user in users),
        unread={"sha256": reason.value},
    )


def _name(users: Sequence[Document | ImageFile | ImageStudy]) -> str:
    names = (
        user.description if isinstance(user, ImageStudy) else user.original_name or user.title
        for user in users
    )
    return next(filter(None, names), "")


def _holder(one: _Holder, lost: _Lost) -> _Holder:
    if one.attachment is None or one.attachment.sha256 not in lost:
        return one
    return replace(one, attachment=None)


def _study(study: ImageStudy, lost: _Lost) -> ImageStudy:
    series = tuple(
        replace(
            one,
            instances=tuple(each for each in one.instances if each.attachment.sha256 not in lost),
        )
        for one in study.series
    )
    return study if series == study.series else replace(study, series=series)


def _findings(
    dossier: Dossier, lost: _Lost, users: Mapping[str, Sequence[Document | ImageFile | ImageStudy]]
) -> Iterator[Finding]:
    for digest, (_, reason) in lost.items():
        yield Finding(
            severity=Severity.ERROR,
            code=reason.value,
            where=f"{dossier.patient.kind}/{dossier.patient.id}",
            sentence=_SENTENCE,
            facts={"name": _name(users[digest]) or "–", "digest": digest, "reason": REASONS[reason]},
        )

"""Restore one document of one patient: its file alone, under the name that it has in the dossier."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from archiver import disk
from archiver.backup.errors import DocumentUnknown
from archiver.backup.run_list import DossierPlace
from archiver.handover.opened_dossier import open_dossier
from archiver.handover.opening import open_handover
from archiver.operations.backup.restore import person_dossiers
from archiver.operations.backup.restore_source import REVISION, RestoreSource, earlier_places, fetching_file
from archiver.temporary_files import scratch
from formats.digests import chunks
from formats.model.documents import Attachment, Document
from formats.model.dossier import Dossier
from formats.model.imaging import ImageFile
from formats.names import comparable
from formats.paths import safe_path
from formats.words import mark

NEAR = 8
"""Names that a refusal lists."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RestoredDocument:
    """The file that came back, of the run ``number`` of the moment ``at``."""

    path: Path
    attachment: Attachment
    number: int
    at: datetime


def restore_document(
    source: RestoreSource, patient: str, wanted: str, folder: Path, *, today: date
) -> RestoredDocument:
    """Write the document that ``wanted`` tells, by identifier, name or title, into ``folder``.

    Raises:
        PatientUnknown, PatientAmbiguous: when ``patient`` tells nobody, or several.
        DocumentUnknown: when no document of the patient, or more than one, is called so.
        AlreadyExists, DiskFull, DiskFault; else as ``restore_practice``.
    """
    run = source.run()
    names: list[str] = []
    with scratch() as aside:
        places = person_dossiers(source, run, patient, aside, today=today)
        for place in (*places, *earlier_places(run, places)):
            with fetching_file(source, place.object_id, f"{REVISION}/{place.file}", aside) as path:
                written = _from_package(source, path, place, wanted, folder, names)
            if written is not None:
                target, attachment = written
                return RestoredDocument(
                    path=target,
                    attachment=attachment,
                    number=run.number,
                    at=run.at,
                )
    raise DocumentUnknown(wanted=wanted, near=", ".join(names[:NEAR]) or mark("none"))


def _from_package(
    source: RestoreSource, path: Path, place: DossierPlace, wanted: str, folder: Path, names: list[str]
) -> tuple[Path, Attachment] | None:
    received = open_handover(source.opening(path))
    opened, entry = next(one for one in received.entries() if one[1].unit == place.unit)
    with open_dossier(opened.package, entry) as archive:
        names += [name for name, _, _ in _documents(archive.dossier)]
        chosen = {
            attachment.sha256: (name, attachment)
            for name, record, attachment in _documents(archive.dossier)
            if _is_meant(name, record, wanted)
        }
        if len(chosen) != 1:
            return None
        ((name, attachment),) = chosen.values()
        target = folder / safe_path(Path(name.replace("\\", "/")).name or attachment.sha256)
        with disk.failures_about(folder):
            folder.mkdir(parents=True, exist_ok=True)
        with (
            archive.open_attachment(attachment.sha256) as stream,
            disk.write_aside(target, mode=disk.PRIVATE) as written,
        ):
            for piece in chunks(stream):
                written.write(piece)
    return target, attachment


def _documents(dossier: Dossier) -> Iterator[tuple[str, Document | ImageFile, Attachment]]:
    """Yield the documents and pictures that have a file, each with its name."""
    records: tuple[Document | ImageFile, ...] = (*dossier.documents, *dossier.image_files)
    for one in records:
        if one.attachment is not None:
            yield one.original_name or one.title or one.id, one, one.attachment


def _is_meant(name: str, record: Document | ImageFile, wanted: str) -> bool:
    if wanted == record.id:
        return True
    return comparable(wanted) in {comparable(name), comparable(Path(name).name), comparable(record.title)}

"""Write the dossiers of a person as DICOM file-sets (PS3.10, section 8), for a viewer or an imaging server.

1. DICOM files go in as they are, whatever else of the dossier as a DICOM object made of it.
2. Of files that carry one instance UID the first is listed under it, each other under a UID of its own; the file as it
   is lies beside (PS3.10, 8.2, has an instance listed once).
3. Each file of the dossier is in the file-set, or a finding says why it is not; the two are counted and compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from archiver.delivery.dicom.files import dicom_bodies, own_uid_instances
from archiver.delivery.folder import ContainerFolder, FolderContainer
from archiver.delivery.write import (
    DeliveredDossier,
    DeliveredPerson,
    DossierOpener,
    DossierSource,
    write_records,
)
from archiver.handover.keyring_entry import patient_traits
from archiver.handover.kinds import require_counts
from formats.dicom.objects.dossier import MEDIA_TYPE, made_instances
from formats.dicom.objects.instance import MadeInstance
from formats.dicom.write import DIRECTORY, DescribedInstance, FileSet, plan_file_set
from formats.findings import Finding
from formats.model.documents import Document
from formats.model.dossier import Dossier
from formats.model.imaging import ImageFile
from formats.model.missing import missing_content, missing_counts
from formats.pdlgc.members import ArchiveMembers

DICOM_FILES, MADE, LEFT = "dicom_files", "dicom_made", "dicom_left"
"""What is counted besides: files in the file-set, those of them that were made, files of which none could be made."""


def write_file_set(target: Path, records: Sequence[DossierOpener]) -> DeliveredPerson:
    """Write the dossiers of one person into the folder ``target``, where nothing may lie yet.

    Of several records each has a folder of its own, which is a file-set. Whoever calls makes the files durable.

    Raises:
        CountsDiffer, AttachmentMissing, AttachmentChanged, LimitExceeded: when a dossier is not what it says it is.
        DiskFull, DiskFault: what the disk answered.
    """
    with FolderContainer(target) as container:
        dossiers = tuple(write_records(container, records, _write_record, own_names=True))
    return DeliveredPerson(path=target, dossiers=dossiers, size=container.size)


def _write_record(container: ContainerFolder, record: DossierSource) -> DeliveredDossier:
    dossier = record.dossier
    items = list(made_instances(dossier, record.open_attachment))
    left = _require_every_file(dossier, items)
    own = dicom_bodies(record)
    items += own_uid_instances(dossier, own)
    made = {one.attachment.sha256: one for one in items if isinstance(one, MadeInstance)}
    findings = [one for one in items if isinstance(one, Finding)]
    planned = plan_file_set([*own, *(DescribedInstance(sha256, one.records) for sha256, one in made.items())])
    members = ArchiveMembers(container)
    members.add(DIRECTORY, [planned.dicomdir])
    _write_files(members, record, planned, made)
    counts = {DICOM_FILES: len(planned.files), MADE: len(made), LEFT: left}
    return DeliveredDossier(
        traits=patient_traits(dossier.patient),
        practice=dossier.practice.name,
        counts={**dossier.counts(), **missing_counts(missing_content(dossier)), **counts},
        folder=container.folder,
        findings=(*record.findings, *findings, *planned.findings),
    )


def _write_files(
    members: ArchiveMembers, record: DossierSource, planned: FileSet, made: dict[str, MadeInstance]
) -> None:
    own = {one.sha256: one for one in record.dossier.attachments()}
    for path, sha256 in planned.files:
        if sha256 in made:
            members.add(path, made[sha256].pieces())
        else:
            with record.open_attachment(sha256) as body:
                members.add_attachment(path, own[sha256], body)


def _require_every_file(dossier: Dossier, items: Sequence[MadeInstance | Finding]) -> int:
    """Compare the records that have a file with those made or named; return how many became no object.

    Raises:
        CountsDiffer: when there are more or fewer.
    """
    holders: tuple[ImageFile | Document, ...] = (*dossier.image_files, *dossier.documents)
    expected = {
        f"{one.kind}/{one.id}"
        for one in holders
        if one.attachment and one.attachment.media_type != MEDIA_TYPE
    }
    made = {one.record for one in items if isinstance(one, MadeInstance)}
    stated = {one.where for one in items if isinstance(one, Finding)}
    require_counts({"files": len(expected)}, {"files": len((made | stated) & expected)})
    return len(expected - made)

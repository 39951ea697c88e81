"""The DICOM files of a dossier, and those of one instance UID told apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from archiver.delivery.write import DossierSource
from formats.dicom.objects.dossier import MEDIA_TYPE
from formats.dicom.objects.instance import MadeInstance
from formats.dicom.objects.own_uid import with_own_uid
from formats.errors import FormatFailure
from formats.findings import Finding, Severity
from formats.folders import as_finding
from formats.model.dossier import Dossier
from formats.reading import FileBody
from formats.words import mark


def dicom_bodies(record: DossierSource) -> list[FileBody]:
    """Return the DICOM files of a dossier, also those that no study has."""
    in_studies = {sha256 for _, sha256 in _instances(record.dossier)}
    return [
        FileBody(
            attachment=one,
            open=partial(record.open_attachment, one.sha256),
            header_facts=record.header_facts(one.sha256),
        )
        for one in record.dossier.attachments()
        if one.sha256 in in_studies or one.media_type == MEDIA_TYPE
    ]


def repeated_uids(dossier: Dossier) -> dict[str, str]:
    """Return the files, by their SHA-256, whose instance UID another file carries, with that UID.

    The one whose digest comes first keeps it, as in the directory of a patient archive.
    """
    first: dict[str, str] = {}
    for uid, sha256 in _instances(dossier):
        first[uid] = min(first.get(uid, sha256), sha256)
    return {sha256: uid for uid, sha256 in _instances(dossier) if first[uid] != sha256}


def own_uid_instances(dossier: Dossier, bodies: Sequence[FileBody]) -> list[MadeInstance | Finding]:
    """Return the files of ``repeated_uids`` under UIDs of their own, and what is said of each."""
    repeated = repeated_uids(dossier)
    items: list[MadeInstance | Finding] = []
    for body in bodies:
        uid = repeated.get(body.attachment.sha256)
        if uid is None:
            continue
        try:
            made = with_own_uid(body)
        except FormatFailure as fault:
            items.append(as_finding(fault, uid, Severity.WARNING))
            continue
        sentence = mark("Another file carries the instance UID {uid} too; this one is listed as {own}.")
        facts = {"uid": uid, "own": made.instance_uid}
        finding = Finding(
            severity=Severity.NOTE,
            code="dicom-own-uid",
            where=body.attachment.sha256,
            sentence=sentence,
            facts=facts,
        )
        items += [made, finding]
    return items


def _instances(dossier: Dossier) -> Iterator[tuple[str, str]]:
    """Yield instance UID and digest of every instance."""
    for study in dossier.image_studies:
        for series in study.series:
            for instance in series.instances:
                yield instance.sop_instance_uid, instance.attachment.sha256

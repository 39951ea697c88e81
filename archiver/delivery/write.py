"""Write the dossiers of persons for people: a folder, or a ZIP for a typed passphrase, for each.

1. A dossier is written as the plain archive of ``formats.pdlgc``: the page, FHIR, lists, sums, files, DICOM file-set.
   In a folder files have their own names; in a ZIP, which shows the names of what it holds, they have numbers.
2. What was written is counted and compared with the dossier.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import BinaryIO

from archiver import disk
from archiver.delivery.folder import ContainerFolder, FolderContainer
from archiver.delivery.own_names import OwnNames, free_name, safe_stem
from archiver.handover.keyring_entry import patient_traits
from archiver.handover.kinds import require_counts
from archiver.sealing.encrypted_zip import EncryptedZip
from archiver.sealing.passphrase import typed_passphrase
from formats.findings import Finding
from formats.model.dossier import Dossier
from formats.model.missing import missing_content, missing_counts
from formats.pdlgc.members import ArchiveContainer
from formats.pdlgc.names import HeaderFacts, OpenAttachment, place_files
from formats.pdlgc.sender import Sender
from formats.pdlgc.write import Renderings, write_archive
from formats.previews.preview import Previews, no_previews

Randomness = Callable[[int], bytes]


@dataclass(frozen=True, kw_only=True, slots=True)
class DossierSource:
    """The dossier of one patient record, the way to its files, and who made it when, as stands on its page."""

    dossier: Dossier
    open_attachment: OpenAttachment
    header_facts: HeaderFacts
    sender: Sender
    written_at: datetime
    findings: tuple[Finding, ...] = ()
    previews: Previews = no_previews


DossierOpener = Callable[[], AbstractContextManager[DossierSource]]
"""Open a dossier, whose files can be read while the block lasts."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DeliveredDossier:
    """One dossier that was written: whose it is, what it holds, and what it lacks; ``folder`` is empty for the root."""

    traits: Mapping[str, str]
    practice: str
    counts: Mapping[str, int]
    folder: str = ""
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class DeliveredPerson:
    """One person's dossiers at ``path``, ``size`` bytes in all, and what opens them where they are encrypted."""

    path: Path
    dossiers: tuple[DeliveredDossier, ...]
    size: int
    passphrase: str = field(default="", repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class DeliveryTerms:
    """What is the same for every person of a delivery, made ``at`` a moment."""

    at: datetime
    randomness: Randomness


def write_person(
    target: Path, records: Sequence[DossierOpener], terms: DeliveryTerms, *, zipped: bool
) -> DeliveredPerson:
    """Write the dossiers of one person at ``target``, as one ZIP or as a folder; see ``write_folder``."""
    if not zipped:
        return write_folder(target, records)
    with disk.write_aside(target, mode=disk.PRIVATE, settled=False) as stream:
        return write_zip(stream, target, records, terms)


def write_folder(target: Path, records: Sequence[DossierOpener]) -> DeliveredPerson:
    """Write the dossiers of one person into the folder ``target``, where nothing may lie yet.

    Of several records each has a folder of its own. Whoever calls makes the files durable.

    Raises:
        CountsDiffer, AttachmentMissing, AttachmentChanged, LimitExceeded: when a dossier is not what it says it is.
        DiskFull, DiskFault: what the disk answered.
    """
    with FolderContainer(target) as container:
        write = partial(_write_record, own_names=True)
        dossiers = tuple(write_records(container, records, write, own_names=True))
    return DeliveredPerson(path=target, dossiers=dossiers, size=container.size)


def write_zip(
    stream: BinaryIO, target: Path, records: Sequence[DossierOpener], terms: DeliveryTerms
) -> DeliveredPerson:
    """Write the dossiers of one person as one ZIP into ``stream``, called ``target``; otherwise as ``write_folder``."""
    passphrase = typed_passphrase(terms.randomness)
    archive = EncryptedZip(stream, passphrase=passphrase, randomness=terms.randomness, when=terms.at)
    write = partial(_write_record, own_names=False)
    dossiers = tuple(write_records(archive, records, write, own_names=False))
    return DeliveredPerson(path=target, dossiers=dossiers, size=archive.close(), passphrase=passphrase)


def write_records(
    container: ArchiveContainer,
    records: Sequence[DossierOpener],
    write: Callable[[ContainerFolder, DossierSource], DeliveredDossier],
    *,
    own_names: bool,
) -> Iterator[DeliveredDossier]:
    """Yield what ``write`` made of each dossier of a person; of several each has a folder of its own."""
    taken: dict[str, int] = {}
    for number, opened in enumerate(records, 1):
        with opened() as record:
            folder = _record_folder(record, number, taken, own_names=own_names) if len(records) > 1 else ""
            yield write(ContainerFolder(container, folder), record)


def _record_folder(record: DossierSource, number: int, taken: dict[str, int], *, own_names: bool) -> str:
    """Return the folder of one of several records: its number and practice, or a name that says nothing of them."""
    if not own_names:
        return f"RECORD{number:02}"
    dossier = record.dossier
    known = f"{patient_traits(dossier.patient).get('number', '')} {dossier.practice.name}"
    return free_name(safe_stem(known) or f"record {number}", "", taken)


def _write_record(container: ContainerFolder, record: DossierSource, *, own_names: bool) -> DeliveredDossier:
    dossier = record.dossier
    name_file = OwnNames(dossier) if own_names else None
    written = write_archive(
        dossier,
        container,
        place_files(dossier, record.open_attachment, record.header_facts, name_file),
        open_attachment=record.open_attachment,
        written_at=record.written_at,
        sender=record.sender,
        renderings=Renderings(previews=record.previews),
    )
    counts = dossier.counts()
    require_counts(counts, written.counts)
    return DeliveredDossier(
        traits=patient_traits(dossier.patient),
        practice=dossier.practice.name,
        counts={**counts, **missing_counts(missing_content(dossier))},
        folder=container.folder,
        findings=(*record.findings, *written.findings),
    )


def person_name(traits: Mapping[str, str], taken: dict[str, int], kind: str = "") -> str:
    """Return what the folder or ZIP of a person is called among others: names and number."""
    family = traits.get("used_family") or traits.get("family", "")
    names = f"{family.upper()} {traits.get('given', '')}".strip()
    number = traits.get("number") or traits["id"]
    return free_name(safe_stem(f"{names} ({number})"), kind, taken)

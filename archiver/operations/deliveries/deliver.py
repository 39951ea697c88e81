"""Hand over dossiers to people: one person's, or those of many, each in a folder or a ZIP of its own.

One person's dossiers are there whole or not at all, and so are the ZIPs of many, whose passphrases nobody would know.
The folders of many are whole one after the other: a delivery that ended in its midst goes on when it is run again.

A delivery out of a store is written into its journal: by whom, for whom, when, what. Of one out of a package
nothing is written down.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archiver import disk
from archiver.delivery.delivery_list import delivery_lines
from archiver.delivery.errors import SendingInterrupted
from archiver.delivery.unfinished import UNFINISHED, is_unfinished, open_unfinished
from archiver.delivery.write import (
    DeliveredPerson,
    DeliveryTerms,
    DossierOpener,
    DossierSource,
    person_name,
    write_folder,
    write_person,
    write_zip,
)
from archiver.operations.deliveries.shared_instances import SharedInstances
from archiver.operations.dossiers.show import entry_places, open_record
from archiver.practice.columns import rows_of_value, table_of
from archiver.practice.practitioners import practice_of_store, practice_sender
from archiver.practice.previews import stored_previews
from archiver.practice.store import PracticeStore
from archiver.search.records import SearchRecord
from archiver.temporary_files import folder_aside
from formats.model.dossier import Dossier
from formats.paths import folded_name
from formats.pdlgc.names import OpenAttachment
from formats.previews.preview import Previews

if TYPE_CHECKING:  # whoever delivers out of a store opens no package
    from hashlib import _Hash as Hash

    from archiver.handover.opening import OpenedHandover

LIST = "PATIENTS.CSV"
"""The list that lies beside the folders of many persons."""
ZIP = ".zip"
FolderWriter = Callable[[Path, Sequence[DossierOpener]], DeliveredPerson]
"""Write the dossiers of one person into a new folder."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DeliverRequest:
    """Which persons, each by all records of the person, where to, and for whom.

    With ``many`` ``target`` is a folder of folders; else it is the one person's. ``by`` and ``receiver`` are written
    into the journal of a store. ``write`` writes the folder of one person; ``form`` names it where it is not the usual.
    With ``instances`` what is written is for viewers and servers of DICOM.
    """

    persons: Collection[Sequence[SearchRecord]]
    target: Path
    many: bool = False
    zipped: bool = False
    by: str = ""
    receiver: str = ""
    write: FolderWriter = write_folder
    form: str = ""
    instances: bool = False

    @property
    def goes_on(self) -> bool:
        """Whether the delivery goes on where it ended."""
        return self.many and not self.zipped


@dataclass(frozen=True, kw_only=True, slots=True)
class DeliverOutcome:
    """The persons whose dossiers lie at the target, ``earlier`` of them from a run that ended in its midst."""

    persons: tuple[DeliveredPerson, ...]
    earlier: int = 0


def deliver(
    content: PracticeStore | OpenedHandover,
    request: DeliverRequest,
    *,
    clock: Callable[[], datetime],
    randomness: Callable[[int], bytes],
    progress: Callable[[int], None] = lambda _: None,
) -> DeliverOutcome:
    """Write the dossiers, all of them or none, or go on with a delivery; ``progress`` is told the persons done.

    Raises:
        SendingInterrupted: after Ctrl-C, of a delivery that goes on.
        AlreadyExists, DiskFull, DiskFault: what the disk answered.
        CountsDiffer, AttachmentMissing, AttachmentChanged, LimitExceeded: when a dossier is not what it says it is.
        Failure: as ``open_dossier``, of a package.
    """
    terms = DeliveryTerms(at=clock().replace(microsecond=0), randomness=randomness)
    reader = DossierReader(content, terms.at, instances=request.instances)
    if request.goes_on:
        return _deliver_on(content, reader, request, terms.at, progress)
    if not isinstance(content, PracticeStore):
        return DeliverOutcome(persons=_deliver(reader, request, terms, progress))
    with content.changing():
        persons = _deliver(reader, request, terms, progress)
        content.note(terms.at.isoformat(), "delivery", _journal(request, request.persons, persons))
    return DeliverOutcome(persons=persons)


def _deliver_on(
    content: PracticeStore | OpenedHandover,
    reader: DossierReader,
    request: DeliverRequest,
    at: datetime,
    progress: Callable[[int], None],
) -> DeliverOutcome:
    """Write the folders that are not whole yet; what lies there is in the journal, however the run ended."""
    there: list[DeliveredPerson] = []
    try:
        earlier = sum(_deliver_folders(reader, request, there, progress))
    except KeyboardInterrupt:
        if not is_unfinished(request.target):
            raise
        raise SendingInterrupted from None
    finally:
        if isinstance(content, PracticeStore) and there:
            with content.changing():
                done = islice(request.persons, len(there))
                content.note(at.isoformat(), "delivery", _journal(request, done, there))
    return DeliverOutcome(persons=tuple(there), earlier=earlier)


def _deliver_folders(
    reader: DossierReader,
    request: DeliverRequest,
    there: list[DeliveredPerson],
    progress: Callable[[int], None],
) -> Iterator[bool]:
    """Yield of each person whether the folder was there; ``there`` gets them."""
    whose = "\n".join(record.id for records in request.persons for record in records)
    which = {"persons": hashlib.sha256(whose.encode()).hexdigest(), "receiver": request.receiver}
    which |= _form(request)
    with open_unfinished(request.target, which) as unfinished:
        disk.remove(request.target / LIST)  # of a run that was killed before it removed its record
        taken = {folded_name(LIST): 1, folded_name(UNFINISHED): 1}
        for records in request.persons:
            name = person_name(_traits(records[0]), taken)
            stated = reader.content_key(records)
            person = unfinished.find(name, stated)
            yield person is not None
            if person is None:
                with folder_aside(request.target / name, mode=disk.PRIVATE_FOLDER) as aside:
                    person = replace(
                        request.write(aside, reader.dossiers(records)), path=request.target / name
                    )
                    _settle(aside)
                    unfinished.add(name, stated, person)
            there.append(person)
            progress(1)
        with disk.write_aside(request.target / LIST, mode=disk.PRIVATE) as stream:
            stream.writelines(delivery_lines(there))


def _deliver(
    reader: DossierReader, request: DeliverRequest, terms: DeliveryTerms, progress: Callable[[int], None]
) -> tuple[DeliveredPerson, ...]:
    if request.many:
        return _deliver_zips(reader, request, terms, progress)
    (records,) = request.persons
    dossiers, target = reader.dossiers(records), request.target
    if request.zipped:
        with disk.write_aside(target, mode=disk.PRIVATE) as stream:
            person = write_zip(stream, target, dossiers, terms)
    else:
        with folder_aside(target, mode=disk.PRIVATE_FOLDER) as aside:
            person = request.write(aside, dossiers)
            _settle(aside)
    progress(1)
    return (replace(person, path=target),)


def _deliver_zips(
    reader: DossierReader, request: DeliverRequest, terms: DeliveryTerms, progress: Callable[[int], None]
) -> tuple[DeliveredPerson, ...]:
    delivered = []
    with folder_aside(request.target, mode=disk.PRIVATE_FOLDER) as aside:
        taken = {folded_name(LIST): 1}
        for records in request.persons:
            name = person_name(_traits(records[0]), taken, ZIP)
            person = write_person(aside / name, reader.dossiers(records), terms, zipped=True)
            delivered.append(replace(person, path=request.target / name))
            progress(1)
        with disk.write_aside(aside / LIST, mode=disk.PRIVATE, settled=False) as stream:
            stream.writelines(delivery_lines(delivered))
        _settle(aside)
    return tuple(delivered)


def _settle(folder: Path) -> None:
    disk.settle(path for path in folder.rglob("*") if path.is_file())


def _traits(record: SearchRecord) -> dict[str, str]:
    names = record.names
    return {
        "id": record.id,
        "number": record.number,
        "used_family": names.used_family,
        "family": names.birth_family,
        "given": names.used_given or " ".join(names.birth_givens),
    }


def _journal(
    request: DeliverRequest, whose: Iterable[Sequence[SearchRecord]], persons: Sequence[DeliveredPerson]
) -> dict[str, Any]:
    return {
        "by": request.by,
        "receiver": request.receiver,
        "patients": [record.id for records in whose for record in records],
        "files": sum(dossier.counts["files"] for one in persons for dossier in one.dossiers),
        "bytes": sum(one.size for one in persons),
        "encrypted": request.zipped,
        **_form(request),
    }


def _form(request: DeliverRequest) -> dict[str, str]:
    return {"form": request.form} if request.form else {}


def add_rows(known: Hash, dossier: Dossier) -> None:
    """Add every row that a store has of a dossier to what is ``known``: its content, in one order."""
    for record in (dossier.practice, *dossier.practitioners, dossier.patient, *dossier.records()):
        for table, row in rows_of_value(table_of(type(record)), record):
            known.update(repr((table.name, row)).encode("utf-8", "surrogatepass"))


class DossierReader:
    """Opens the dossiers of one person after the other, as they are at the moment ``at``.

    With ``instances`` DICOM files leave as such, and one whose instance UID another patient's has too is told.
    Unless ``keep_previews``, nothing is put beside the files of a store.
    """

    def __init__(
        self,
        content: PracticeStore | OpenedHandover,
        at: datetime,
        *,
        instances: bool = False,
        keep_previews: bool = True,
    ) -> None:
        self._content = content
        self._shared = SharedInstances(content) if instances else None
        self._places = entry_places(content)
        self._practice = practice_of_store(content) if isinstance(content, PracticeStore) else None
        self._at = at
        self._keep_previews = keep_previews

    def content_key(self, records: Sequence[SearchRecord]) -> str:
        """Return what tells whether the dossiers of a person have changed: a SHA-256 over them."""
        known = hashlib.sha256()
        for record in records:
            if isinstance(self._content, PracticeStore):
                with open_record(self._content, record.id, self._places) as opened:
                    add_rows(known, opened.dossier)
            else:
                number, place = self._places[record.id]
                known.update(self._content.volumes[number].keyring.entries[place].plain_digest.value)
        return known.hexdigest()

    def dossiers(self, records: Sequence[SearchRecord]) -> list[DossierOpener]:
        """Return what opens each record of a person."""
        return [partial(self.open, record.id) for record in records]

    @contextmanager
    def open(self, identity: str) -> Iterator[DossierSource]:
        """Open the dossier of one patient record; its files can be read while the block lasts.

        Those of a store were compared with their digests: one that is lost or damaged is a hole.
        """
        with open_record(self._content, identity, self._places, compared=True) as opened:
            yield DossierSource(
                dossier=opened.dossier,
                open_attachment=opened.open_attachment,
                header_facts=opened.header_facts,
                sender=opened.sender or practice_sender(self._practice or opened.dossier.practice),
                written_at=opened.written_at or self._at,
                findings=(*opened.findings, *(self._shared.findings(opened.dossier) if self._shared else ())),
                previews=self._previews(opened.open_attachment),
            )

    def _previews(self, open_attachment: OpenAttachment) -> Previews:
        if isinstance(self._content, PracticeStore):
            return stored_previews(self._content.attachments, keep=self._keep_previews)
        from formats.previews.maker import previews_of  # noqa: PLC0415 - most commands make none

        return previews_of(open_attachment)

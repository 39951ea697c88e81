"""A plain patient archive, read back.

1. The ZIP archive is plain and within limits (``formats.zip.archive``).
2. Every file its list of sums names is there; a file it does not name is reported.
3. The page does nothing but show (``formats.pdlgc.page.unsafe_content``). Whoever knows who made the archive, and
   when, compares it with the data besides (``PatientArchive.compare_page``).
   The bundle, the source rows and the list of names are read to their end, sums checked.
4. Every attachment of the dossier is in the list of names, and its file has the stated length and sum.
5. Every document of the submission is the one that its metadata describe; one that they do not describe is reported.
   Those that are made of the dossier, and readable copies, are read no further.
6. A file that nothing refers to is reported.
7. The bytes of an attachment are hashed while they are read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import BinaryIO

from formats.digests import BUFFER
from formats.fhir.read import read_bundle
from formats.findings import Finding
from formats.model.documents import Attachment
from formats.model.dossier import Dossier
from formats.outside_files.folder import FolderArchive
from formats.pdlgc import layout
from formats.pdlgc.contents import ArchiveContents
from formats.pdlgc.errors import ArchiveChanged, ArchiveIncomplete
from formats.pdlgc.names import read_places
from formats.pdlgc.page.unsafe_content import check_page
from formats.pdlgc.sender import Sender
from formats.pdlgc.source_rows import read_source_rows
from formats.pdlgc.subset.check import read_submission
from formats.pdlgc.unit_place import UnitPlace, read_unit_place
from formats.reading import FileBody, Item, StateMoment
from formats.zip.limits import ZipLimits

_READ = frozenset(
    {layout.README, layout.INDEX, layout.DOSSIER, layout.SOURCE, layout.NAMES, layout.UNIT, layout.DICOMDIR}
)
"""Members with a meaning of their own; the first two and the DICOMDIR repeat what the others say."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PatientArchive:
    """A dossier with its source rows, what was noticed, and the way to its files.

    ``place`` tells which unit of a package the archive is, where it says so.
    """

    dossier: Dossier
    findings: tuple[Finding, ...]
    place: UnitPlace | None
    _contents: ArchiveContents = field(repr=False)
    _places: dict[str, str] = field(repr=False)
    _sha1: Mapping[str, str] = field(repr=False)

    def open_attachment(self, sha256: str) -> BinaryIO:
        """Return the bytes of a file of the dossier.

        Raises:
            ArchiveIncomplete: when the archive has no such file.
            ArchiveChanged, ZipDamaged: while reading, at the latest at the end.
        """
        if sha256 not in self._places:
            raise ArchiveIncomplete(name=sha256)
        place = self._places[sha256]
        return self._contents.open(place, sha1=self._sha1.get(place, ""))

    def compare_page(self, sender: Sender, written_at: datetime) -> bool:
        """Compare the page with the one the data make; say whether there is none that could not be compared.

        Raises:
            PageMismatch: when it is another.
        """
        if layout.INDEX not in self._contents.names:
            return True
        # what makes pages takes longer to load than most commands that read a list to run
        from formats.pdlgc.page_comparison import SentPreviews, compare_page  # noqa: PLC0415

        with self._contents.open(layout.INDEX) as sent:
            return compare_page(
                sent,
                self.dossier,
                links=self._places,
                sender=sender,
                written_at=written_at,
                previews=SentPreviews(partial(self._contents.open, layout.INDEX)),
            )


def read_patient_archive(
    source: BinaryIO | FolderArchive, *, limits: ZipLimits | None = None
) -> PatientArchive:
    """Read the patient archive in ``source`` (seekable; left open, and needed as long as files are read), or a folder.

    Raises:
        FormatFailure: ZipRefused, ZipDamaged, UnsafeName, LimitExceeded, ArchiveIncomplete,
            ArchiveChanged or TableUnreadable, and what the reader of the bundle raises.
        InconsistentDossier: when the records do not hold together.
    """
    contents = ArchiveContents(source, limits=limits)
    with contents.whole(layout.DOSSIER) as stream:
        dossier, findings = read_bundle(stream)
    with contents.whole(layout.SOURCE) as stream:
        rows = tuple(read_source_rows(stream))
    with contents.whole(layout.NAMES) as stream:
        places = read_places(stream)
    if layout.INDEX in contents.names:
        with contents.whole(layout.INDEX) as stream:
            if not isinstance(source, FolderArchive):  # there it names files as people called them
                check_page(stream)
    place = None
    if layout.UNIT in contents.names:
        with contents.whole(layout.UNIT) as stream:
            place = read_unit_place(stream)
    for attachment in dossier.attachments():
        _check_place(contents, attachment, places)
    submission = read_submission(contents)
    used = {places[attachment.sha256] for attachment in dossier.attachments()}
    unread = contents.unread(used | _READ | submission.members)
    return PatientArchive(
        dossier=replace(dossier, source_rows=rows),
        findings=(*contents.findings, *unread, *submission.findings, *findings),
        place=place,
        _contents=contents,
        _places=places,
        _sha1=submission.sha1,
    )


def _check_place(contents: ArchiveContents, attachment: Attachment, places: dict[str, str]) -> None:
    """Refuse an attachment without a file, or with a file of another length or sum."""
    place = places.get(attachment.sha256)
    if place is None:
        raise ArchiveIncomplete(name=attachment.sha256)
    if contents.size(place) != attachment.size or contents.sum(place) != attachment.sha256:
        raise ArchiveChanged(name=place)


def read_to_the_end(archive: PatientArchive) -> None:
    """Read every file of a dossier, so that one that is damaged refuses this archive and no other.

    Raises:
        ArchiveChanged, ZipDamaged: when one is.
    """
    for attachment in archive.dossier.attachments():
        with archive.open_attachment(attachment.sha256) as stream:
            while stream.read(BUFFER):
                pass


def dossier_items(archive: PatientArchive, written_at: datetime | None) -> Iterator[Item]:
    """Yield the dossier of ``archive``, which stays open meanwhile, as it was at ``written_at``."""
    dossier = archive.dossier
    if written_at:
        yield StateMoment(practice=dossier.practice.id, patient=dossier.patient.id, at=written_at)
    yield dossier.practice
    yield from dossier.practitioners
    yield dossier.patient
    for attachment in dossier.attachments():
        yield FileBody(attachment=attachment, open=partial(archive.open_attachment, attachment.sha256))
    yield from dossier.records()

"""The SIP of dossiers, as one ZIP written front to back: dossier by dossier, then what describes them.

1. A dossier is one case of one patient's record: the whole of it as a FHIR bundle, its rows of the source that nothing
   understood, and each file unchanged. A file that several records of a dossier share is written once.
2. Diagnoses, problems and risks lie beside the data as Condition resources; the patients lie in front of everything.
3. METS of the representation, then of the package: they say what was written, with sizes and digests.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO

from formats.digests import SHA256, Digest, chunks
from formats.eark.codes import (
    FHIR_JSON,
    METS,
    NOTE,
    NOTE_TEXT,
    PATIENTS,
    PROVENANCE,
    REPRESENTATION,
    SCHEMAS,
    SCHEMAS_TEXT,
)
from formats.eark.entries import DocumentEntry, DossierEntry, FileEntry, GrowingList, PackageFacts
from formats.eark.mets import representation_mets, root_mets
from formats.eark.premis import premis_bytes
from formats.fhir.layout import BundleLine, write_lines
from formats.fhir.write import bundle_lines
from formats.model.documents import Attachment
from formats.model.dossier import Dossier
from formats.pdlgc.endings import ending
from formats.pdlgc.source_rows import write_source_rows
from formats.target import Target
from formats.zip.limits import ZipLimits
from formats.zip.writer import MemberWriter, ZipStream

OpenAttachment = Callable[[str], BinaryIO]
LIMITS = ZipLimits(members=1_000_000, member_bytes=1 << 50, total_bytes=1 << 53)
"""What a practice of 30,000 patients with 30 files each has; bytes as ZIP64 and file systems let them be."""
TEXT, XML = "text/plain", "application/xml"
WHOLE = "Dossier (FHIR R4)"
"""Title of the document that is the dossier itself."""


class _Counted:
    """A member that counts and hashes what goes into it."""

    def __init__(self, member: MemberWriter) -> None:
        self._member = member
        self.state = SHA256.new()
        self.size = 0

    def write(self, data: bytes | memoryview, /) -> int:
        self._member.write(data)
        self.state.update(data)
        self.size += len(data)
        return len(data)


class DossierPackageWriter:
    """Writes dossiers one after the other; ``finish`` makes the package whole.

    ``dossiers`` and ``patients`` are empty lists for what is written at the end.
    """

    def __init__(
        self,
        target: Target,
        facts: PackageFacts,
        *,
        dossiers: GrowingList[DossierEntry],
        patients: GrowingList[BundleLine],
    ) -> None:
        self._zip = ZipStream(target, when=facts.created, limits=LIMITS)
        self._facts = facts
        self._dossiers = dossiers
        self._patients = patients
        self._files = self._documents = self._persons = self._cases = self._count = 0

    def begin_person(self) -> None:
        """Begin the record of another person; every dossier added to it is a case of its own."""
        self._persons += 1
        self._cases = 0

    def add(self, dossier: Dossier, open_attachment: OpenAttachment) -> Counter[str]:
        """Write one dossier, and return how many records of each kind, files and bytes of files were written.

        Raises:
            FormatFailure, LimitExceeded: when it cannot be written as FHIR, or is too large.
        """
        self._count += 1
        self._cases += 1
        record, case = f"Patient_{self._persons:06}", f"Case_{self._cases}"
        folder = f"data/{record}/{case}"
        written, conditions = Counter[str](), list[BundleLine]()
        documents = [self._whole(folder, dossier, written, conditions)]
        placed: dict[str, FileEntry] = {}
        for title, files in _documents(dossier):
            number, place = self._begin_document(folder)
            entries = tuple(
                self._attachment(f"{place}/File_{which:04}", *one, placed, open_attachment)
                for which, one in enumerate(files, 1)
            )
            documents.append(DocumentEntry(number=number, folder=place, title=title, files=entries))
        entry = DossierEntry(
            number=self._count,
            record=record,
            case=case,
            documents=tuple(documents),
            conditions=self._conditions(f"{record}.{case}", conditions),
        )
        self._dossiers.append(entry)
        written["files"] = len(placed)
        written["file_bytes"] = sum(one.size for one in placed.values())
        return written

    def finish(self) -> None:
        """Write the patients, the documentation and the METS documents."""
        members = {
            "patients": self._bundle(PATIENTS, self._patients),
            "documentation": self._member(NOTE, [NOTE_TEXT.encode()], TEXT),
            "schemas": self._member(SCHEMAS, [SCHEMAS_TEXT.encode()], TEXT),
            "representation": self._member(
                f"representations/{REPRESENTATION}/{METS}",
                representation_mets(self._facts, self._dossiers),
                XML,
            ),
        }
        premis = premis_bytes(self._facts, dossiers=self._count, files=self._files)
        members["provenance"] = self._member(PROVENANCE, [premis], XML)
        self._member(METS, [root_mets(self._facts, **members)], XML)
        self._zip.finish()

    def _whole(
        self, folder: str, dossier: Dossier, written: Counter[str], conditions: list[BundleLine]
    ) -> DocumentEntry:
        """Write the dossier itself, and note the lines of its patient and of its Condition resources."""

        def noted() -> Iterator[BundleLine]:
            for line in bundle_lines(dossier, written):
                if line[0].startswith("Patient/"):
                    self._patients.append(line)
                elif line[0].startswith("Condition/"):
                    conditions.append(line)
                yield line

        number, place = self._begin_document(folder)
        files = [self._bundle(f"{place}/dossier.json", noted(), within=REPRESENTATION)]
        if dossier.source_rows:
            rows = write_source_rows(dossier.source_rows)
            files.append(self._member(f"{place}/source-rows.ndj", rows, TEXT, within=REPRESENTATION))
            written["source_rows"] += len(dossier.source_rows)
        return DocumentEntry(number=number, folder=place, title=WHOLE, files=tuple(files))

    def _begin_document(self, folder: str) -> tuple[int, str]:
        self._documents += 1
        return self._documents, f"{folder}/Document_{self._documents:07}"

    def _conditions(self, name: str, lines: list[BundleLine]) -> FileEntry | None:
        if not lines:
            return None
        path = f"metadata/descriptive/{name}.conditions.json"
        return self._bundle(path, lines, within=REPRESENTATION)

    def _attachment(
        self,
        stem: str,
        attachment: Attachment,
        original: str,
        placed: dict[str, FileEntry],
        open_attachment: OpenAttachment,
    ) -> FileEntry:
        path = f"{stem}.{ending(attachment.media_type, original).lower()}"
        known = placed.get(attachment.sha256)
        if known:  # the same bytes, for another record
            self._files += 1
            path, size = known.path, known.size
        else:
            with open_attachment(attachment.sha256) as stream:
                size = self._member(
                    path, chunks(stream), attachment.media_type, within=REPRESENTATION, size=attachment.size
                ).size
        entry = FileEntry(
            number=self._files,
            path=path,
            digest=Digest.from_hex(attachment.sha256),
            size=size,
            media_type=attachment.media_type,
            original=original,
        )
        return placed.setdefault(attachment.sha256, entry) if not known else entry

    def _bundle(self, path: str, lines: Iterable[BundleLine], *, within: str = "") -> FileEntry:
        def write(target: _Counted) -> None:
            write_lines(lines, target, self._facts.created)

        return self._write(path, write, FHIR_JSON, within, 0)

    def _member(
        self, path: str, pieces: Iterable[bytes], media_type: str, *, within: str = "", size: int = 0
    ) -> FileEntry:
        def write(target: _Counted) -> None:
            for piece in pieces:
                target.write(piece)

        return self._write(path, write, media_type, within, size)

    def _write(
        self, path: str, write: Callable[[_Counted], None], media_type: str, within: str, size: int
    ) -> FileEntry:
        """Write a file at ``path``, from the METS document on that lists it."""
        self._files += 1
        inside = f"representations/{within}/{path}" if within else path
        with self._zip.open(f"{self._facts.identifier}/{inside}", size=size) as member:
            counted = _Counted(member)
            write(counted)
        return FileEntry(
            number=self._files,
            path=path,
            digest=Digest(SHA256, counted.state.digest()),
            size=counted.size,
            media_type=media_type,
        )


def _documents(dossier: Dossier) -> Iterator[tuple[str, list[tuple[Attachment, str]]]]:
    """Yield the title of each document, image and study that has files, and these with their original names."""
    for document in dossier.documents:
        if document.attachment:
            title = document.title or document.original_name
            yield title, [(document.attachment, document.original_name)]
    for image in dossier.image_files:
        if image.attachment:
            yield image.title or image.original_name, [(image.attachment, image.original_name)]
    for study in dossier.image_studies:
        instances = [one for series in study.series for one in series.instances]
        if instances:
            title = study.description or study.study_instance_uid
            yield title, [(one.attachment, one.sop_instance_uid) for one in instances]

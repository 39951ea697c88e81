"""The submission of a patient's archive, written: documents made of the dossier, original files, METADATA.XML last.

Digests and sizes that the metadata state are those of the bytes that were written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePosixPath

from formats.cda.writer.dental import DENTAL_DOCUMENTS, write_consent
from formats.cda.writer.header import Issue, author_of
from formats.cda.writer.kinds import CONSENT, KINDS, SUMMARY
from formats.cda.writer.output import WrittenDocument
from formats.cda.writer.requirements import lacking_facts
from formats.cda.writer.summary import TITLE, write_summary
from formats.cda.writer.values import entry_uuid, uuid_oid
from formats.digests import BUFFER, SHA1, Digest
from formats.model.documents import Attachment
from formats.model.dossier import Dossier
from formats.pdlgc.members import ArchiveMembers
from formats.pdlgc.names import OpenAttachment
from formats.pdlgc.profile import METADATA
from formats.pdlgc.subset.documents import SubsetDocument, TwinOpener
from formats.pdlgc.subset.plan import recorded_at, subset_documents
from formats.pdlgc.subset.twin_names import twin_name
from formats.target import Target
from formats.xdm.hl7_text import utc_stamp
from formats.xdm.medium_file import MediumFile, medium_file
from formats.xdm.write import SubmissionFacts, write_metadata

_WRITERS = {kind.type.code: write for kind, _, write in DENTAL_DOCUMENTS} | {SUMMARY.type.code: write_summary}


class SubmissionWriter:
    """Writes the submission of ``dossier`` into ``members``; ``places`` gives the place of every attachment.

    ``findings`` say for what a strict recipient would refuse the documents, each once.
    """

    def __init__(
        self, members: ArchiveMembers, dossier: Dossier, places: Mapping[str, str], issue: Issue
    ) -> None:
        self._members = members
        self._dossier = dossier
        self._issue = issue
        self._documents = subset_documents(dossier, places, issue.written_at)
        self.findings = tuple(lacking_facts(dossier, issue))

    def write(self, open_attachment: OpenAttachment) -> None:
        """Write the documents, then what describes them.

        Raises:
            AttachmentChanged: when a file is not what the dossier says it is.
            LimitExceeded: for more documents, or a longer one, than a reader takes.
        """
        dossier, issue = self._dossier, self._issue
        practitioners = {one.id: one for one in dossier.practitioners}
        files: list[MediumFile] = []
        for one in self._documents:
            if one.attachment is None:
                with self._members.open(one.place) as stream:
                    written = _write_made(dossier, one, stream, replace(issue, service_at=one.service_start))
                files.append(medium_file(written, PurePosixPath(one.place).name))
            else:
                sha1 = _write_original(self._members, one.place, one.attachment, open_attachment)
                original = _original_file(dossier, one, one.attachment, sha1, issue)
                who = one.record.practitioner if one.record else None
                files.append(replace(original, author=practitioners.get(who or "")))
        facts = SubmissionFacts(submitted_at=issue.written_at, title=TITLE, author=author_of(dossier, issue))
        with self._members.open(METADATA) as stream:
            write_metadata(dossier, files, stream, facts=facts)

    def write_twins(self, twins: TwinOpener) -> None:
        """Write the readable copy of each document under its name."""
        for one in self._documents:
            stamp = one.service_start or utc_stamp(self._issue.written_at)
            name = twin_name(replace(one, service_start=stamp), self._dossier.patient.traits)
            with twins(one) as body, self._members.open(name) as stream:
                while piece := body.read(BUFFER):
                    stream.write(piece)


def _write_made(dossier: Dossier, one: SubsetDocument, stream: Target, issue: Issue) -> WrittenDocument:
    if one.structured == CONSENT.type.code:
        consent = next(each for each in dossier.consents if each.id == one.key)
        return write_consent(dossier, consent, stream, issue=issue)
    return _WRITERS[one.structured](dossier, stream, issue=issue)


def _write_original(
    members: ArchiveMembers, place: str, attachment: Attachment, open_attachment: OpenAttachment
) -> Digest:
    """Write an original file, and return its SHA-1, which metadata state (IHE ITI TF-3, 4.2.3.2.10)."""
    state = SHA1.new()
    with open_attachment(attachment.sha256) as body:
        members.add_attachment(place, attachment, body, also=state)
    return Digest(SHA1, state.digest())


def _original_file(
    dossier: Dossier, one: SubsetDocument, attachment: Attachment, sha1: Digest, issue: Issue
) -> MediumFile:
    """Return an original file as metadata describe it; the same file of a patient has one number for ever."""
    number = uuid_oid(entry_uuid(dossier.practice.id, "file", dossier.patient.id, attachment.sha256))
    made = recorded_at(one.record) if one.record else None
    return MediumFile(
        name=PurePosixPath(one.place).name,
        media_type=one.media_type,
        size=attachment.size,
        sha1=sha1,
        kind=KINDS[one.type.code],
        title=one.title,
        number=number,
        series=number,
        created_at=made or issue.written_at,
        service_start=one.service_start,
    )

"""Files of a place of images that are no instance of a study: taken as documents, or only named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import PurePosixPath

from formats.dicom.header import NotDicom
from formats.dicom.read import OtherFile
from formats.errors import Failure, reason_of
from formats.findings import Finding, Severity
from formats.media_types import HEAD, media_type
from formats.outside_files.archives import ZIP, OutsideFile
from formats.papers.paper import MESHES, PICTURES, FoundPaper, PaperPatient
from formats.papers.read import with_file
from formats.words import mark

DICOM_ENDINGS = frozenset({".dcm", ".dicom", ".dic", ".ima"})
"""Endings that make a person expect an image."""
TAKEN = MESHES | {"application/pdf", "application/dicom", ZIP}
"""What is no picture and may yet be of a patient; a disc holds programs and their texts besides."""
_EXPECTED = (
    "imaging-document",
    Severity.WARNING,
    mark("This is taken as a document, for it cannot be placed in a study: {reason}"),
)
_BESIDE = ("imaging-beside", Severity.NOTE, mark("This file beside the images is taken as a document."))


class OtherFiles:
    """Other files in the order in which they come; ``every`` one is a document, or only what may be of a patient."""

    def __init__(self, *, every: bool) -> None:
        self._every = every
        self._names: Counter[str] = Counter()

    def read(self, other: OtherFile) -> Iterator[FoundPaper | Finding]:
        """Yield the document that a file is, and in which way it was taken; or why it stays behind."""
        file, fault = other.file, other.fault
        promised = not isinstance(fault, NotDicom) or PurePosixPath(file.name).suffix.lower() in DICOM_ENDINGS
        try:
            if not (promised or self._every or _may_be_of_a_patient(file)):
                yield _finding(file, "not-dicom", Severity.NOTE, mark("This file is not DICOM."))
                return
            paper = with_file(self._paper(other), file.open, file.base_name)
        except (OSError, Failure) as refused:
            reason = refused if isinstance(refused, Failure) else reason_of(refused)
            yield _finding(
                file, "unreadable-file", Severity.ERROR, mark("This cannot be read: {reason}."), reason
            )
            return
        if promised:
            yield _finding(file, *_EXPECTED, fault)
        elif not self._every:
            yield _finding(file, *_BESIDE)
        yield paper

    def _paper(self, other: OtherFile) -> FoundPaper:
        name = other.file.place
        occurrence = self._names[name]
        self._names[name] += 1
        patient, statement = other.patient, other.statement
        return FoundPaper(
            line=0,
            patient=PaperPatient()
            if patient is None
            else PaperPatient(
                number=patient.number,
                issuer=patient.issuer,
                family=patient.family,
                given=patient.given,
                birth_date=patient.birth_date,
            ),
            name=name,
            occurrence=occurrence,
            title=(statement.description if statement else "") or PurePosixPath(name).stem,
            dated=(statement.studied_at or statement.studied_on) if statement else None,
        )


def _may_be_of_a_patient(file: OutsideFile) -> bool:
    with file.open() as stream:
        kind = media_type(stream.read(HEAD), file.base_name)
    return kind.startswith(PICTURES) or kind in TAKEN


def _finding(
    file: OutsideFile, code: str, severity: Severity, sentence: str, reason: Failure | str = ""
) -> Finding:
    facts = {"reason": reason} if reason else {}
    return Finding(severity=severity, code=code, where=file.place, sentence=sentence, facts=facts)

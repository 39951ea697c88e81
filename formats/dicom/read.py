"""Studies in a folder or on a disc: every file is an instance, a finding, or the directory of the disc."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from pydicom.dataset import Dataset

from formats.dicom.attributes import date_of, issuer, number_of, person, plain_value, text_of, time_of
from formats.dicom.directory import missing_files
from formats.dicom.header import DicomHeader, NotDicom, read_dicom_header, remarks, understanding
from formats.dicom.instance_records import stored_records
from formats.dicom.instances import MEDIA_TYPE, SeenInstance, SeenInstances, StudyStatement, seen_instances
from formats.dicom.records import instance_records
from formats.dicom.study import FoundStudy, ImagedPatient, study_record
from formats.digests import digest_of_stream
from formats.errors import Failure, FormatFailure
from formats.findings import Finding, Severity
from formats.folders import NotAFolder, as_finding, files_below, relative_text, unreadable
from formats.model.documents import Attachment
from formats.model.identity import Sex
from formats.model.imaging import ImageInstance, ImageSeries
from formats.regular_files import open_regular
from formats.words import mark

__all__ = ["FoundStudy", "ImagedPatient", "find_studies", "study_record"]

MAX_PLACES = 8
"""Files named in one finding about several."""
DICOM_ENDINGS = frozenset({".dcm", ".dicom", ".dic", ".ima"})
"""Endings that make a person expect an image."""
IDENTITY = ("SOPClassUID", "SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID")


class OutsideAnyStudy(FormatFailure):
    """A DICOM file that names no study, series or instance, so that nobody can say what it is part of."""

    code = "dicom-outside-study"
    sentence = mark("This DICOM file belongs to no study; it lacks {missing}.")


def find_studies(folder: Path) -> Iterator[FoundStudy | Finding]:
    """Yield what is noticed in each file below ``folder``, then the studies in the order of their UIDs.

    ``folder`` may hold a DICOMDIR, or be one: what it refers to is then looked
    for as well. Memory grows with the largest study, not with the files or the folder.

    Raises:
        NotAFolder: when there is no such folder.
        LimitExceeded: when it holds too many files.
    """
    root = _root(folder)
    with seen_instances() as seen:
        for path in files_below(root):
            if isinstance(path, Finding):
                yield path
            else:
                yield from _take(path, root, seen)
        for uid, places in seen.clashes():
            sentence = mark("Different files carry the same instance UID {uid}; all are kept: {places}.")
            names = [relative_text(place, root) for place in places]
            yield _about(names, "dicom-same-uid", sentence, uid)
        for parts in seen.studies():
            if len(parts) > 1:
                sentence = mark("Images of study {uid} name different patients and are kept apart: {places}.")
                names = [relative_text(min(part.paths.values()), root) for part in parts]
                yield _about(names, "dicom-patients-differ", sentence, parts[0].study_instance_uid)
            yield from parts


def _root(folder: Path) -> Path:
    if not folder.is_file():
        return folder
    with open_regular(folder) as stream:
        if not read_dicom_header(stream).is_directory:
            raise NotAFolder(folder=str(folder))
    return folder.parent


def _take(path: Path, root: Path, seen: SeenInstances) -> Iterator[Finding]:
    """Look at one file; keep it when it is an instance."""
    where = relative_text(path, root)
    try:
        header, instance, oddities = _looked_at(path)
        if instance is None:
            yield from missing_files(path, where)
            return
    except OSError as fault:
        yield unreadable(path, root, fault)
        return
    except Failure as fault:
        yield as_finding(fault, where, _severity(fault, path))
        return
    yield from _notes(header, oddities, where)
    earlier = seen.add(instance)
    if earlier is not None:
        sentence = mark("The same file was seen before: {earlier}.")
        yield _finding(
            Severity.NOTE, "dicom-seen-before", where, sentence, earlier=relative_text(earlier, root)
        )


def _severity(fault: Failure, path: Path) -> Severity:
    """A viewer or a text beside the images is to be expected; an ending that promises an image is not."""
    if not isinstance(fault, NotDicom):
        return Severity.ERROR
    return Severity.WARNING if path.suffix.lower() in DICOM_ENDINGS else Severity.NOTE


def _looked_at(path: Path) -> tuple[DicomHeader, SeenInstance | None, Sequence[str]]:
    """Return the header, the instance (``None`` for a DICOMDIR), and remarks about its values."""
    with open_regular(path) as stream:
        header = read_dicom_header(stream)
        if header.is_directory:
            return header, None, ()
        with remarks() as oddities:
            _must_be_in_a_study(header)
            stream.seek(0)
            digest, size = digest_of_stream(stream)
            attachment = Attachment(sha256=digest.hex, size=size, media_type=MEDIA_TYPE)
            described = _described(header.dataset, attachment, path)
    return header, replace(described, facts=_facts(header, attachment.sha256)), oddities


def _facts(header: DicomHeader, sha256: str) -> bytes:
    """Return the directory records of a file as they are stored; nothing where none can be made of its header."""
    try:
        with remarks(), understanding():
            return stored_records(instance_records(header), sha256)
    except FormatFailure:
        return b""


def _must_be_in_a_study(header: DicomHeader) -> None:
    missing = [keyword for keyword in IDENTITY if not plain_value(header.dataset, keyword)]
    if not header.part10 and ("SOPClassUID" in missing or "SOPInstanceUID" in missing):
        raise NotDicom
    if missing:
        raise OutsideAnyStudy(missing=", ".join(missing))


def _described(dataset: Dataset, attachment: Attachment, path: Path) -> SeenInstance:
    family, given = person(dataset, "PatientName")
    sex = plain_value(dataset, "PatientSex")
    return SeenInstance(
        patient=ImagedPatient(
            number=text_of(dataset, "PatientID"),
            issuer=issuer(dataset),
            family=family,
            given=given,
            birth_date=date_of(dataset, "PatientBirthDate"),
            sex=Sex(sex) if sex in set(Sex) else Sex.UNKNOWN,
        ),
        study_instance_uid=plain_value(dataset, "StudyInstanceUID"),
        study=StudyStatement(
            patient_name=text_of(dataset, "PatientName"),
            study_id=text_of(dataset, "StudyID"),
            accession=text_of(dataset, "AccessionNumber"),
            description=text_of(dataset, "StudyDescription"),
            studied_on=date_of(dataset, "StudyDate"),
            studied_at=time_of(dataset, "StudyDate", "StudyTime"),
        ),
        series=ImageSeries(
            series_instance_uid=plain_value(dataset, "SeriesInstanceUID"),
            modality=plain_value(dataset, "Modality"),
            number=number_of(dataset, "SeriesNumber"),
            description=text_of(dataset, "SeriesDescription"),
        ),
        instance=ImageInstance(
            sop_instance_uid=plain_value(dataset, "SOPInstanceUID"),
            sop_class_uid=plain_value(dataset, "SOPClassUID"),
            number=number_of(dataset, "InstanceNumber"),
            attachment=attachment,
        ),
        path=path,
    )


def _notes(header: DicomHeader, oddities: Sequence[str], where: str) -> Iterator[Finding]:
    """Yield what is odd about an instance that is kept all the same."""
    if header.cut_short:
        sentence = mark("The file is cut short; it is kept as it is.")
        yield _finding(Severity.WARNING, "dicom-cut-short", where, sentence)
    if (
        plain_value(header.dataset, "PatientBirthDate")
        and date_of(header.dataset, "PatientBirthDate") is None
    ):
        sentence = mark("The birth date is not a date.")
        yield _finding(Severity.WARNING, "dicom-birth-date", where, sentence)
    for reason in dict.fromkeys((*header.oddities, *oddities)):
        sentence = mark("Irregular DICOM: {reason}.")
        yield _finding(Severity.NOTE, "dicom-irregular", where, sentence, reason=reason)


def _about(names: Sequence[str], code: str, sentence: str, uid: str) -> Finding:
    more = "" if len(names) <= MAX_PLACES else ", …"
    places = ", ".join(names[:MAX_PLACES]) + more
    return _finding(Severity.WARNING, code, names[0], sentence, uid=uid, places=places)


def _finding(severity: Severity, code: str, where: str, sentence: str, **facts: str) -> Finding:
    return Finding(severity=severity, code=code, where=where, sentence=sentence, facts=facts)

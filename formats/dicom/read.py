"""Studies among files of a folder or a disc: each is an instance, another file, or the directory of the disc."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from pydicom.dataset import Dataset

from formats.dicom.attributes import date_of, issuer, number_of, person, plain_value, text_of, time_of
from formats.dicom.directory import canonical_name, missing_files, missing_references
from formats.dicom.header import DicomHeader, NotDicom, read_dicom_header, remarks, understanding
from formats.dicom.instance_records import stored_records
from formats.dicom.instances import MEDIA_TYPE, SeenInstance, SeenInstances, StudyStatement, seen_instances
from formats.dicom.records import instance_records
from formats.dicom.study import FoundStudy, ImagedPatient, study_record
from formats.digests import digest_of_stream
from formats.errors import Failure, FormatFailure, reason_of
from formats.findings import Finding, Severity
from formats.folders import as_finding
from formats.model.documents import Attachment
from formats.model.identity import Sex
from formats.model.imaging import ImageInstance, ImageSeries
from formats.outside_files.archives import OpenArchives, OutsideFile, open_seekable
from formats.words import mark

__all__ = ["FoundStudy", "ImagedPatient", "OtherFile", "studies_among", "study_record"]

MAX_PLACES = 8
"""Files named in one finding about several."""
IDENTITY = ("SOPClassUID", "SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID")


class OutsideAnyStudy(FormatFailure):
    """A DICOM file that names no study, series or instance, so that nobody can say what it is part of."""

    code = "dicom-outside-study"
    sentence = mark("This DICOM file belongs to no study; it lacks {missing}.")


@dataclass(frozen=True, kw_only=True, slots=True)
class OtherFile:
    """A file that is no instance of a study: why, and what its header says, where it has one that can be read."""

    file: OutsideFile
    fault: Failure
    patient: ImagedPatient | None = None
    statement: StudyStatement | None = None


def studies_among(
    files: Iterable[OutsideFile | Finding], archives: OpenArchives
) -> Iterator[FoundStudy | OtherFile | Finding]:
    """Yield what is noticed in each of ``files``, those that are no instances, then the studies by their UIDs.

    Each file has its location, on the disk or in one of ``archives``. What a DICOMDIR refers to is looked for
    as well. Memory grows with the largest study, not with the files or the folder.
    """
    with seen_instances(archives) as seen:
        for file in files:
            if isinstance(file, Finding):
                yield file
            else:
                yield from _take(file, seen, archives)
        for uid, places in seen.clashes():
            sentence = mark("Different files carry the same instance UID {uid}; all are kept: {places}.")
            yield _about(places, "dicom-same-uid", sentence, uid)
        for parts in seen.studies():
            if len(parts) > 1:
                sentence = mark("Images of study {uid} name different patients and are kept apart: {places}.")
                names = [min(one.place for one in part.files.values()) for part in parts]
                yield _about(names, "dicom-patients-differ", sentence, parts[0].study_instance_uid)
            yield from parts


def _take(file: OutsideFile, seen: SeenInstances, archives: OpenArchives) -> Iterator[OtherFile | Finding]:
    """Look at one file; keep it when it is an instance."""
    where = file.place
    try:
        header, instance, oddities = _looked_at(file)
    except OSError as fault:
        yield _finding(
            Severity.ERROR,
            "unreadable-file",
            where,
            mark("This cannot be read: {reason}."),
            reason=reason_of(fault),
        )
        return
    except Failure as fault:
        yield OtherFile(file=file, fault=fault)
        return
    if header.is_directory:
        yield from _promised(file, archives)
        return
    if isinstance(instance, OtherFile):
        yield instance
        return
    yield from _notes(header, oddities, where)
    earlier = seen.add(instance)
    if earlier:
        sentence = mark("The same file was seen before: {earlier}.")
        yield _finding(Severity.NOTE, "dicom-seen-before", where, sentence, earlier=earlier)


def _promised(file: OutsideFile, archives: OpenArchives) -> Iterator[Finding]:
    """Yield what a DICOMDIR, on the disk or in an archive, refers to and that is not there."""
    try:
        if len(file.location) == 1:
            yield from missing_files(Path(file.location[0]), file.place)
            return
        folder = PurePosixPath(file.location[-1]).parent
        names = {_canonical_path(one) for one in archives.names_at(file.location[:-1])}
        with open_seekable(file) as stream:
            yield from missing_references(
                stream, file.place, lambda name: _canonical_path(str(folder / name)) in names
            )
    except Failure as fault:
        yield as_finding(fault, file.place)


def _canonical_path(name: str) -> str:
    return "/".join(map(canonical_name, PurePosixPath(name).parts))


def _looked_at(file: OutsideFile) -> tuple[DicomHeader, SeenInstance | OtherFile, Sequence[str]]:
    """Return the header, the instance or another DICOM file, and remarks about its values."""
    with open_seekable(file) as stream:
        header = read_dicom_header(stream)
        with remarks() as oddities:
            missing = [keyword for keyword in IDENTITY if not plain_value(header.dataset, keyword)]
            if header.is_directory or missing:
                return header, _other(header, file, missing), ()
            stream.seek(0)
            digest, size = digest_of_stream(stream)
            attachment = Attachment(sha256=digest.hex, size=size, media_type=MEDIA_TYPE)
            described = _described(header.dataset, attachment, file)
    return header, replace(described, facts=_facts(header, attachment.sha256)), oddities


def _other(header: DicomHeader, file: OutsideFile, missing: Sequence[str]) -> OtherFile:
    """Return a DICOM file that names no study.

    Raises:
        NotDicom: for a bare dataset that does not even name its kind, which may be anything.
    """
    if (
        not header.is_directory
        and not header.part10
        and not {"SOPClassUID", "SOPInstanceUID"}.isdisjoint(missing)
    ):
        raise NotDicom
    return OtherFile(
        file=file,
        fault=OutsideAnyStudy(missing=", ".join(missing)),
        patient=_patient(header.dataset),
        statement=_statement(header.dataset),
    )


def _facts(header: DicomHeader, sha256: str) -> bytes:
    """Return the directory records of a file as they are stored; nothing where none can be made of its header."""
    try:
        with remarks(), understanding():
            return stored_records(instance_records(header), sha256)
    except FormatFailure:
        return b""


def _patient(dataset: Dataset) -> ImagedPatient:
    family, given = person(dataset, "PatientName")
    sex = plain_value(dataset, "PatientSex")
    return ImagedPatient(
        number=text_of(dataset, "PatientID"),
        issuer=issuer(dataset),
        family=family,
        given=given,
        birth_date=date_of(dataset, "PatientBirthDate"),
        sex=Sex(sex) if sex in set(Sex) else Sex.UNKNOWN,
    )


def _statement(dataset: Dataset) -> StudyStatement:
    return StudyStatement(
        patient_name=text_of(dataset, "PatientName"),
        study_id=text_of(dataset, "StudyID"),
        accession=text_of(dataset, "AccessionNumber"),
        description=text_of(dataset, "StudyDescription"),
        studied_on=date_of(dataset, "StudyDate"),
        studied_at=time_of(dataset, "StudyDate", "StudyTime"),
    )


def _described(dataset: Dataset, attachment: Attachment, file: OutsideFile) -> SeenInstance:
    return SeenInstance(
        patient=_patient(dataset),
        study_instance_uid=plain_value(dataset, "StudyInstanceUID"),
        study=_statement(dataset),
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
        file=file,
    )


def _notes(header: DicomHeader, oddities: Sequence[str], where: str) -> Iterator[Finding]:
    """Yield what is odd about an instance that is kept all the same."""
    if not header.part10:
        sentence = mark(
            "The file has no DICOM header (part 10); it is kept as it is, and some viewers refuse it."
        )
        yield _finding(Severity.NOTE, "dicom-without-header", where, sentence)
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

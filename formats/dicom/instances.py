"""The instances seen in a folder, kept in a temporary database so that memory does not grow with them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, fields
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from formats.dicom.study import FoundStudy, ImagedPatient, agreeing, part_of
from formats.model.documents import Attachment
from formats.model.identity import Sex
from formats.model.imaging import ImageInstance, ImageSeries
from formats.outside_files.archives import OpenArchives, OutsideFile

MEDIA_TYPE = "application/dicom"
CACHE_KIB = 8192
"""KiB of the index kept in memory; the rest lies in SQLite's temporary file."""

_SCHEMA = """
CREATE TABLE instance (
  study TEXT NOT NULL, patient TEXT NOT NULL, statement TEXT NOT NULL,
  series TEXT NOT NULL, series_statement TEXT NOT NULL, series_number INTEGER,
  sop TEXT NOT NULL, sop_class TEXT NOT NULL, number INTEGER,
  sha256 TEXT NOT NULL, size INTEGER NOT NULL, place TEXT NOT NULL, location TEXT NOT NULL,
  facts BLOB NOT NULL,
  UNIQUE (sop, sha256)
);
CREATE INDEX by_study ON instance (study);
"""
_INSERT = "INSERT OR IGNORE INTO instance VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


@dataclass(frozen=True, kw_only=True, slots=True)
class StudyStatement:
    """What one instance says about its study."""

    patient_name: str = ""
    study_id: str = ""
    accession: str = ""
    description: str = ""
    studied_on: date | None = None
    studied_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class SeenInstance:
    """One DICOM file with what its header says; ``series`` is the series without instances.

    ``facts`` are its directory records as they are stored, empty where it has none.
    """

    patient: ImagedPatient
    study_instance_uid: str
    study: StudyStatement
    series: ImageSeries
    instance: ImageInstance
    file: OutsideFile
    facts: bytes = b""


class SeenInstances:
    """All instances of a folder, grouped into studies when every file has been seen."""

    def __init__(self, connection: sqlite3.Connection, archives: OpenArchives) -> None:
        self._connection = connection
        self._archives = archives

    def add(self, seen: SeenInstance) -> str:
        """Keep an instance; return the place of the earlier file when the very same bytes were seen before."""
        attachment, series = seen.instance.attachment, seen.series
        row = (
            seen.study_instance_uid,
            _patient_text(seen.patient),
            _study_text(seen.study),
            series.series_instance_uid,
            json.dumps([series.modality, series.description]),
            series.number,
            seen.instance.sop_instance_uid,
            seen.instance.sop_class_uid,
            seen.instance.number,
            attachment.sha256,
            attachment.size,
            seen.file.place,
            json.dumps(seen.file.location),
            seen.facts,
        )
        if self._connection.execute(_INSERT, row).rowcount:
            return ""
        earlier = self._connection.execute(
            "SELECT place FROM instance WHERE sop = ? AND sha256 = ?",
            (seen.instance.sop_instance_uid, attachment.sha256),
        ).fetchone()
        return str(earlier[0])

    def clashes(self) -> Iterator[tuple[str, list[str]]]:
        """Yield each instance UID that several different files carry, with the places of these files."""
        uids = self._connection.execute(
            "SELECT sop FROM instance GROUP BY sop HAVING count(*) > 1 ORDER BY sop"
        )
        for (uid,) in uids:
            files = self._connection.execute(
                "SELECT place FROM instance WHERE sop = ? ORDER BY place", (uid,)
            )
            yield uid, [place for (place,) in files]

    def studies(self) -> Iterator[list[FoundStudy]]:
        """Yield each study, as one, or as one for each patient its images name."""
        for (uid,) in self._connection.execute("SELECT DISTINCT study FROM instance ORDER BY study"):
            yield self._parts(uid)

    def _parts(self, uid: str) -> list[FoundStudy]:
        statement = "SELECT DISTINCT patient FROM instance WHERE study = ?"
        texts = {text: _patient_of(text) for (text,) in self._connection.execute(statement, (uid,))}
        joined = agreeing(texts.values())
        patients = [patient for patient, leading in joined.items() if patient is leading]
        parts = []
        for patient in patients:
            own = [text for text, each in texts.items() if joined[each] is patient]
            parts.append(self._study(uid, patient, own, part_of(patient) if len(patients) > 1 else ""))
        return parts

    def _study(self, uid: str, patient: ImagedPatient, texts: list[str], part: str) -> FoundStudy:
        rows = self._connection.execute(
            "SELECT statement, series, series_statement, series_number, sop, sop_class, number, sha256, size,"
            " place, location, facts"
            " FROM instance WHERE study = ? AND patient IN (SELECT value FROM json_each(?))"
            " ORDER BY series, number IS NULL, number, sop, sha256",
            (uid, json.dumps(texts)),
        ).fetchall()
        statement = _first_words([_study_of(text) for text in dict.fromkeys(row[0] for row in rows)])
        series = [_series(series_uid, list(group)) for series_uid, group in groupby(rows, itemgetter(1))]
        return FoundStudy(
            patient=patient,
            patient_name=statement.patient_name,
            study_instance_uid=uid,
            study_id=statement.study_id,
            accession=statement.accession,
            description=statement.description,
            studied_on=statement.studied_on,
            studied_at=statement.studied_at,
            series=tuple(sorted(series, key=_series_order)),
            part=part,
            files={row[7]: self._file(row[9], row[10]) for row in rows},
            facts={row[7]: row[11] for row in rows},
        )

    def _file(self, place: str, location: str) -> OutsideFile:
        lies_at = tuple(json.loads(location))
        opener = self._archives.opener_at(lies_at)
        return OutsideFile(name=place, place=place, open=opener, location=lies_at)


@contextmanager
def seen_instances(archives: OpenArchives) -> Iterator[SeenInstances]:
    """Open an empty index in a nameless temporary file that vanishes with it; files lie in ``archives`` as well."""
    with closing(sqlite3.connect("", isolation_level=None, check_same_thread=False)) as connection:
        connection.executescript(
            f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -{CACHE_KIB};{_SCHEMA}"
        )
        yield SeenInstances(connection, archives)


def _series(uid: str, rows: list[tuple[Any, ...]]) -> ImageSeries:
    statement = [json.loads(text) for text in dict.fromkeys(row[2] for row in rows)]
    return ImageSeries(
        series_instance_uid=uid,
        modality=next((modality for modality, _ in statement if modality), ""),
        number=next((row[3] for row in rows if row[3] is not None), None),
        description=next((description for _, description in statement if description), ""),
        instances=tuple(_instance(row) for row in rows),
    )


def _instance(row: tuple[Any, ...]) -> ImageInstance:
    return ImageInstance(
        sop_instance_uid=row[4],
        sop_class_uid=row[5],
        number=row[6],
        attachment=Attachment(sha256=row[7], size=row[8], media_type=MEDIA_TYPE),
    )


def _series_order(series: ImageSeries) -> tuple[bool, int, str]:
    return series.number is None, series.number or 0, series.series_instance_uid


def _first_words(statement: list[StudyStatement]) -> StudyStatement:
    """Return the first value that any image gives for each thing statement about the study."""
    best = statement[0]
    for other in statement[1:]:
        best = StudyStatement(
            **{
                each.name: getattr(best, each.name) or getattr(other, each.name)
                for each in fields(StudyStatement)
            }
        )
    return best


def _patient_text(patient: ImagedPatient) -> str:
    born = patient.birth_date.isoformat() if patient.birth_date else ""
    return json.dumps([patient.number, patient.issuer, patient.family, patient.given, born, patient.sex])


def _patient_of(text: str) -> ImagedPatient:
    number, issuer, family, given, born, sex = json.loads(text)
    return ImagedPatient(
        number=number,
        issuer=issuer,
        family=family,
        given=given,
        birth_date=date.fromisoformat(born) if born else None,
        sex=Sex(sex),
    )


def _study_text(statement: StudyStatement) -> str:
    on = statement.studied_on.isoformat() if statement.studied_on else ""
    at = statement.studied_at.isoformat() if statement.studied_at else ""
    return json.dumps(
        [statement.patient_name, statement.study_id, statement.accession, statement.description, on, at]
    )


def _study_of(text: str) -> StudyStatement:
    patient_name, study_id, accession, description, on, at = json.loads(text)
    return StudyStatement(
        patient_name=patient_name,
        study_id=study_id,
        accession=accession,
        description=description,
        studied_on=date.fromisoformat(on) if on else None,
        studied_at=datetime.fromisoformat(at) if at else None,
    )

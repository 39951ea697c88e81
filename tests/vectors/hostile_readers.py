"""Every reader of outside bytes, each called with a file: it refuses with a failure, or it does not."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import icalendar

from archiver.evidence.links import algorithms_of
from archiver.evidence.query import Query, read_answer
from archiver.evidence.records import read_record
from archiver.evidence.verify import verify_record
from archiver.examination.examine import examine_whole
from archiver.handover.opened_dossier import open_dossier
from archiver.handover.opening import OpenRequest, open_for_reading, open_handover
from archiver.operations.receive import receive
from archiver.practice.store import PracticeStore
from archiver.sealing.age import PassphraseIdentity, decrypt, read_identities
from archiver.sealing.keyring import read_keyring
from archiver.sealing.keyring_header import read_header_line
from archiver.sealing.unsealing import open_unit
from archiver.signing.trust.anchors import Trust
from archiver.signing.trust.expectation import expectation
from archiver.verdict import State
from formats import xml
from formats.databases.files.calendar.table import open_calendar
from formats.databases.files.dbase.table import open_dbase
from formats.databases.files.file_findings import FileNotices
from formats.databases.files.fixed_width import open_fixed_width
from formats.databases.files.json_table import open_json
from formats.databases.files.table_file import FileTable, TableFile
from formats.databases.files.xml_table import open_xml
from formats.dicom.directory import missing_files
from formats.dicom.header import read_dicom_header
from formats.digests import SHA256, SHA512, Digest
from formats.errors import Failure, TableUnreadable
from formats.fhir.read import read_bundle
from formats.fhir_exports.read import read_export
from formats.findings import Finding, Severity
from formats.model.people import Patient
from formats.pdlgc.names import read_places
from formats.pdlgc.practice.read import read_practice_archive
from formats.pdlgc.read import read_patient_archive
from formats.pdlgc.source_rows import read_source_rows
from formats.portability.read import read_portability
from formats.reading import FileBody
from formats.tables.columns import Columns
from formats.tables.read import read_list
from formats.tables.workbook import REASONS
from formats.tables.workbook_process import TABLES, Refusal, workbook_lines
from tests.vectors.generator import age, case, flawed_evidence, people
from tests.vectors.generator.chance import passphrase
from tests.vectors.generator.package import base_units

TRUST = Trust(
    at=people.SIGNED,
    roots=(people.root().der,),
    tsa_roots=(people.root().der,),
    expected=tuple(map(expectation, people.EXPECTED)),
)
icalendar.Event()  # what it loads counts as no step of a reader
IDENTITIES = read_identities(io.BytesIO(age.identity_text().encode()))
"""The right key: what is refused is not refused for want of it."""

Reader = Callable[..., object]
"""Reads the file at a path; one of packages and sets takes besides whom to accept, and for which moment."""


class Noticed(Failure):
    """A finding about a file among others, or an answer that is not proven, told like a failure."""


def failure_of(code: str, where: str) -> Noticed:
    """Return what raises ``code``."""
    refusal = Noticed(where=where)
    refusal.code = code
    return refusal


def package(path: Path, trust: Trust = TRUST) -> object:
    """Examine a package and open its keyring."""
    return open_for_reading(
        OpenRequest(package=path, identities=IDENTITIES, trust=trust), progress=lambda _: None
    )


def dossiers(path: Path, trust: Trust = TRUST) -> object:
    """Open every dossier of a package, in the order of its list."""
    opened = open_for_reading(OpenRequest(package=path, identities=IDENTITIES, trust=trust))
    for entry in opened.keyring.entries:
        if entry.patient is not None:
            with open_dossier(opened.package, entry):
                pass
    return opened


def whole_set(path: Path, trust: Trust = TRUST) -> object:
    """Examine what ties a set and every volume beside it, and open all keyrings."""
    return open_handover(OpenRequest(package=path, identities=IDENTITIES, trust=trust))


def existence(path: Path, trust: Trust = TRUST) -> object:
    """Ask since when a package or a set exists."""
    verdict = examine_whole(path, trust).verdict
    if verdict.existed_at.state is not State.PROVEN:
        raise failure_of(verdict.existed_at.code, verdict.existed_at.where)
    return verdict


def archive(path: Path) -> object:
    """Read a plain patient archive and every file of its dossier."""
    with path.open("rb") as stream:
        opened = read_patient_archive(stream)
        for attachment in opened.dossier.attachments():
            with opened.open_attachment(attachment.sha256) as body:
                while body.read(1 << 16):
                    pass
        return opened


def practice(path: Path) -> object:
    """Read a plain practice-level archive and every row of the practice."""
    with path.open("rb") as stream:
        opened = read_practice_archive(stream)
        return opened, list(opened.rows())


def unit(path: Path) -> object:
    """Open a sealed unit with the right passphrase and read it."""
    with path.open("rb") as stream:
        return open_unit(stream, passphrase("a")).read()


def keyring(path: Path) -> object:
    """Open a keyring that says of itself what it commits to, so that only its lines can be wrong."""
    plain = io.BytesIO()
    with path.open("rb") as stream:
        decrypt(stream, plain, IDENTITIES)
    plain.seek(0)
    first = plain.readline()
    commitment = Digest.of(read_header_line(first).nonce, plain.read(), algorithm=SHA512)
    with path.open("rb") as stream:
        _, entries = read_keyring(stream, IDENTITIES, commitment=commitment)
        return list(entries)


def age_file(path: Path) -> object:
    """Decrypt an age file with the right key."""
    with path.open("rb") as stream:
        return decrypt(stream, io.BytesIO(), IDENTITIES)


def passphrase_file(path: Path) -> object:
    """Decrypt an age file with the right passphrase."""
    with path.open("rb") as stream:
        return decrypt(stream, io.BytesIO(), [PassphraseIdentity(passphrase=age.PASSPHRASE)])


def identities(path: Path) -> object:
    """Read a file of identities."""
    with path.open("rb") as stream:
        return read_identities(stream)


def bundle(path: Path) -> object:
    """Read a FHIR bundle as a dossier."""
    with path.open("rb") as stream:
        return read_bundle(stream)


def rows(path: Path) -> object:
    """Read the source rows of an archive."""
    with path.open("rb") as stream:
        return list(read_source_rows(stream))


def names(path: Path) -> object:
    """Read the list of names of an archive."""
    with path.open("rb") as stream:
        return read_places(stream)


def table(path: Path) -> object:
    """Read somebody's list."""
    columns = Columns(
        aliases={"patient": ("patient number",), "name": ("family name",)}, required=("patient",)
    )
    return list(read_list(path, columns))


def file_of_table(open_table: Callable[..., FileTable], **known: Any) -> Reader:
    """Return the reader of files of one kind as the table of a practice."""

    def read(path: Path) -> object:
        found = open_table("T", path, TableFile(**known), FileNotices())
        try:
            return list(found.rows())
        finally:
            found.close()

    return read


def calendar(path: Path) -> object:
    """Read every event of a calendar; what is not taken as it is written is a finding."""
    notices = FileNotices()
    found = open_calendar("T", path, TableFile(), notices, time_zone="Europe/Paris")
    try:
        rows = list(found.rows())
    finally:
        found.close()
    for finding in notices.found:
        if finding.severity is not Severity.NOTE:
            raise failure_of(finding.code, finding.where)
    return rows


def workbook(path: Path) -> object:
    """Read every sheet of a workbook as the process does that reads them; what it answers is a refusal."""
    try:
        return list(workbook_lines(path.read_bytes(), TABLES))
    except Refusal as refusal:
        raise TableUnreadable(name=path.name, line=0, reason=REASONS[str(refusal)]) from refusal


def document(path: Path) -> object:
    """Parse XML."""
    return xml.parse(path.read_bytes())


def picture(path: Path) -> object:
    """Read the header of a DICOM file."""
    with path.open("rb") as stream:
        return read_dicom_header(stream)


def answer(path: Path) -> object:
    """Take an authority's answer to the question the generator had in mind."""
    query = Query(digest=Digest(SHA256, flawed_evidence.ROOT), nonce=7)
    return read_answer(path.read_bytes(), query, TRUST.tsa_roots)


def record(path: Path) -> object:
    """Ask an evidence record about the units of the base package, two years after it was made."""
    return judged_record(path.read_bytes())


def judged_record(data: bytes) -> object:
    """Return the verdict about the record ``data``, or raise why it proves nothing."""
    found = read_record(data)
    digests = {
        name: {one: Digest.of(data, algorithm=one) for one in algorithms_of(found)}
        for name, data in base_units().items()
    }
    later = Trust(at=people.SIGNED + 2 * flawed_evidence.YEAR, tsa_roots=TRUST.tsa_roots)
    verdict = verify_record(found, digests, later)
    if verdict.existed_at.state is not State.PROVEN:
        raise verdict.existed_at.failure or failure_of(verdict.existed_at.code, verdict.existed_at.where)
    return verdict


def directory(path: Path) -> object:
    """Read a DICOMDIR; what it names wrongly is a finding."""
    for finding in missing_files(path, path.name):
        raise failure_of(finding.code, finding.where)
    return None


def exported(read_place: Callable[[Path], Iterable[object]]) -> Reader:
    """Return the reader of exports of other programs; what is refused in one is a finding, and the others come.

    What went wrong comes before what is odd, and an export in which no patient came is told by no code.
    """

    def read(path: Path) -> object:
        items = []
        for one in read_place(path):
            items.append(one)
            if isinstance(one, FileBody):
                with one.open() as body:
                    while body.read(1 << 16):
                        pass
        if not any(isinstance(one, Patient) for one in items):
            raise failure_of("nobody came", "")
        for severity in (Severity.ERROR, Severity.WARNING):
            for one in items:
                if isinstance(one, Finding) and one.severity is severity:
                    raise failure_of(one.code, one.where)
        return items

    return read


def importing(store: PracticeStore) -> Reader:
    """Return the reader that takes a package into ``store``."""

    def read(path: Path, trust: Trust = TRUST) -> object:
        request = OpenRequest(package=path, identities=IDENTITIES, trust=trust)
        return receive(store, request, clock=lambda: trust.at)

    return read


READERS: Mapping[str, Reader] = {
    case.PACKAGE: package,
    case.SET: whole_set,
    case.DOSSIERS: dossiers,
    case.EXISTENCE: existence,
    case.ARCHIVE: archive,
    case.PRACTICE: practice,
    case.ANSWER: answer,
    case.RECORD: record,
    case.UNIT: unit,
    case.KEYRING: keyring,
    case.AGE: age_file,
    case.PASSPHRASE: passphrase_file,
    case.IDENTITIES: identities,
    case.BUNDLE: bundle,
    case.ROWS: rows,
    case.NAMES: names,
    case.TABLE: table,
    case.XML: document,
    case.JSON: file_of_table(open_json),
    case.TABLE_XML: file_of_table(open_xml),
    case.DBASE: file_of_table(open_dbase),
    case.CALENDAR: calendar,
    case.FIXED: file_of_table(
        open_fixed_width, widths=(4, 4), headings=("NUM", "NOM"), record=8, encoding="utf-8"
    ),
    case.WORKBOOK: workbook,
    case.PORTABILITY: exported(read_portability),
    case.FHIR: exported(read_export),
    case.DICOM: picture,
    case.DICOMDIR: directory,
}

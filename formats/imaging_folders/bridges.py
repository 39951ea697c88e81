"""Bridges: images and other files of a place, and whose the bridge files in their folders say that they are.

A bridge file that the imaging software lays into the folder of a patient (FILEDATA.txt) speaks for that folder. A
mailbox names whoever was called up last: it speaks for its folder only where the name of that is the patient's
number, or family and given name; else what lies there waits for a person, with that patient beside it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from formats.dicom.study import FoundStudy, ImagedPatient, agreeing
from formats.errors import Failure, LimitExceeded, reason_of
from formats.findings import Finding, Severity
from formats.folders import as_finding
from formats.imaging_folders.bridge_files.filedata import read_filedata
from formats.imaging_folders.bridge_files.linkage import read_linkage
from formats.imaging_folders.bridge_files.patient_ini import read_patient_ini
from formats.imaging_folders.bridge_files.siomin import read_siomin
from formats.imaging_folders.bridge_files.statement import (
    MAX_FILE_BYTES,
    BridgeStatement,
    BridgeUnreadable,
    NamedPatient,
)
from formats.imaging_folders.files import files_of_images
from formats.imaging_folders.read import images_among
from formats.names import comparable
from formats.outside_files.archives import OpenArchives, OutsideFile
from formats.papers.paper import FoundPaper
from formats.words import mark

BRIDGE_FILES: Mapping[str, Callable[[bytes, str], Iterator[NamedPatient | Finding]]] = {
    "filedata.txt": read_filedata,
    "patient.ini": read_patient_ini,
    "siomin.sdx": read_siomin,
    "linkage.xml": read_linkage,
}
"""Readers of bridge files by their names without case."""
OF_FOLDERS = frozenset({"filedata.txt"})
"""Bridge files that are laid into the folder of the patient."""
MAX_STATEMENTS = 500_000
"""Patients named by the bridge files of a place; some 500 bytes of memory each."""
UNCONFIRMED = mark(
    "The bridge file of its folder names this patient, but it may be whoever was called up last: "
    "the name of the folder confirms nothing."
)
SEVERAL = mark("The bridge files of its folder name several patients.")


@dataclass(frozen=True, kw_only=True, slots=True)
class FolderStatement:
    """What bridge files say of one file: the patient, if they agree, and a reason (gettext) not to follow them."""

    statement: BridgeStatement | None = None
    doubt: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class BridgedItem:
    """A study, a document, or a statement itself, and what the bridge files of its folder say of it."""

    found: FoundStudy | FoundPaper | BridgeStatement
    folder: FolderStatement


class Bridges:
    """The statements of all bridge files at a place, by the folders in which these lie."""

    def __init__(self, root_name: str) -> None:
        self._root_name = root_name
        self._statements: dict[PurePosixPath, list[BridgeStatement]] = defaultdict(list)
        self._above: Counter[PurePosixPath] = Counter()
        self._verdicts: dict[PurePosixPath, FolderStatement] = {}

    def learn(self, statement: BridgeStatement, place: str) -> None:
        """Remember what the bridge file at ``place`` says."""
        folder = PurePosixPath(place).parent
        if folder not in self._statements:
            self._above.update(folder.parents)
        self._statements[folder].append(statement)

    def of_file(self, place: str) -> FolderStatement:
        """Return what is said of the file at ``place``: by the nearest folder above it with a bridge file.

        Where bridge files lie below that folder as well, or it is in doubt, it speaks only for what lies right in it.
        """
        direct = PurePosixPath(place).parent
        for folder in (direct, *direct.parents):
            if folder in self._statements:
                verdict = self.of_folder(folder)
                speaks = folder == direct or not (self._above[folder] or verdict.doubt)
                return verdict if speaks else FolderStatement()
        return FolderStatement()

    def of_folder(self, folder: PurePosixPath) -> FolderStatement:
        """Return what the bridge files right in ``folder`` say of it."""
        if folder not in self._verdicts:
            self._verdicts[folder] = self._verdict(folder)
        return self._verdicts[folder]

    def _verdict(self, folder: PurePosixPath) -> FolderStatement:
        name = folder.name or self._root_name
        naming = [one for one in self._statements[folder] if _names_somebody(one.patient)]
        confirmed = [one for one in naming if one.of_folder or _is_named_for(name, one.patient)]
        followed = confirmed or naming
        leading = {id(patient) for patient in agreeing(one.patient for one in followed).values()}
        if len(leading) != 1:
            return FolderStatement(doubt=SEVERAL if leading else "")
        (statement, *_) = (one for one in followed if id(one.patient) in leading)
        return FolderStatement(statement=statement, doubt="" if confirmed else UNCONFIRMED)


def find_bridged(place: Path, archives: OpenArchives) -> Iterator[BridgedItem | Finding]:
    """Yield the statements of bridge files, then all other files at ``place`` as studies and documents.

    Raises:
        FolderNotFound, NotAFolder: as ``find_images``.
        LimitExceeded: when it holds too many files, or these name too many patients.
    """
    bridges = Bridges(place.resolve().name)
    read: dict[str, list[BridgeStatement]] = {}
    for file in files_of_images(place, archives):
        if isinstance(file, OutsideFile) and file.base_name.casefold() in BRIDGE_FILES:
            yield from _learn(file, bridges, read)
    for where, statements in read.items():
        folder = bridges.of_folder(PurePosixPath(where).parent)
        for one in statements:
            doubt = folder.doubt if folder.statement is not None else ""
            yield BridgedItem(found=one, folder=FolderStatement(statement=one, doubt=doubt))
    rest = (
        one for one in files_of_images(place, archives) if isinstance(one, Finding) or one.place not in read
    )
    for found in images_among(rest, archives, every=True):
        if isinstance(found, Finding):
            yield found
        elif isinstance(found, FoundPaper):
            yield BridgedItem(found=found, folder=bridges.of_file(found.name))
        else:
            yield BridgedItem(found=found, folder=_of_all(found, bridges))


def _learn(file: OutsideFile, bridges: Bridges, read: dict[str, list[BridgeStatement]]) -> Iterator[Finding]:
    """Read a bridge file; what cannot be read is named, and taken as any other file."""
    name, where = file.base_name.casefold(), file.place
    try:
        named = list(BRIDGE_FILES[name](_bytes_of(file), where))
    except (Failure, OSError) as fault:
        failure = fault if isinstance(fault, Failure) else BridgeUnreadable(reason=reason_of(fault))
        yield as_finding(failure, where, Severity.WARNING)
        return
    patients = [one for one in named if isinstance(one, NamedPatient)]
    if not patients:
        yield as_finding(BridgeUnreadable(reason=mark("it names no patient")), where, Severity.WARNING)
        return
    yield from (one for one in named if isinstance(one, Finding))
    statements = read.setdefault(where, [])
    for number, one in enumerate(patients, start=1):
        key = where if len(patients) == 1 else f"{where}#{number}"
        statement = BridgeStatement(
            key=key, patient=one.patient, columns=one.columns, of_folder=name in OF_FOLDERS
        )
        statements.append(statement)
        bridges.learn(statement, where)
    if sum(map(len, read.values())) > MAX_STATEMENTS:
        raise LimitExceeded(
            name=mark("the number of patients in bridge files"),
            found=sum(map(len, read.values())),
            limit=MAX_STATEMENTS,
        )


def _bytes_of(file: OutsideFile) -> bytes:
    with file.open() as stream:
        data = stream.read(MAX_FILE_BYTES + 1)
    if len(data) > MAX_FILE_BYTES:
        found = max(len(data), file.size)
        raise LimitExceeded(name=mark("the length of a bridge file"), found=found, limit=MAX_FILE_BYTES)
    return data


def _of_all(study: FoundStudy, bridges: Bridges) -> FolderStatement:
    """Return what is said of all files of a study, or nothing where that differs."""
    verdicts: Iterable[FolderStatement] = [bridges.of_file(one.place) for one in study.files.values()]
    keys = {one.statement.key if one.statement else "" for one in verdicts}
    return next(iter(verdicts)) if len(keys) == 1 else FolderStatement()


def _names_somebody(patient: ImagedPatient) -> bool:
    return bool(patient.number or patient.family or patient.given)


def _is_named_for(folder: str, patient: ImagedPatient) -> bool:
    """Tell whether ``folder`` is called by the patient's number (``123``, ``00123``, ``P000123``) or whole name."""
    own = patient.number.casefold().lstrip("0")
    called = folder.strip().casefold()
    if own and own in {called.lstrip("0"), called[1:].lstrip("0") if called[:1].isalpha() else ""}:
        return True
    family, given = comparable(patient.family), comparable(patient.given)
    return bool(family and given) and comparable(folder) in {family + given, given + family}

"""Registry of forms: for each name the writer and the checker of one file, imported when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

from formats.findings import Finding
from formats.reading import Checker
from formats.target import Target, WholeTarget, Writer, write_all

if TYPE_CHECKING:
    from formats.dicom.dicomdir import Node
    from formats.model.dossier import Dossier
    from formats.model.provenance import SourceRow
    from formats.pdlgc.practice.read import PracticeRecords


@dataclass(frozen=True, kw_only=True, slots=True)
class FileForm:
    """What can be done with one file of a form; each role is a function that imports it."""

    import_writer: Callable[[], Writer] | None = None
    import_checker: Callable[[], Checker] | None = None


def writer_for(name: str) -> Writer:
    """Return the writer of the form ``name``.

    Raises:
        LookupError: when there is none.
    """
    return _role(FORMS[name].import_writer, name)()


def checker_for(name: str) -> Checker:
    """Return the checker of the form ``name``.

    Raises:
        LookupError: when there is none.
    """
    return _role(FORMS[name].import_checker, name)()


Role = TypeVar("Role")


def _role(found: Callable[[], Role] | None, name: str) -> Callable[[], Role]:
    if found is None:
        raise LookupError(name)
    return found


def _bundle_writer() -> Writer:
    from formats.fhir.write import write_bundle

    def write(value: Dossier, target: Target, /, **options: Any) -> None:
        write_bundle(value, WholeTarget(target), **options)

    return write


def _bundle_checker() -> Checker:
    from formats.fhir.read import read_bundle

    def check(source: BinaryIO, /) -> Iterator[Finding]:
        yield from read_bundle(source)[1]

    return check


def _archive_writer() -> Writer:
    from formats.pdlgc.write import write_patient_archive

    def write(value: Dossier, target: Target, /, **options: Any) -> None:
        write_patient_archive(value, target, **options)

    return write


def _archive_checker() -> Checker:
    from formats.digests import chunks
    from formats.pdlgc.read import read_patient_archive

    def check(source: BinaryIO, /) -> Iterator[Finding]:
        archive = read_patient_archive(source)
        for attachment in archive.dossier.attachments():
            with archive.open_attachment(attachment.sha256) as stream:
                for _ in chunks(stream):
                    pass
        yield from archive.findings

    return check


def _practice_archive_writer() -> Writer:
    from formats.pdlgc.practice.write import write_practice_archive

    def write(
        value: PracticeRecords, target: Target, /, *, rows: Iterable[SourceRow] = (), **options: Any
    ) -> None:
        write_practice_archive(value, rows, target, **options)

    return write


def _practice_archive_checker() -> Checker:
    from formats.pdlgc.practice.read import read_practice_archive

    def check(source: BinaryIO, /) -> Iterator[Finding]:
        archive = read_practice_archive(source)
        for _ in archive.rows():
            pass
        yield from archive.findings

    return check


def _table_writer() -> Writer:
    from formats.pdlgc.columns import columns_of
    from formats.pdlgc.tables import write_table

    def write(value: Iterable[Sequence[str]], target: Target, /, *, place: str) -> None:
        for piece in write_table(columns_of(place), value):
            write_all(target, piece)

    return write


def _to_the_end(items: Iterable[object]) -> Iterator[Finding]:
    """Read ``items``, none of which is a finding."""
    for _ in items:
        yield from ()


def _table_checker() -> Checker:
    from formats.pdlgc.columns import LISTS
    from formats.pdlgc.tables import read_any_table

    return lambda source, /: _to_the_end(read_any_table(source, LISTS))


def _list_writer() -> Writer:
    from formats.tables.write import list_bytes

    def write(value: Iterable[Sequence[str]], target: Target, /) -> None:
        write_all(target, list_bytes(value))

    return write


def _document_list_checker() -> Checker:
    from formats.papers.listing import COLUMNS
    from formats.tables.read import read_lines

    return lambda source, /: _to_the_end(read_lines(source, COLUMNS, name="CSV"))


def _rows_writer() -> Writer:
    from formats.pdlgc.source_rows import write_source_rows

    def write(value: tuple[SourceRow, ...], target: Target, /) -> None:
        for line in write_source_rows(value):
            write_all(target, line)

    return write


def _rows_checker() -> Checker:
    from formats.pdlgc.source_rows import read_source_rows

    return lambda source, /: _to_the_end(read_source_rows(source))


def _header_checker() -> Checker:
    from formats.dicom.header import read_dicom_header

    def check(source: BinaryIO, /) -> Iterator[Finding]:
        read_dicom_header(source)
        yield from ()

    return check


def _directory_writer() -> Writer:
    from formats.dicom.dicomdir import directory

    def write(value: Sequence[Node], target: Target, /, *, uid: str) -> None:
        write_all(target, directory(value, uid))

    return write


def _directory_checker() -> Checker:
    from formats.dicom.directory import referenced_files

    return lambda source, /: _to_the_end(referenced_files(source))


def _clinical_document_checker() -> Checker:
    from formats.cda.check import check_document

    return check_document


FORMS: dict[str, FileForm] = {
    "dicom": FileForm(import_checker=_header_checker),
    "cda": FileForm(import_checker=_clinical_document_checker),
    "fhir-bundle": FileForm(import_writer=_bundle_writer, import_checker=_bundle_checker),
    "patient-archive": FileForm(import_writer=_archive_writer, import_checker=_archive_checker),
    "practice-archive": FileForm(
        import_writer=_practice_archive_writer, import_checker=_practice_archive_checker
    ),
    "archive-table": FileForm(import_writer=_table_writer, import_checker=_table_checker),
    "document-list": FileForm(import_writer=_list_writer, import_checker=_document_list_checker),
    "source-rows": FileForm(import_writer=_rows_writer, import_checker=_rows_checker),
    "dicomdir": FileForm(import_writer=_directory_writer, import_checker=_directory_checker),
}
"""Every form by its name."""

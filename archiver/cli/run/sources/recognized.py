"""What ``archiver collect PLACE`` does: recognise the source at a place, and collect it as its own command would."""

from __future__ import annotations

from pathlib import Path

from archiver.cli.commands.collect import PathOptions
from archiver.cli.errors import (
    ListAmongTables,
    SourceAmbiguous,
    SourceUnmapped,
    SourceUnpublished,
    SourceUnrecognized,
)
from archiver.cli.options.output import AttributionOutput, OutputOptions
from archiver.cli.options.passphrases import database_password
from archiver.cli.run import collect
from archiver.cli.terminal.console import note
from archiver.dicom_network.node_address import parse_node_address
from formats import registry
from formats.databases.files.folder import has_tables
from formats.databases.servers.address import is_database_address, shown_place
from formats.errors import not_found
from formats.papers.read import is_list_among_tables
from formats.regular_files import open_regular
from formats.words import mark

WEB = ("http://", "https://")
MIGRATION_ENDING = ".dpm"
_SQLITE = b"SQLite format 3\0"
_ZSTANDARD = b"\x28\xb5\x2f\xfd"
"""First bytes of a Zstandard frame (RFC 8878, 3.1.1)."""
_ADVICE = (
    (
        _SQLITE,
        mark("it is a SQLite database, whose tables a mapping can describe (archiver mapping propose PLACE)"),
    ),
    (
        _ZSTANDARD,
        mark(
            "it is compressed (Zstandard); unpack it with zstd -d, and see whether it is a SQLite database then"
        ),
    ),
)
_ASK = mark("ask whoever wrote it for tables (CSV, XLSX) or a portability archive (PDLGC)")


def collect_there(place: str, into: Path, *, output: OutputOptions) -> int:
    """Collect what lies at ``place``, say what it was taken for, and return the exit status."""
    name = _kind_of(place)
    status = _collect(name, place, into, output)
    note(mark("This is a source of the kind {name} (archiver collect {name})."), name=name)
    return status


def _collect(name: str, place: str, into: Path, output: OutputOptions) -> int:
    whose = AttributionOutput(report=output.report, as_json=output.as_json)
    if name == "opendental":
        return collect.opendental(
            place,
            into,
            password=database_password(None, place),
            images=None,
            practice=None,
            time_zone="Europe/Paris",
            again=False,
            part=False,
            output=output,
        )
    if name in {"dicom", "bridges"}:
        return collect.imaging(Path(place), into, whose, source=name)
    if name == "documents":
        return collect.papers(Path(place), into, PathOptions(), whose)
    return collect.outside(name, Path(place), into, output=output)


def _kind_of(place: str) -> str:
    """Return the name of the source at ``place``.

    Raises:
        FileNotFound, FolderNotFound: when nothing is there.
        NotARegularFile: when a device or a pipe is there.
        SourceUnrecognized, SourceAmbiguous, SourceUnmapped, SourceUnpublished, ListAmongTables: when it is not one.
        DatabaseAddressInvalid: when it is the address of no database.
    """
    if place.startswith(WEB) or (parse_node_address(place) is not None and not Path(place).exists()):
        raise SourceUnrecognized(place=place)  # of the network: its command asks where the images are to lie
    if is_database_address(place) and "opendental" not in registry.recognize(place):
        raise SourceUnmapped(place=shown_place(place))
    path = Path(place)
    if path.exists() and not path.is_dir():
        open_regular(path).close()
        if path.suffix.lower() == MIGRATION_ENDING:
            raise SourceUnpublished(place=place, advice=_advice(path))
    found = registry.recognize(place)
    if found == ("documents",) and is_list_among_tables(place):
        raise ListAmongTables(place=place)
    if len(found) == 1:
        return found[0]
    if found:
        raise SourceAmbiguous(place=place, names=", ".join(found))
    if not path.exists():
        raise not_found(path)
    if has_tables(path) or (path.is_file() and _head(path) == _SQLITE):
        raise SourceUnmapped(place=place)
    raise SourceUnrecognized(place=place)


def _advice(path: Path) -> str:
    """Return what to do with a file of DPMF, by its first bytes."""
    head = _head(path)
    return next((advice for magic, advice in _ADVICE if head.startswith(magic)), _ASK)


def _head(path: Path) -> bytes:
    with open_regular(path) as stream:
        return stream.read(len(_SQLITE))

"""Check a mapping: its faults, all in one run; where it has none, the tests that it carries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from archiver.operations.documents.outcomes import findings_json
from formats.databases.servers.address import shown_place
from formats.errors import FolderNotFound
from formats.findings import Finding
from formats.sources.mapped.language.declarations import MappingDeclaration
from formats.sources.mapped.language.faults import MappingInvalid
from formats.sources.mapped.language.parse import examine_mapping, mapping_bytes
from formats.sources.mapped.language.references import kinds_made
from formats.sources.mapped.mapping_tests import TestedMapping, run_tests
from formats.sources.mapped.open import files_folder, is_server, open_tables, opening_options
from formats.sources.mapped.source_check import check_source
from formats.words import mark


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckedMapping:
    """The outcome: the mapping if it has no ``faults``, and what its tests came to."""

    mapping: MappingDeclaration | None = None
    faults: tuple[Finding, ...] = ()
    tests: tuple[TestedMapping, ...] = ()

    @property
    def failures(self) -> tuple[Finding, ...]:
        """What was otherwise than a test expects."""
        return tuple(one for test in self.tests for one in test.failures)

    @property
    def sound(self) -> bool:
        """Whether the mapping can be used as its author meant it."""
        return not self.faults and not self.failures


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckRequest:
    """The file of the ``mapping``, and the tables at ``source`` that it is held against, if they are given.

    ``files`` is the folder of documents, where it does not lie beside the tables.
    """

    mapping: Path
    source: str | None = None
    files: Path | None = None
    password: str = field(default="", repr=False)


def check_mapping(request: CheckRequest) -> CheckedMapping:
    """Return what is to be said about a mapping: all its faults, those that its source shows among them.

    Raises:
        FileNotFound, LimitExceeded: when there is no such file, or it is too large; what opening the source raises.
        FolderNotFound: when there is no folder of documents where the request names one.
    """
    if request.files is not None and not request.files.is_dir():
        raise FolderNotFound(path=str(request.files))
    try:
        mapping, faults = examine_mapping(mapping_bytes(request.mapping), request.mapping.name)
    except MappingInvalid as invalid:
        return CheckedMapping(faults=invalid.faults)
    if request.source is not None:
        options = replace(opening_options(mapping), password=request.password)
        with open_tables(request.source, options) as source:
            check_source(source, mapping, faults)
        if (
            request.files is None
            and mapping.files
            and not is_server(request.source)
            and files_folder(request.source, mapping) is None
        ):
            sentence = mark(
                "There is no folder “{folder}” beside the tables; where it is elsewhere, --files names it."
            )
            faults.add("mapping-folder-missing", ("source", "files"), sentence, folder=mapping.files)
    if faults.found:
        return CheckedMapping(faults=tuple(faults.found))
    return CheckedMapping(mapping=mapping, tests=tuple(run_tests(mapping)))


def checked_mapping_json(checked: CheckedMapping, request: CheckRequest) -> Mapping[str, Any]:
    """Return the outcome as a JSON document."""
    mapping = checked.mapping
    return {
        "mapping_checked": 1,
        "path": str(request.mapping),
        "source": None if request.source is None else shown_place(request.source),
        "sound": checked.sound,
        "name": mapping.name if mapping else None,
        "version": mapping.version if mapping else None,
        "software": mapping.software if mapping else None,
        "tables": len(mapping.tables) if mapping else None,
        "kinds": list(kinds_made(mapping)) if mapping else [],
        "tests": [{"name": one.test.name, "passed": not one.failures} for one in checked.tests],
        "findings": findings_json((*checked.faults, *checked.failures)),
    }

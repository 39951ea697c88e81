"""What ``archiver mapping check`` does and prints."""

from __future__ import annotations

from pathlib import Path

from archiver.cli.exits import STATUS_OF_CODE, SUCCESS
from archiver.cli.terminal.console import note, print_line, say, show_json
from archiver.cli.terminal.language import localize_finding
from archiver.nouns import TABLES
from archiver.operations.mapping.check_mapping import (
    CheckedMapping,
    CheckRequest,
    check_mapping,
    checked_mapping_json,
)
from formats.words import Counted, mark, plural


def run(request: CheckRequest, *, as_json: bool) -> int:
    """Say every fault of a mapping and of its tests, and return the exit status."""
    checked = check_mapping(request)
    show_json(checked_mapping_json(checked, request)) if as_json else _show(checked, request.mapping)
    return SUCCESS if checked.sound else STATUS_OF_CODE["mapping-invalid"]


def _show(checked: CheckedMapping, path: Path) -> None:
    for one in (*checked.faults, *checked.failures):
        print_line(f"{localize_finding(one)} [{one.code}]")
    if checked.faults:
        say(
            plural("{path}: {count} fault.", "{path}: {count} faults."),
            path=path.name,
            count=len(checked.faults),
        )
    elif mapping := checked.mapping:
        say(
            mark("Mapping {name} {version} of {software}: no fault, {tables}."),
            name=mapping.name,
            version=mapping.version,
            software=mapping.software,
            tables=Counted(len(mapping.tables), TABLES),
        )
        passed = sum(not one.failures for one in checked.tests)
        say(mark("Tests that passed: {passed} of {count}."), passed=passed, count=len(checked.tests))
    if checked.mapping and not checked.tests:
        note(mark("It carries no test: what it makes of a row is not known until somebody looks."))

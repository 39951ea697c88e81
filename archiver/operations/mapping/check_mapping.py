"""Check a mapping: its faults, all in one run; where it has none, the tests that it carries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archiver.operations.documents.outcomes import findings_json
from formats.findings import Finding
from formats.sources.mapped.language.declarations import MappingDeclaration
from formats.sources.mapped.language.faults import MappingInvalid
from formats.sources.mapped.language.parse import load_mapping
from formats.sources.mapped.mapping_tests import TestedMapping, kinds_made, run_tests


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


def check_mapping(path: Path) -> CheckedMapping:
    """Return what is to be said about the mapping at ``path``.

    Raises:
        FileNotFound, LimitExceeded: when there is no such file, or it is too large.
    """
    try:
        mapping = load_mapping(path)
    except MappingInvalid as invalid:
        return CheckedMapping(faults=invalid.faults)
    return CheckedMapping(mapping=mapping, tests=tuple(run_tests(mapping)))


def checked_mapping_json(checked: CheckedMapping, path: Path) -> Mapping[str, Any]:
    """Return the outcome as a JSON document."""
    mapping = checked.mapping
    return {
        "mapping_checked": 1,
        "path": str(path),
        "sound": checked.sound,
        "name": mapping.name if mapping else None,
        "version": mapping.version if mapping else None,
        "software": mapping.software if mapping else None,
        "tables": len(mapping.tables) if mapping else None,
        "kinds": list(kinds_made(mapping)) if mapping else [],
        "tests": [{"name": one.test.name, "passed": not one.failures} for one in checked.tests],
        "findings": findings_json((*checked.faults, *checked.failures)),
    }

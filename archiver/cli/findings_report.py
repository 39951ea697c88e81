"""All findings of a command in one list: what is printed shows one example of each code."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from archiver import disk
from archiver.cli.language import tell, tell_finding
from archiver.errors import AlreadyExists
from formats.findings import Finding, worst_first
from formats.regular_files import open_regular
from formats.tables.write import BYTE_ORDER_MARK, list_bytes

if TYPE_CHECKING:
    from archiver.operations.attribute import Unassigned

COLUMNS = ("key", "number", "family_name", "given_name", "birth_date", "state", "reason", "patient_number")
"""Of what belongs to nobody for sure; a finding fills ``state`` and ``reason`` alone."""
Filing = Callable[[Iterable[Finding]], None]


@contextmanager
def findings_report(target: Path | None, *, unassigned: Sequence[Unassigned] = ()) -> Iterator[Filing]:
    """Open the report before the work, so that nothing is done without it, and yield what fills it.

    It is in place when the block ends well. ``unassigned`` is read when the report is filled: a person
    fills in the last column of such a line, and hands the report back.

    Raises:
        AlreadyExists: when something else than an earlier report lies there.
        DiskFull, DiskFault: what the disk answered.
    """
    if target is None:
        yield lambda _: None
        return
    if target.exists() and not _is_report(target):
        raise AlreadyExists(path=str(target))
    with disk.written_aside(target, mode=disk.PRIVATE, replace=True) as sheet:

        def fill(findings: Iterable[Finding]) -> None:
            sheet.write(list_bytes([COLUMNS, *_rows(unassigned, findings)]))
            sheet.flush()

        yield fill


def _is_report(path: Path) -> bool:
    heading = ";".join(COLUMNS).encode()
    with disk.told(path), open_regular(path) as stream:
        return stream.read(len(BYTE_ORDER_MARK + heading)).removeprefix(BYTE_ORDER_MARK).startswith(heading)


def _rows(unassigned: Sequence[Unassigned], findings: Iterable[Finding]) -> Iterator[tuple[str, ...]]:
    """Yield what waits for a patient, then the findings, which have no key: nothing is assigned by one."""
    for one in unassigned:
        said = (one.number, one.family, one.given, one.birth_date)
        yield (one.key, *said, one.state.value, tell(one.reason), "")
    listed = {(one.key, one.reason) for one in unassigned}
    for found in worst_first(findings):
        if (found.where, found.sentence) not in listed:
            text = f"{tell_finding(found)} [{found.code}]"
            yield ("", "", "", "", "", found.severity.value, text, "")

"""All findings of a command in one list: what is printed shows one example of each code."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from archiver import disk
from archiver.cli.terminal.language import language, localize, localize_finding
from archiver.errors import AlreadyExists
from archiver.report_columns import headings
from archiver.spooled_list import SpooledList
from formats.findings import Finding, Severity
from formats.regular_files import open_regular
from formats.tables.limits import MAX_LINE, MAX_TABLE_BYTES
from formats.tables.write import BYTE_ORDER_MARK, ESCAPED, list_lines
from formats.words import LANGUAGES, plural

if TYPE_CHECKING:
    from archiver.operations.collecting.attribute import AttributedItem

MAX_CELL_CHARACTERS = 8_000
"""Characters of a cell; eight of them, with every quotation mark doubled, fit a line that is read again."""
LEFT_OUT = plural(
    "{count} more line does not fit a list: --json has everything.",
    "{count} more lines do not fit a list: --json has everything.",
)
Filing = Callable[[Iterable[Finding]], None]


@contextmanager
def findings_report(target: Path | None, *, attributed: Collection[AttributedItem] = ()) -> Iterator[Filing]:
    """Open the report before the work, so that nothing is done without it, and yield what fills it.

    It is in place when the block ends well. ``attributed`` is read when the report is filled: a person
    fills in the last column of a line, or mends it, and hands the report back.

    Raises:
        AlreadyExists: when something else than an earlier report lies there.
        DiskFull, DiskFault: what the disk answered.
    """
    if target is None:
        yield lambda _: None
        return
    require_report_place(target)
    with disk.write_aside(target, mode=disk.PRIVATE, replace=True) as sheet:

        def fill(findings: Iterable[Finding]) -> None:
            for line in _within(list_lines(chain([headings(language())], _rows(attributed, findings)))):
                sheet.write(line)
            sheet.flush()

        yield fill


def require_report_place(target: Path) -> None:
    """Raise when a report cannot take the place of what lies at ``target``.

    Raises:
        AlreadyExists: when it is something else than an earlier report.
    """
    if target.exists() and not _is_report(target):
        raise AlreadyExists(path=str(target))


def _is_report(path: Path) -> bool:
    known = tuple(";".join(headings(one)).encode() for one in LANGUAGES)
    with disk.failures_about(path), open_regular(path) as stream:
        head = stream.read(len(BYTE_ORDER_MARK) + max(map(len, known)))
    return head.removeprefix(BYTE_ORDER_MARK).startswith(known)


def _within(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the list as far as it can be read again, and how many of its lines are left out."""
    size, left_out = len(BYTE_ORDER_MARK), 0
    yield BYTE_ORDER_MARK
    for line in lines:
        if left_out or size + len(line) > MAX_TABLE_BYTES - MAX_LINE:
            left_out += 1
        else:
            size += len(line)
            yield line
    if left_out:
        yield from list_lines(
            [("", "", "", "", "", Severity.ERROR.value, localize(LEFT_OUT, count=left_out), "")]
        )


def _cut(cell: str) -> str:
    """Return ``cell`` as long as a line has room for all its cells, with their quotation marks doubled."""
    cell = cell.encode("utf-8", ESCAPED).decode("utf-8")
    return cell if len(cell) <= MAX_CELL_CHARACTERS else f"{cell[: MAX_CELL_CHARACTERS - 1]}…"


def _rows(attributed: Collection[AttributedItem], findings: Iterable[Finding]) -> Iterator[tuple[str, ...]]:
    """Yield what was found, then the findings, which have no key: nothing is assigned by one."""
    listed = set()
    for one in attributed:
        claim = (one.number, one.family, one.given, one.birth_date)
        yield tuple(map(_cut, (one.key, *claim, one.state.value, localize(one.reason), one.patient_number)))
        if not one.patient_number:
            listed.add((one.key, one.reason))
    for found in _worst_first(findings):
        if (found.where, found.sentence) not in listed:
            text = f"{localize_finding(found)} [{found.code}]"
            yield ("", "", "", "", "", found.severity.value, _cut(text), "")


def _worst_first(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yield the errors first and the notes last, otherwise in their order, however many there are."""
    known = findings if isinstance(findings, Collection) else SpooledList(findings)
    for severity in reversed(Severity):
        yield from (one for one in known if one.severity is severity)

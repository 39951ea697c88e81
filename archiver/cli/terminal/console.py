"""How this program speaks.

1. Results go to standard output, everything else to standard error.
2. With ``--json`` standard output holds one whole JSON document and nothing else, or nothing.
3. A failure is one sentence, its code in brackets, and an exit status.
4. Progress is drawn on a terminal only, never into a pipe or a file.
5. Text of others is shown without anything in it that acts or is not seen (``formats.printable``).
6. Sentences are in the person's language; codes, keys and identifiers are English.
7. A notice does not wait for the result: it is said even where the command is refused, and is in the document as well.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import chain
from typing import Any

import typer

from archiver.cli.errors import OutputUnwritten
from archiver.cli.terminal.language import localize, localize_failure, localize_finding
from archiver.spooled_list import SpooledList
from formats.errors import Fact, Failure, reason_of
from formats.findings import Finding, Severity, by_code, finding_document
from formats.json_text import json_text
from formats.printable import json_printable, printable
from formats.words import mark, plural

TOGETHER = 64 << 10
"""Characters of a document that are printed at a time."""
SEVERITIES = {
    Severity.NOTE: mark("note: {text} [{code}]"),
    Severity.WARNING: mark("warning: {text} [{code}]"),
    Severity.ERROR: mark("error: {text} [{code}]"),
}
"""How a finding is said, by how much it matters."""
MORE = plural(" and {more} more like it", " and {more} more like it", by="more")
"""Behind the first finding of a code, where there are others; all of them are in the JSON and in the report."""
_NOTICES = list[Finding]()
"""What this command gave notice of; its document has them among its findings."""


def say(sentence: str, **facts: Fact) -> None:
    """Print a result."""
    print_line(localize(sentence, **facts))


def print_line(text: str, *, end: str = "\n") -> None:
    """Print a line of a result as it stands, or what ``end`` ends.

    Raises:
        OutputUnwritten: when standard output cannot be written, such as into a file on a full disk.
    """
    try:
        typer.echo(text + end, nl=False)
    except BrokenPipeError:  # whoever reads has seen enough
        raise
    except OSError as fault:
        nowhere = os.open(os.devnull, os.O_WRONLY)  # what waits to be written would fail again at the end
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
        raise OutputUnwritten(reason=reason_of(fault)) from fault


def note(sentence: str, **facts: Fact) -> None:
    """Print something that is not the result; where it cannot be written, the result stands without it."""
    with suppress(OSError):
        typer.echo(localize(sentence, **facts), err=True)


def notice(finding: Finding) -> None:
    """Print a finding that does not wait for the result, and have it among the findings of the document."""
    show_findings((finding,))
    _NOTICES.append(finding)


def forget_notices() -> None:
    """Begin a command, which has given no notice yet."""
    _NOTICES.clear()


def complain(failure: Failure) -> None:
    """Print a failure."""
    alarm(localize_failure(failure), failure.code)


def alarm(text: str, code: str) -> None:
    """Print what went wrong, in words of the person's language, with its code."""
    typer.secho(localize(SEVERITIES[Severity.ERROR], text=text, code=code), fg="red", err=True)


def show_json(document: Mapping[str, Any]) -> None:
    """Print the one JSON document of a command, as ``formats.json_text`` writes it.

    It is made whole before its first character is printed: what fails while it is made leaves nothing on standard
    output. What memory has no place for waits in an encrypted temporary file. Notices are among its ``findings``.

    Raises:
        DiskFull, DiskFault: what the disk answered; OutputUnwritten: as ``print_line``.
    """
    if _NOTICES:
        noticed = map(finding_document, _NOTICES)
        document = {**document, "findings": [*document.get("findings", ()), *noticed]}
    for text in SpooledList(_gathered(json_text(document))):
        print_line(json_printable(text), end="")
    print_line("")


def _gathered(pieces: Iterable[str]) -> Iterator[str]:
    """Yield ``pieces`` together until they are worth a call to the system."""
    waiting: list[str] = []
    size = 0
    for one in pieces:
        waiting.append(one)
        size += len(one)
        if size >= TOGETHER:
            yield "".join(waiting)
            waiting, size = [], 0
    yield "".join(waiting)


def show_table(rows: Collection[Sequence[str | int]], *, heading: Sequence[str]) -> None:
    """Print rows in columns: texts to the left, numbers to the right."""
    titles = [localize(title) for title in heading]
    widths, first = [*map(len, titles)], next(iter(rows), None)
    for row in rows:
        widths = [*map(max, widths, map(len, _cells(row)))]
    numeric = [first is not None and isinstance(cell, int) for cell in first or titles]

    def line(cells: Sequence[str]) -> str:
        padded = (
            cell.rjust(width) if number else cell.ljust(width)
            for cell, width, number in zip(cells, widths, numeric, strict=True)
        )
        return "  " + "  ".join(padded).rstrip() + "\n"

    for text in _gathered(chain([line(titles)], (line(_cells(row)) for row in rows))):
        print_line(text, end="")


def _cells(row: Sequence[str | int]) -> list[str]:
    return [printable(str(cell)) for cell in row]


def show_findings(findings: Iterable[Finding]) -> None:
    """Print what a person should know on standard error: errors first, one line a code and table, with an example."""
    for example, count in by_code(findings):
        text = localize(SEVERITIES[example.severity], text=localize_finding(example), code=example.code)
        more = localize(MORE, more=count - 1) if count > 1 else ""
        typer.echo(f"  {text}{more}", err=True)


@contextmanager
def progress(sentence: str, *, total: int | None = None, unit: str = "") -> Iterator[Callable[[int], None]]:
    """Yield a function that takes steps done; a bar is drawn only where a person looks."""
    shown = sys.stderr.isatty()
    if not shown:
        yield lambda _: None
        return
    from tqdm import tqdm

    scaled = unit == "B"
    with tqdm(desc=localize(sentence), total=total, unit=unit, unit_scale=scaled, leave=False) as bar:

        def advance(steps: int) -> None:
            bar.update(steps)

        yield advance

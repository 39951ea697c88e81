"""How this program speaks.

1. Results go to standard output, everything else to standard error.
2. With ``--json`` standard output holds one JSON document and nothing else.
3. A failure is one sentence, its code in brackets, and an exit status.
4. Progress is drawn on a terminal only, never into a pipe or a file.
5. Text of others is shown without anything in it that acts or is not seen (``formats.printable``).
6. Sentences are in the person's language; codes, keys and identifiers are English.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import typer

from archiver.cli.errors import OutputUnwritten
from archiver.cli.terminal.language import localize, localize_failure, localize_finding
from formats.errors import Fact, Failure, reason_of
from formats.findings import Finding, Severity, by_code
from formats.printable import json_printable, printable
from formats.words import mark, plural

SEVERITIES = {
    Severity.NOTE: mark("note: {text} [{code}]"),
    Severity.WARNING: mark("warning: {text} [{code}]"),
    Severity.ERROR: mark("error: {text} [{code}]"),
}
"""How a finding is said, by how much it matters."""
MORE = plural(" and {more} more like it", " and {more} more like it", by="more")
"""Behind the first finding of a code, where there are others; all of them are in the JSON and in the report."""


def say(sentence: str, **facts: Fact) -> None:
    """Print a result."""
    print_line(localize(sentence, **facts))


def print_line(text: str) -> None:
    """Print a line of a result as it stands.

    Raises:
        OutputUnwritten: when standard output cannot be written, such as into a file on a full disk.
    """
    try:
        typer.echo(text)
    except BrokenPipeError:  # whoever reads has seen enough
        raise
    except OSError as fault:
        nowhere = os.open(os.devnull, os.O_WRONLY)  # what waits to be written would fail again at the end
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
        raise OutputUnwritten(reason=reason_of(fault)) from fault


def note(sentence: str, **facts: Fact) -> None:
    """Print something that is not the result."""
    typer.echo(localize(sentence, **facts), err=True)


def complain(failure: Failure) -> None:
    """Print a failure."""
    alarm(localize_failure(failure), failure.code)


def alarm(text: str, code: str) -> None:
    """Print what went wrong, in words of the person's language, with its code."""
    typer.secho(localize(SEVERITIES[Severity.ERROR], text=text, code=code), fg="red", err=True)


def show_json(document: Mapping[str, Any]) -> None:
    """Print the one JSON document of a command."""
    print_line(json_printable(json.dumps(document, ensure_ascii=False, indent=2)))


def show_table(rows: Sequence[Sequence[str | int]], *, heading: Sequence[str]) -> None:
    """Print rows in columns: texts to the left, numbers to the right."""
    cells = [
        [localize(title) for title in heading],
        *([printable(str(cell)) for cell in row] for row in rows),
    ]
    widths = [max(len(row[at]) for row in cells) for at in range(len(heading))]
    numeric = [bool(rows) and isinstance(rows[0][at], int) for at in range(len(heading))]
    for row in cells:
        padded = (
            cell.rjust(width) if number else cell.ljust(width)
            for cell, width, number in zip(row, widths, numeric, strict=True)
        )
        print_line("  " + "  ".join(padded).rstrip())


def show_findings(findings: Sequence[Finding]) -> None:
    """Print what a person should know on standard error: errors first, one line a code, with an example."""
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

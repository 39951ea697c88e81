"""How a command that notices things says them: the same options for every such command."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from archiver.cli.terminal.language import localize
from formats.words import mark

AsJson = Annotated[bool, typer.Option("--json", help=localize(mark("Print one JSON document.")))]


@dataclass(frozen=True, kw_only=True, slots=True)
class OutputOptions:
    """Where all findings are listed, and whether the result is one JSON document, which has them too."""

    report: Annotated[
        Path | None,
        typer.Option("--report", help=localize(mark("Where to list everything that was noticed (CSV)."))),
    ] = None
    as_json: AsJson = False


@dataclass(frozen=True, kw_only=True, slots=True)
class AttributionOutput(OutputOptions):
    """Output options of a command that gives what it reads to patients."""

    report: Annotated[
        Path | None,
        typer.Option(
            "--report",
            help=localize(mark("Where to list what belongs to nobody for sure, and all findings (CSV).")),
        ),
    ] = None

"""Live sources of a backup, collected as ``archiver collect`` collects them, each into the store of the backup."""

from __future__ import annotations

import os
import shlex
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import typer

from archiver.backup.description import BackupDescription
from archiver.backup.errors import SourceUncollected
from archiver.cli.exits import INCOMPLETE, SUCCESS, USAGE
from archiver.cli.terminal.console import complain
from formats.errors import Failure

COLLECTED = (SUCCESS, INCOMPLETE)
"""How a collection ends after which the store has what the source has, but for what it names."""


def words_of(text: str) -> tuple[str, ...]:
    """Return the words that somebody typed behind ``archiver collect``; paths that are there become absolute."""
    words = shlex.split(text, posix=os.name != "nt")
    return tuple(_lasting(one.strip('"') if os.name == "nt" else one) for one in words)


def _lasting(word: str) -> str:
    return str(Path(word).absolute()) if not word.startswith("-") and Path(word).exists() else word


def collect_sources(description: BackupDescription) -> Failure | None:
    """Collect every source; return what the first one answered that could not be, each being said as it happens."""
    first: Failure | None = None
    for words in description.sources:
        failure = _collected(words, description.store)
        if failure is not None:
            complain(failure)
            first = first or failure
    return first


def _collected(words: Sequence[str], store: Path) -> Failure | None:
    from archiver.cli.program import program

    arguments = ["collect", *words, "--into", str(store)]
    # what a collection prints is for whoever collects; a report can be asked for among the words
    with (
        Path(os.devnull).open("w", encoding="utf-8") as nowhere,
        redirect_stdout(nowhere),
        redirect_stderr(nowhere),
    ):
        try:
            status = program()(arguments, standalone_mode=False, prog_name="archiver")
        except Failure as failure:
            return failure
        except typer.TyperException:
            status = USAGE
    if status is None or status in COLLECTED:
        return None
    return SourceUncollected(source=" ".join(words), status=int(status))

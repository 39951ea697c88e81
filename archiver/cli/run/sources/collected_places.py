"""What may not lie in a folder of which every file is collected: the practice store, and the report."""

from __future__ import annotations

import os
from pathlib import Path

import typer

from archiver.practice.errors import StoreInSource
from formats.words import mark


def require_store_outside(into: Path, folder: Path) -> None:
    """Raise ``StoreInSource`` when every file of ``folder`` is taken and the store is, or would be, one of them."""
    if _within(into, folder):
        raise StoreInSource(store=into.name, folder=str(folder))


def require_report_outside(report: Path | None, folder: Path) -> None:
    """Raise when every file of ``folder`` is taken, now or the next time, and the report would be one of them.

    Raises:
        BadParameter: when it lies there.
    """
    if report is not None and _within(report, folder):
        reason = mark(
            "it lies in the folder that is collected, and would be taken for a document; put it elsewhere"
        )
        raise typer.BadParameter(reason, param_hint="--report")


def _within(path: Path, folder: Path) -> bool:
    return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))

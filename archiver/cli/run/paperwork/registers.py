"""What the commands do that write documents of registers."""

from __future__ import annotations

from pathlib import Path

from archiver.cli.clock import now
from archiver.cli.options.output import PaperworkOptions
from archiver.cli.run.paperwork.documents import show_written
from archiver.operations.compliance import write_registers as operations
from archiver.operations.compliance.write_registers import RegisterPlace


def processing(store: Path, paperwork: PaperworkOptions, *, as_json: bool) -> None:
    """Write the register of processing."""
    show_written(operations.write_processing(_place(store, paperwork), now()), as_json=as_json)


def notice(store: Path, paperwork: PaperworkOptions, *, as_json: bool) -> None:
    """Write the notice for the waiting room."""
    show_written(operations.write_notice(_place(store, paperwork), now()), as_json=as_json)


def breach_sheet(store: Path, number: int, paperwork: PaperworkOptions, *, as_json: bool) -> None:
    """Write the sheet of a breach."""
    show_written(operations.write_breach_sheet(_place(store, paperwork), number, now()), as_json=as_json)


def _place(store: Path, paperwork: PaperworkOptions) -> RegisterPlace:
    return RegisterPlace(
        store=store, folder=paperwork.to, templates=paperwork.templates, with_data=paperwork.with_data
    )

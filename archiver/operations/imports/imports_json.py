"""Imports as JSON; ``docs/en/reference/output.md`` describes it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from archiver.operations.imports.undo_import import UndoneImport
from archiver.practice.imports.import_runs import ImportRun


def run_json(run: ImportRun) -> dict[str, Any]:
    """Return an import as the list of imports has it."""
    facts = asdict(run)
    return {name: facts[name] for name in ("id", "package", "created", "sender", "imported_at", "dossiers")}


def undone_json(undone: UndoneImport) -> dict[str, Any]:
    """Return an import that was taken back, with what went."""
    return {
        **run_json(undone.run),
        "patients": list(undone.patients),
        "removed": dict(undone.removed),
        "restored": dict(undone.restored),
        "files": undone.files,
        "file_bytes": undone.file_bytes,
        "files_left": undone.files_left,
    }

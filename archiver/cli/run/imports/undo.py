"""What ``import list`` and ``import undo`` do."""

from __future__ import annotations

from pathlib import Path

from archiver.cli.clock import now
from archiver.cli.run.leftovers import sweep
from archiver.cli.terminal.console import alarm, note, say, show_json, show_table
from archiver.cli.terminal.language import localize, localize_finding
from archiver.operations.imports.errors import UndoRefused
from archiver.operations.imports.imports_json import run_json, undone_json
from archiver.operations.imports.undo_import import undo_import
from archiver.operations.imports.undo_text import undone_sentences
from archiver.practice.imports.import_runs import ImportRun, earlier_imports, import_runs
from archiver.practice.store import open_store
from formats.words import mark, plural

HEADING = (
    mark("import"), mark("day"), mark("sender"), mark("dossiers"), mark("package"), mark("can be taken back")
)  # fmt: skip
_DAY = len("2026-11-29")


def show(path: Path, *, as_json: bool) -> None:
    """List the imports."""
    with open_store(path, reading=True) as store:
        runs, earlier = list(import_runs(store)), earlier_imports(store)
    if as_json:
        listed = [{**run_json(one), "undone_by": one.undone_by, "undone_at": one.undone_at} for one in runs]
        before = [{"package": one, "imported_at": at, "units": count} for one, at, count in earlier]
        show_json({"imports": 1, "listed": listed, "earlier": before})
        return
    rows = [
        ("", at[:_DAY], "", count, one, localize(mark("no: an earlier version")))
        for one, at, count in earlier
    ]
    rows += [
        (str(one.id), one.imported_at[:_DAY], one.sender, one.dossiers, one.package, _state(one))
        for one in runs
    ]
    show_table(rows, heading=HEADING)
    undoable = sum(not one.undone_at for one in runs)
    say(plural("{count} import can be taken back.", "{count} imports can be taken back."), count=undoable)


def _state(run: ImportRun) -> str:
    if not run.undone_at:
        return localize(mark("yes"))
    return localize(mark("taken back on {day} by {by}"), day=run.undone_at[:_DAY], by=run.undone_by)


def undo(path: Path, number: int | None, *, by: str, later: bool, dry_run: bool, as_json: bool) -> None:
    """Take an import back.

    Raises:
        ImportUnknown, NothingToUndo, UndoneBefore: when there is none to take back.
        UndoRefused: when something that came later builds on it; each is named before.
    """
    at = now()
    with open_store(path, reading=dry_run) as store:
        if not dry_run:
            with store.changing():
                sweep(store)
        try:
            undone = undo_import(store, number, by=by, at=at, later=later, rehearsal=dry_run)
        except UndoRefused as refusal:
            for one in refusal.findings:
                alarm(localize_finding(one), one.code)
            note(
                mark(
                    "With --later, later imports, answers and holds are taken back first; what was collected is not."
                )
            )
            raise
    if as_json:
        imports = list(map(undone_json, undone))
        show_json({"undone": 1, "dry_run": dry_run, "by": by, "at": at.isoformat(), "imports": imports})
        return
    for sentence, facts in undone_sentences(undone, rehearsal=dry_run):
        say(sentence, **facts)

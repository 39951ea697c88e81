"""Scenes of a practice: its store filled, exported, split, imported, taken back, and backed up."""

from __future__ import annotations

import shutil
from pathlib import Path

from samples.demo import COLLABORATOR
from tests.backups import change, rows
from tests.faults.injection.desk import Desk
from tests.faults.injection.scene import Scene, Supplies
from tests.journeys.line import EXPORT, IMPORT, asked, dump

COLLECT = ("collect", "opendental", "pressoir.sqlite", "--into", "store.db")
UNDO = ("import", "undo", "successor.db", "--by", "Dr Exemple")
OPEN = ("--identity", "receiver.identity", "--roots", "roots.pem")
SPLIT = (
    *("split", "package.asice", "--roster", "parts.csv", "--to", "parts", "--sender", "Archives", *OPEN),
    *("--receiver", "Anne=pressoir/receiver.recipient", "--rest", "Paul=kerbrat/receiver.recipient"),
    *("--signer", "kerbrat/signer.p12", "--unsigned", "essai"),
)
RESTORE = ("backup", "restore", "--storage", "disk", "--identity", "away/receiver.identity", "--into")
REGISTERS = ('"journal"', '"former_rows"', '"import_runs"', "'collected_at/")
EXISTS, NOTHING_TO_UNDO = 42, 39
NUMBER = "1"


def content(store: Path) -> list[str]:
    """Return every row of a store but those that say what was done and when, and every file."""
    lines = [line for line in dump(store) if not any(one in line for one in REGISTERS)]
    return sorted(lines) + sorted(path.name for path in store.with_suffix(".files").glob("*/*"))


def _collect_make(folder: Path, supplies: Supplies) -> None:
    supplies.copy(folder, "pressoir.sqlite")


def _collect_between(desk: Desk, acknowledged: bool) -> None:
    """A store that was not begun whole is refused, and not read as an empty one."""
    done = desk("patients", "store.db")
    assert done.status == 0 if acknowledged else done.status != 1, done.err


def _collect_after(desk: Desk) -> None:
    desk("patients", "store.db").ok()
    desk("collect", "opendental", "pressoir.sqlite", "--into", "other.db").ok()
    assert content(desk.folder / "store.db") == content(desk.folder / "other.db")


def _export_make(folder: Path, supplies: Supplies) -> None:
    supplies.copy(
        folder, "practice.db", "kerbrat", "roots.pem", "pressoir", "receiver.identity", "roster.csv"
    )


def _export_between(desk: Desk, acknowledged: bool) -> None:
    if acknowledged or (desk.folder / "package.asice").exists():
        desk("verify", "package.asice", "--roots", "roots.pem").ok()


def _export_after(desk: Desk) -> None:
    desk("verify", "package.asice", "--roots", "roots.pem").ok()
    desk("inspect", "package.asice", *OPEN).ok()
    assert not [path for path in desk.folder.iterdir() if path.name.endswith(".part")]


def _import_make(folder: Path, supplies: Supplies) -> None:
    supplies.copy(folder, "package.asice", "receiver.identity", "roots.pem", "successor.db")
    shutil.copy(folder / "successor.db", folder / "original.sqlite")
    desk = Desk(folder=folder)
    (folder / "expected").mkdir()
    supplies.copy(folder / "expected", "successor.db")
    desk(*IMPORT[:-1], "expected/successor.db").ok()


def _imported(desk: Desk) -> bool:
    return bool(asked(desk.folder / "successor.db", "SELECT count(*) FROM import_runs")[0][0])


def _people(store: Path) -> int:
    return int(str(asked(store, "SELECT count(*) FROM patients")[0][0]))


def _import_between(desk: Desk, acknowledged: bool) -> None:
    desk("patients", "successor.db").ok()
    after, before = (
        _people(desk.folder / "expected" / "successor.db"),
        _people(desk.folder / "original.sqlite"),
    )
    there = _people(desk.folder / "successor.db")
    assert before <= there <= after and (there == after or not acknowledged), (before, there, after)


def _import_after(desk: Desk) -> None:
    desk("patients", "successor.db").ok()
    after = desk.folder / "expected" / "successor.db"
    for query in (
        "SELECT count(*) FROM patients",
        "SELECT count(*) FROM documents",
        "SELECT count(*) FROM acts",
        "SELECT count(*) FROM files",
    ):
        assert asked(desk.folder / "successor.db", query) == asked(after, query), query


def _undo_make(folder: Path, supplies: Supplies) -> None:
    supplies.copy(folder, "package.asice", "receiver.identity", "roots.pem", "successor.db")
    (folder / "before").mkdir()
    supplies.copy(folder / "before", "successor.db")
    Desk(folder=folder)(*IMPORT).ok()


def _undone(desk: Desk) -> bool:
    return bool(asked(desk.folder / "successor.db", "SELECT undone_at <> '' FROM import_runs")[0][0])


def _undo_between(desk: Desk, acknowledged: bool) -> None:
    undone = _undone(desk)
    assert undone or not acknowledged
    desk("patients", "successor.db").ok()
    if undone:
        before = desk.folder / "before" / "successor.db"
        assert _people(desk.folder / "successor.db") == _people(before)


def _undo_after(desk: Desk) -> None:
    assert _undone(desk)
    (desk.folder / "papers").mkdir()
    desk("collect", "documents", "papers", "--into", "successor.db")  # whatever is next clears up
    assert content(desk.folder / "successor.db") == content(desk.folder / "before" / "successor.db")


def _split_make(folder: Path, supplies: Supplies) -> None:
    supplies.copy(folder, "package.asice", "receiver.identity", "roots.pem", "kerbrat", "pressoir")
    heading = "patient_number;family_name;given_name;birth_date;practitioner_rpps\n"
    (folder / "parts.csv").write_text(f"{heading}45;Perrichon;Gérard;1955-11-23;Anne\n", encoding="utf-8")


def _split_between(desk: Desk, acknowledged: bool) -> None:
    parts = desk.folder / "parts"
    if acknowledged or parts.exists():
        _split_after(desk)


def _split_after(desk: Desk) -> None:
    for name in ("Anne", "Paul"):
        desk("verify", f"parts/{name}.asice", "--roots", "kerbrat/roots.pem").ok()


def _backup_make(folder: Path, supplies: Supplies) -> Desk:
    """A practice that is backed up, and the person's own folder taken away; somebody changed a name since."""
    supplies.copy(folder, "successor.db")
    (folder / "disk").mkdir()
    desk = Desk(folder=folder)
    name = ("--name", "Cabinet du Pressoir")
    desk("backup", "init", "backup", "--source", "successor.db", "--to", "disk", *name).ok()
    shutil.move(folder / "backup" / "person", folder / "away")
    (folder / "before").mkdir()
    supplies.copy(folder / "before", "successor.db")
    change(folder / "successor.db", number=NUMBER)
    return desk


def _restored(desk: Desk, name: str) -> dict[str, list[str]]:
    desk(*RESTORE, name).ok()
    return rows(desk.folder / name)


def _run_between(desk: Desk, acknowledged: bool) -> None:
    before, after = rows(desk.folder / "before" / "successor.db"), rows(desk.folder / "successor.db")
    assert _restored(desk, "between.db") in ([after] if acknowledged else [before, after])


def _run_after(desk: Desk) -> None:
    desk("backup", "status", "backup").ok()
    assert _restored(desk, "after.db") == rows(desk.folder / "successor.db")


def _restore_between(desk: Desk, acknowledged: bool) -> None:
    back = desk.folder / "back.db"
    assert back.exists() or not acknowledged
    if back.exists():
        assert rows(back) == rows(desk.folder / "before" / "successor.db"), "a store that is there is whole"


def _restore_after(desk: Desk) -> None:
    assert rows(desk.folder / "back.db") == rows(desk.folder / "before" / "successor.db")
    desk("backup", "run", "backup").ok()


SCENES = {
    "collect": Scene(
        make=_collect_make, command=lambda _: COLLECT, between=_collect_between, after=_collect_after
    ),
    "export": Scene(
        make=_export_make,
        command=lambda _: EXPORT,
        between=_export_between,
        after=_export_after,
        again=frozenset({0, EXISTS}),
    ),
    "import": Scene(
        make=_import_make, command=lambda _: IMPORT, between=_import_between, after=_import_after
    ),
    "import undo": Scene(
        make=_undo_make,
        command=lambda _: UNDO,
        between=_undo_between,
        after=_undo_after,
        again=frozenset({0, NOTHING_TO_UNDO}),
    ),
    "split": Scene(
        make=_split_make,
        command=lambda _: SPLIT,
        between=_split_between,
        after=_split_after,
        again=frozenset({0, EXISTS}),
    ),
    "backup run": Scene(
        make=_backup_make,
        command=lambda _: ("backup", "run", "backup"),
        between=_run_between,
        after=_run_after,
    ),
    "backup restore": Scene(
        make=_backup_make,
        command=lambda _: (*RESTORE, "back.db"),
        between=_restore_between,
        after=_restore_after,
        again=frozenset({0, EXISTS}),
    ),
}
assert COLLABORATOR in EXPORT

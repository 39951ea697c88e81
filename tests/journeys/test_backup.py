"""A dentist's backup: set up in one go, run, looked at, tried, restored; and everything that goes wrong with it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from archiver.operations.backup.init_backup import UNFINISHED
from archiver.vault.lock import vault_lock
from tests.backups import INIT, KEY, NAME, PATIENT, change, objects, rows
from tests.journeys.line import Line
from tests.journeys.program import Ended, Program
from tests.ocfl_judge import assert_valid_ocfl


def run(practice: Program, *options: str) -> Ended:
    return practice("backup", "run", "backup", "--json", *options)


def status(practice: Program, *options: str) -> Ended:
    return practice("backup", "status", "backup", "--json", *options)


def problems(practice: Program) -> list[str]:
    done = status(practice)
    assert done.status == 8, done.err
    document = done.document
    assert document["good"] is False
    return [one["code"] for one in document["problems"]]


def test_a_backup_is_set_up_tried_and_good(made_backup: Path, tmp_path: Path) -> None:
    practice = Program(folder=made_backup)
    done = status(practice).ok().document
    assert done["good"] and done["run"] == 1 and done["drilled"] and done["verified"] and not done["problems"]
    assert {one["code"] for one in done["remarks"]} == {"vault-one-storage"}
    assert_valid_ocfl(made_backup / "disk", 2)
    person = {one.name for one in (made_backup / "away").iterdir()}
    assert person == {"receiver.identity", "recovery-cards.pdf", "roots.pem"}
    secret = (made_backup / "away" / "receiver.identity").read_bytes().splitlines()[-1]
    assert secret.startswith(b"AGE-SECRET-KEY-PQ-")
    for path in (made_backup / "backup").rglob("*"):
        assert not path.is_file() or secret not in path.read_bytes(), path
    practice(*INIT).refused("already-exists", 42)


def test_only_what_changed_is_sealed_again(practice: Program) -> None:
    same = run(practice).ok().document
    assert not same["wrote"] and same["run"] == 1
    before = len(objects(practice.folder / "disk"))
    change(practice.folder / "practice.db")
    done = run(practice).ok().document
    assert done["wrote"] and done["run"] == 2 and done["sealed"] == 1 < done["dossiers"]
    assert len(objects(practice.folder / "disk")) == before + 1
    assert not run(practice).ok().document["wrote"]
    everything = run(practice, "--again").ok().document
    assert everything["sealed"] == everything["dossiers"] == done["dossiers"]
    assert status(practice).ok().document["good"]


def test_everything_comes_back_row_for_row(practice: Program) -> None:
    change(practice.folder / "practice.db")
    run(practice).ok()
    done = practice("backup", "restore", "backup", *KEY, "--into", "back.db").ok()
    assert "as of run 2" in done.out
    assert rows(practice.folder / "back.db") == rows(practice.folder / "practice.db")
    files, back = practice.folder / "practice.files", practice.folder / "back.files"
    lying = sorted(one.relative_to(back) for one in back.rglob("*") if one.is_file() and len(one.name) == 64)
    assert lying and all((back / one).read_bytes() == (files / one).read_bytes() for one in lying)
    assert {one.name for one in files.rglob("*") if len(one.name) == 64} == {one.name for one in lying}
    assert run(practice).ok().document["unassigned"] == 5, (
        "nobody has said whose they are, and they came back"
    )
    lists = []
    for store in ("practice.db", "back.db"):
        with closing(sqlite3.connect(practice.folder / store)) as db:
            lists.append(sorted(db.execute("SELECT sha256, size, media_type FROM files")))
    assert lists[0] == lists[1]
    practice("backup", "restore", "backup", *KEY, "--into", "back.db").refused("already-exists", 42)


def test_a_day_of_before_comes_back(practice: Program) -> None:
    before = rows(practice.folder / "practice.db")
    first = json.loads((practice.folder / "backup" / "list.json").read_text(encoding="utf-8"))["at"][:19]
    time.sleep(1.1)
    change(practice.folder / "practice.db")
    run(practice).ok()
    environment = {"ARCHIVER_DATA": str(practice.folder / "data"), "TZ": "UTC"}
    restore = ("backup", "restore", "backup", *KEY)
    practice(*restore, "--as-of", first, "--into", "then.db", **environment).ok()
    assert rows(practice.folder / "then.db") == before
    practice(*restore, "--as-of", "2020-01-01", "--into", "never.db").refused("backup-moment-unknown", 93)
    assert not (practice.folder / "never.db").exists()


def test_one_patient_and_one_document_come_back_from_the_disk_alone(practice: Program) -> None:
    shutil.rmtree(practice.folder / "backup")
    (practice.folder / "practice.db").unlink()
    source = ("backup", "restore", "--storage", "disk", *KEY)
    done = practice(*source, "--patient", PATIENT, "--into", "one.db", "--json").ok().document
    assert done["dossiers"] == done["expected"] == 1
    with closing(sqlite3.connect(practice.folder / "one.db")) as db:
        assert db.execute("SELECT count(*) FROM patients").fetchone() == (1,)
        name, digest, size = db.execute(
            "SELECT original_name, attachment_sha256, size FROM image_files"
            " JOIN files ON sha256 = attachment_sha256 WHERE original_name <> '' ORDER BY 1 LIMIT 1"
        ).fetchone()
    document = ("--patient", NAME, "--document", name, "--to", "found", "--json")
    found = practice(*source, *document).ok().document
    assert found["sha256"] == digest and Path(practice.folder, found["document"]).stat().st_size == size
    refused = practice(*source, "--patient", PATIENT, "--document", "no.pdf", "--to", "found")
    assert name in refused.refused("document-unknown", 39)
    practice(*source, "--patient", "nobody at all", "--into", "two.db").refused("patient-unknown", 39)
    assert not (practice.folder / "two.db").exists()


def test_the_key_of_somebody_else_opens_nothing(practice: Program) -> None:
    practice("keys", "new", "other", "--name", "Autre", "--no-passphrase").ok()
    other = ("--identity", "other/receiver.identity")
    practice("backup", "restore", "backup", *other, "--into", "back.db").refused("wrong-key", 21)
    practice("backup", "drill", "backup", *other).refused("wrong-key", 21)
    roots = ("--roots", "other/roots.pem")
    practice("backup", "restore", "backup", *KEY, *roots, "--into", "back.db").refused(
        "backup-list-invalid", 92
    )
    assert not (practice.folder / "back.db").exists()


def test_a_drill_is_due_and_is_passed(practice: Program) -> None:
    assert {"backup-drill-overdue"} <= set(after(practice, drilled="2020-01-01T00:00:00+00:00"))
    practice("backup", "drill", "backup", *KEY).ok()
    status(practice).ok()


def after(practice: Program, **changes: object) -> list[str]:
    """Return the problems once the state of the backup says something else."""
    path = practice.folder / "backup" / "state.json"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | changes), encoding="utf-8")
    return problems(practice)


def test_what_is_old_or_never_happened_is_said(practice: Program) -> None:
    assert after(practice, verified="2020-01-01T00:00:00+00:00") == ["backup-too-old"]
    assert after(practice, verified="") == ["backup-never-verified"]
    future = "2099-01-01T00:00:00+00:00"
    assert after(practice, seen=future, verified=future)[-1] == "backup-clock-behind"
    # a machine whose clock was moved back goes on running: no run makes that forgotten, whoever has the key does
    run(practice).ok()
    assert problems(practice) == ["backup-clock-behind"]
    practice("backup", "drill", "backup", *KEY).ok()
    run(practice).ok()
    status(practice, "--report", "status.json").ok()
    assert json.loads((practice.folder / "status.json").read_text(encoding="utf-8"))["good"] is True


def test_a_disk_that_is_unplugged_is_no_empty_one(practice: Program) -> None:
    disk = practice.folder / "disk"
    disk.rename(practice.folder / "drawer")
    change(practice.folder / "practice.db")
    run(practice).refused("storage-unreachable", 80)
    assert problems(practice) == ["backup-run-failed", "storage-unreachable"]
    disk.mkdir()  # another disk is mounted there
    run(practice).refused("storage-foreign", 80)
    assert list(disk.iterdir()) == []
    disk.rmdir()
    (practice.folder / "drawer").rename(disk)
    assert run(practice).ok().document["sealed"] == 1
    status(practice).ok()


def test_a_second_disk_is_brought_up_when_it_is_back(small_line: Line, tmp_path: Path) -> None:
    practice = Program(folder=small_line.copy(tmp_path, "practice.db").absolute())
    for name in ("disk", "second"):
        (tmp_path / name).mkdir()
    practice(*INIT, "--to", "second").ok()
    (tmp_path / "second").rename(tmp_path / "drawer")
    change(tmp_path / "practice.db")
    assert run(practice).incomplete().document["absent"] == ["storage-2"]
    assert problems(practice) == ["storage-unreachable"]
    (tmp_path / "drawer").rename(tmp_path / "second")
    assert problems(practice) == ["backup-copies-missing"]
    assert run(practice).ok().document["mended"] == 1
    assert status(practice).ok().document["good"]
    assert [one.name for one in objects(tmp_path / "second")] == [
        one.name for one in objects(tmp_path / "disk")
    ]
    # one rots: it is found by the next run that reads it, and made whole from the other
    rotten = objects(tmp_path / "second")[0]
    rotten.write_bytes(rotten.read_bytes()[:-1] + b"\x00\x01")
    (tmp_path / "backup" / "vault" / "checks.db").unlink()
    done = run(practice).ok().document
    assert done["damaged"] == done["mended"] == 1
    status(practice).ok()


def test_what_no_storage_has_any_more_is_sealed_again(practice: Program) -> None:
    (package,) = objects(practice.folder / "disk")
    for one in package.parents[3].glob("*"):
        shutil.rmtree(one) if one.is_dir() else one.unlink()
    assert problems(practice) == ["backup-copies-missing"]
    done = run(practice).ok().document
    assert done["sealed"] == done["dossiers"]
    status(practice).ok()


def test_what_the_machine_remembers_is_made_again_from_the_vault(practice: Program) -> None:
    for name in ("state.json", "list.json"):
        (practice.folder / "backup" / name).unlink()
    change(practice.folder / "practice.db")
    done = run(practice).ok().document
    assert done["rebuilt"] and done["sealed"] == 1 and done["run"] == 2
    (practice.folder / "backup" / "list.json").write_text("{", encoding="utf-8")
    done = run(practice).ok().document
    assert done["rebuilt"] and not done["wrote"]


def test_another_backup_in_the_vault_is_refused(practice: Program) -> None:
    path = practice.folder / "backup" / "backup.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(document | {"id": "urn:uuid:0"}), encoding="utf-8")
    (practice.folder / "backup" / "state.json").unlink()
    run(practice).refused("backup-foreign", 91)
    path.write_text(json.dumps(document | {"backup": 2}), encoding="utf-8")
    run(practice).refused("backup-newer", 90)
    path.write_text("[]", encoding="utf-8")
    run(practice).refused("backup-invalid", 90)
    path.unlink()
    run(practice).refused("not-a-backup", 90)
    practice("backup", "restore", "--storage", "away", *KEY, "--into", "x.db").refused("backup-absent", 90)


def test_a_store_that_cannot_be_read_ends_the_run_and_is_said(practice: Program) -> None:
    store = practice.folder / "practice.db"
    data = store.read_bytes()
    store.write_bytes(os.urandom(len(data)))  # as ransomware leaves it
    run(practice).refused("store-unreadable", 41)
    assert problems(practice) == ["backup-run-failed"]
    store.write_bytes(data)
    run(practice).ok()


def test_a_source_that_cannot_be_collected_lets_no_copy_count_as_new(practice: Program) -> None:
    path = practice.folder / "backup" / "backup.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    document["sources"] = [["opendental", str(practice.folder / "gone.sqlite")]]
    path.write_text(json.dumps(document), encoding="utf-8")
    covered = status(practice).ok().document["covered"]
    time.sleep(1.1)
    change(practice.folder / "practice.db")
    done = run(practice)
    assert done.status == 54 and done.document["source"] == "file-not-found" and done.document["sealed"] == 1
    found = status(practice).document
    assert [one["code"] for one in found["problems"]] == ["backup-run-failed"]
    assert found["covered"] == covered


def test_two_runs_at_once_do_not_meet(practice: Program) -> None:
    from archiver.cli.clock import now

    with vault_lock(practice.folder / "backup" / "vault", "archiver backup run", at=now()):
        sentence = run(practice).refused("vault-busy", 57)
        assert "archiver backup run" in sentence
        status(practice).ok()  # a status waits for nobody, and the run that is under way says how it ends


def test_versions_are_pruned_by_the_policy_and_nothing_that_is_needed(practice: Program) -> None:
    path = practice.folder / "backup" / "backup.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    document["policy"] = {"all_days": 0, "daily": 0, "monthly": 0, "yearly": 0}
    path.write_text(json.dumps(document), encoding="utf-8")
    for name in ("A", "B", "C"):
        change(practice.folder / "practice.db", name)
        done = run(practice).ok().document
    # the first has everything else, the third replaced the second, and the fourth is the newest
    assert done["pruned"] == 1
    assert [one.name for one in objects(practice.folder / "disk")] == sorted(
        ["backup-000001.asice", "backup-000004.asice"], key=lambda one: str(place_of(practice, one))
    )
    assert_valid_ocfl(practice.folder / "disk", 3)
    practice("backup", "restore", "backup", *KEY, "--into", "back.db").ok()
    assert rows(practice.folder / "back.db") == rows(practice.folder / "practice.db")
    journal = practice.folder / "backup" / "vault" / "journal"
    text = b"".join(one.read_bytes() for one in sorted(journal.rglob("*")) if one.is_file())
    assert text.count(b'"pruned"') == 2


def place_of(practice: Program, name: str) -> Path:
    return next((practice.folder / "disk").rglob(name))


def test_a_watch_runs_when_something_changed_and_ends_cleanly(practice: Program) -> None:
    process = practice.start("backup", "watch", "backup", "--every", "1")
    try:
        change(practice.folder / "practice.db")
        wait_for(lambda: state(practice)["number"] == 2, practice)
        time.sleep(0.5)
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode in {0, 130}, err
    assert b"sealed: 1 of" in out, (out, err)
    status(practice).ok()


def state(practice: Program) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        (practice.folder / "backup" / "state.json").read_text(encoding="utf-8")
    )
    return found


def wait_for(done: Callable[[], bool], practice: Program, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, state(practice)
        time.sleep(0.1)


def test_what_is_done_is_said_as_json(practice: Program) -> None:
    (practice.folder / "second").mkdir()
    init = ("backup", "init", "again", "--source", "practice.db", "--to", "second", "--name", "Cabinet")
    made = practice(*init, "--json").ok().document
    assert made["backup_init"] == 1 and made["dossiers"] > 60 and made["drill"]["records"] > 0
    tried = practice("backup", "drill", "again", "--json").ok().document
    assert tried["run"] == 1 and tried["key_id"] == made["key_id"]
    files = practice("backup", "schedule", "again", "--to", "timers", "--json").ok().document["files"]
    assert len(files) == 6 and all((practice.folder / one).is_file() for one in files)


@pytest.mark.parametrize("wanted", ["--source", "--to", "--name"])
def test_an_answer_that_nobody_gives_is_asked_for(small_line: Line, tmp_path: Path, wanted: str) -> None:
    practice = Program(folder=small_line.copy(tmp_path, "practice.db"))
    words = list(INIT)
    place = words.index(wanted)
    del words[place : place + 2]
    done = practice(*words)
    assert done.status == 2 and wanted in done.err
    assert not (tmp_path / "backup" / "backup.json").exists()


def test_folders_of_the_person_are_not_taken_for_those_of_an_ended_command(
    small_line: Line, tmp_path: Path
) -> None:
    small_line.copy(tmp_path, "practice.db")
    (tmp_path / "disk").mkdir()
    (tmp_path / "backup" / "person").mkdir(parents=True)
    own = tmp_path / "backup" / "person" / "receiver.identity"
    own.write_text("the only key\n", encoding="utf-8")
    desk = Program(folder=tmp_path)
    assert "backup/person exists" in desk(*INIT).refused("already-exists", 42)
    assert own.read_text(encoding="utf-8") == "the only key\n"
    assert not list((tmp_path / "disk").iterdir())
    # of a command that was ended they are known, and go
    (tmp_path / "backup" / UNFINISHED).touch()
    desk(*INIT).ok()
    assert "the only key" not in own.read_text(encoding="utf-8")
    assert not (tmp_path / "backup" / UNFINISHED).exists()


def test_one_patient_a_second_time_is_there_already(practice: Program) -> None:
    wanted = ("backup", "restore", "backup", *KEY, "--patient", PATIENT, "--into", "one.db")
    assert practice(*wanted, "--json").ok().document["dossiers"] == 1
    again = practice(*wanted, "--json").ok().document
    assert (again["expected"], again["dossiers"], again["already_there"]) == (1, 0, 1)
    assert "1 dossier was in this store before, exactly as the backup has it." in practice(*wanted).ok().out


def test_the_lines_that_install_the_schedule_can_be_typed(practice: Program) -> None:
    out = practice("backup", "schedule", "backup", "--to", "my timers").ok().out
    lines = [one.strip() for one in out.splitlines()]
    for line in (one for one in lines if one.startswith(("mkdir ", "cp "))):
        subprocess.run(
            ["sh", "-c", line], cwd=practice.folder, env={"HOME": str(practice.folder)}, check=True
        )
    units = {one.name for one in (practice.folder / ".config" / "systemd" / "user").iterdir()}
    assert {Path(one).suffix for one in units} == {".service", ".timer"} and len(units) == 4
    assert "loginctl enable-linger" in lines


def test_a_damaged_table_of_checks_is_said_by_the_run_or_the_status_that_meets_it(practice: Program) -> None:
    table = practice.folder / "backup" / "vault" / "checks.db"
    table.write_bytes(b"no table" * 1000)
    status = practice("backup", "status", "backup", "--json").document
    assert "vault-checks-damaged" in {one["code"] for one in status["remarks"]}
    assert "vault-checks-damaged" not in practice("backup", "status", "backup").err
    for command in (("run", "backup"), ("drill", "backup", *KEY)):
        table.write_bytes(b"no table" * 1000)
        done = practice("backup", *command, "--json").ok()
        assert [one["code"] for one in done.document["findings"]] == ["vault-checks-damaged"]
        assert done.err.count("[vault-checks-damaged]") == 1

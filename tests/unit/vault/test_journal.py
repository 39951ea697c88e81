"""The journal of a vault: what is recorded is on every storage, chained and signed, and goes on after every end."""

from __future__ import annotations

import hashlib
import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from archiver.storage.errors import StorageUnreachable
from archiver.vault.journal.entry import JournalEntry, VaultAct, journal_line, read_entry
from archiver.vault.journal.errors import JournalDamaged, JournalDiffers, JournalMissing
from archiver.vault.journal.log_key import make_log_key
from archiver.vault.journal.record_file import journal_record_bytes
from archiver.vault.journal.write import record
from archiver.vault.open_vault import Vault, open_vault
from formats.errors import Failure
from formats.tlog.merkle import CompactRange, consistency_proof, entry_hash, is_consistent, range_at
from formats.tlog.note import read_note_key
from formats.tlog.tiles import hash_reader, read_entry_bundle
from tests.journeys.line import contents
from tests.unit.vault.journals import ACCESS, AT, CHECK, new_vault, records, seal


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return new_vault(tmp_path)


def on(vault: Vault, name: str) -> Path:
    return vault.folder.parent / name / "extensions" / "archiver-journal"


def assert_alike(vault: Vault) -> None:
    own = contents(vault.folder / "journal")
    assert own == contents(on(vault, "a")) == contents(on(vault, "b"))


def test_an_entry_has_one_spelling() -> None:
    line = journal_line(ACCESS, number=3, previous=bytes(32), at=AT)
    found = read_entry(line)
    assert (found.number, found.at, found.entry.act) == (3, "2026-11-30T01:30:00Z", VaultAct.ACCESS)
    assert found.entry.agent.startswith("archiver ")
    for wrong in (
        line + b" ",
        b"{}",
        b"[]",
        b"",
        line.replace(b"access", b"feast"),
        line.replace(b'"n', b'"m'),
    ):
        with pytest.raises(ValueError):  # noqa: PT011 - json and ours
            read_entry(wrong)
    with pytest.raises(ValueError, match="bytes"):
        journal_line(JournalEntry(act=VaultAct.HOLD, agent="x" * 70_000), number=0, previous=b"", at=AT)


def test_what_is_recorded_is_chained_and_signed_on_every_storage(vault: Vault) -> None:
    record(vault, [ACCESS], at=AT)
    record(vault, [CHECK] * 300, at=AT)
    record(vault, [], at=AT)
    assert_alike(vault)
    each = records(vault.folder / "journal")
    lines = [line for one in each for line in one.lines]
    entries = [read_entry(one) for one in lines]
    assert [one.number for one in entries] == list(range(len(lines)))
    assert [one.previous for one in entries] == ["", *(entry_hash(one).hex() for one in lines[:-1])]
    key = read_note_key(str(entries[0].entry.facts["log_key"]))
    assert all(one.note.signed_by((key,)) == key for one in each)
    assert each[-1].checkpoint.root == CompactRange().extended(map(entry_hash, lines)).root
    assert (vault.folder / "journal.key").stat().st_mode & 0o77 == 0
    assert not list(vault.folder.parent.glob("[ab]/**/*.key"))


def test_a_storage_that_was_away_gets_what_it_lacks(vault: Vault) -> None:
    (vault.folder.parent / "b").rename(vault.folder.parent / "away")
    record(vault, [ACCESS], at=AT)
    (vault.folder.parent / "b").mkdir()
    record(vault, [ACCESS], at=AT)
    assert not list((vault.folder.parent / "b").iterdir()), "another disk gets nothing"
    (vault.folder.parent / "b").rmdir()
    (vault.folder.parent / "away").rename(vault.folder.parent / "b")
    record(vault, [ACCESS], at=AT)
    assert_alike(vault)


def test_only_a_check_is_recorded_without_any_storage(vault: Vault) -> None:
    for name in "ab":
        (vault.folder.parent / name).rename(vault.folder.parent / f"away-{name}")
    record(vault, [CHECK], at=AT)
    with pytest.raises(StorageUnreachable):
        record(vault, [ACCESS], at=AT)
    for name in "ab":
        (vault.folder.parent / f"away-{name}").rename(vault.folder.parent / name)
    record(vault, [CHECK], at=AT)
    assert_alike(vault)


@pytest.mark.parametrize("text", [None, "", "{", "[]", '{"size": 1}'])
def test_the_note_of_the_head_may_be_lost_or_wrong(vault: Vault, text: str | None) -> None:
    record(vault, [ACCESS], at=AT)
    path = vault.folder / "journal-head.json"
    path.unlink()
    if text is not None:
        path.write_text(text, encoding="utf-8")
    record(vault, [CHECK], at=AT)
    assert_alike(vault)


def test_a_head_that_is_late_or_forged_is_found(vault: Vault) -> None:
    path = vault.folder / "journal-head.json"
    record(vault, [ACCESS], at=AT)
    early = path.read_text(encoding="utf-8")
    record(vault, [CHECK], at=AT)
    late = json.loads(path.read_text(encoding="utf-8"))
    forged = json.dumps(late | {"hashes": ["00" * 32] * len(late["hashes"])})
    for text in (early, forged, json.dumps(late | {"last": "00" * 32})):
        path.write_text(text, encoding="utf-8")
        record(vault, [CHECK], at=AT)
        assert_alike(vault)


def test_no_second_history_is_begun(vault: Vault) -> None:
    record(vault, [ACCESS], at=AT)
    (vault.folder / "journal.key").unlink()
    with pytest.raises(JournalMissing):
        record(vault, [ACCESS], at=AT)
    shutil.rmtree(vault.folder / "journal")
    with pytest.raises(JournalMissing):
        record(vault, [ACCESS], at=AT)
    assert not (vault.folder / "journal.key").exists()


def _changed(path: Path, old: bytes, new: bytes) -> None:
    data = path.read_bytes()
    assert old in data
    path.write_bytes(data.replace(old, new))


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("records/001", b"granted", b"refused"),
        ("records/001", b'"number":1', b'"number":2'),
        ("records/001", b"\n\n", b"\n"),
    ],
)
def test_a_journal_that_was_changed_is_not_continued(vault: Vault, name: str, old: bytes, new: bytes) -> None:
    record(vault, [ACCESS], at=AT)
    before = contents(on(vault, "a"))
    _changed(vault.folder / "journal" / name, old, new)
    with pytest.raises(JournalDamaged):
        record(vault, [CHECK], at=AT)
    assert contents(on(vault, "a")) == before


def test_a_record_that_somebody_else_appended_is_not_continued(vault: Vault, tmp_path: Path) -> None:
    """With the storages, but without the key of the log."""
    (before,) = records(vault.folder / "journal")
    previous = entry_hash(before.lines[-1])
    line = journal_line(ACCESS, number=1, previous=previous, at=AT)
    after = CompactRange().extended([previous, entry_hash(line)])
    forged = journal_record_bytes([line], after, make_log_key(tmp_path, vault.description.id))
    (vault.folder / "journal" / "records" / "001").write_bytes(forged)
    with pytest.raises(JournalDamaged):
        record(vault, [CHECK], at=AT)


def test_a_journal_that_is_wiped_out_is_not_begun_anew(vault: Vault) -> None:
    shutil.rmtree(vault.folder / "journal")
    for name in "ab":
        shutil.rmtree(on(vault, name))
    with pytest.raises(JournalMissing):
        record(vault, [CHECK], at=AT)


def test_a_vault_of_before_begins_one(vault: Vault) -> None:
    test_a_journal_that_is_wiped_out_is_not_begun_anew(vault)
    (vault.folder / "journal.key").unlink()
    path = vault.folder / "vault.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({name: one for name, one in document.items() if name != "journal_key"}))
    record(open_vault(vault.folder), [ACCESS], at=AT)
    assert_alike(vault)
    assert [read_entry(one.lines[0]).entry.act for one in records(vault.folder / "journal")] == [
        VaultAct.DESCRIPTION,
        VaultAct.ACCESS,
    ]


def test_a_storage_with_another_history_does_not_take_ours(vault: Vault) -> None:
    record(vault, [ACCESS], at=AT)
    path = on(vault, "b") / "records" / "002"
    path.write_bytes(b"another")
    record(vault, [CHECK], at=AT)
    assert path.read_bytes() == b"another", "the first storage took it"
    (vault.folder / "journal-head.json").unlink()
    (on(vault, "a") / "records" / "003").write_bytes(b"another")
    with pytest.raises(JournalDiffers):
        record(vault, [ACCESS], at=AT)
    assert issubclass(JournalDiffers, Failure)


def test_a_seal_has_the_tiles_of_the_log(vault: Vault) -> None:
    record(vault, [CHECK] * 300, at=AT)
    first = seal(vault)
    assert first is not None and (first.number, first.checkpoint.size) == (1, 301)
    assert seal(vault) == first, "nothing new"
    record(vault, [CHECK] * 300, at=AT)
    second = seal(vault, stamp=lambda digest: b"token of " + digest.value)
    assert second is not None and (second.number, second.checkpoint.size) == (2, 601)
    folder = vault.folder / "journal"
    read = hash_reader(601, lambda path: (folder / path).read_bytes())
    assert range_at(601, read).root == second.checkpoint.root
    proof = consistency_proof(301, 601, read)
    assert is_consistent(301, first.checkpoint.root, 601, second.checkpoint.root, proof)
    bundles = ("000", "001", "002.p/89")
    data = b"".join((folder / "tile" / "entries" / one).read_bytes() for one in bundles)
    assert [*read_entry_bundle(data)] == [line for one in records(folder) for line in one.lines]
    assert (folder / "checkpoint").read_bytes() == second.note.data
    token = (folder / "seals" / "002.tst").read_bytes()
    assert token == b"token of " + hashlib.sha256(second.note.data).digest()
    assert_alike(vault)


def test_a_storage_that_was_away_gets_the_seals(vault: Vault) -> None:
    seal(vault)
    (vault.folder.parent / "b").rename(vault.folder.parent / "away")
    for _ in range(2):
        record(vault, [CHECK] * 130, at=AT)
        seal(vault, stamp=lambda digest: digest.value)
    (vault.folder.parent / "away").rename(vault.folder.parent / "b")
    record(vault, [CHECK], at=AT)
    seal(vault)
    assert_alike(vault)


def test_what_is_older_than_a_day_is_sealed_with_the_next_entry(vault: Vault) -> None:
    record(vault, [ACCESS], at=AT + timedelta(hours=23))
    assert not (vault.folder / "journal" / "seals").exists()
    record(vault, [ACCESS], at=AT + timedelta(hours=24))
    record(vault, [ACCESS], at=AT + timedelta(hours=25))
    assert len(list((vault.folder / "journal" / "seals").iterdir())) == 1
    (vault.folder / "journal-head.json").unlink()
    record(vault, [ACCESS], at=AT + timedelta(hours=49))
    assert len(list((vault.folder / "journal" / "seals").iterdir())) == 2
    assert_alike(vault)


def test_several_commands_write_at_once(vault: Vault) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: record(vault, [ACCESS, CHECK], at=AT), range(12)))
    each = records(vault.folder / "journal")
    assert [one.first for one in each] == [0, *range(1, 25, 2)]
    assert_alike(vault)

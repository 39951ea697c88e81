"""A journal that somebody meddled with: what was removed, changed, reordered, taken back or told twice is found."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from archiver.operations.journal.mend_journal import MendedCopy, mend_journal
from archiver.operations.journal.restore_journal import RestoredJournal, restore_journal
from archiver.operations.journal.verify_journal import JournalExpectations, VerifiedJournal, verify_journal
from archiver.operations.journal.witness import cosigned_lines, read_offer, request_bytes, witness
from archiver.signing.trust.anchors import Trust
from archiver.vault.journal.entry import JournalEntry, VaultAct, read_entry
from archiver.vault.journal.errors import (
    CheckpointUnreadable,
    WitnessedForked,
    WitnessedKeyUnknown,
    WitnessedUnproven,
)
from archiver.vault.journal.open_journal import open_journal
from archiver.vault.journal.seal import put_beside_seal
from archiver.vault.journal.write import record
from archiver.vault.open_vault import Vault, open_vault
from formats.findings import Severity
from formats.tlog.checkpoint import read_checkpoint
from formats.tlog.note import NoteKey, read_note_key
from tests.journeys.line import contents
from tests.unit.vault.journals import ACCESS, AT, CHECK, journals, new_vault, records, seal

TRUST = Trust(at=AT)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A vault with two seals and an entry behind them: records 0, 1, 2, 5, 6; seals of 5 and 6 entries."""
    folder = tmp_path_factory.mktemp("journal")
    vault = new_vault(folder)
    for entries in ([ACCESS], [CHECK, ACCESS, CHECK]):
        record(vault, entries, at=AT)
    seal(vault)
    record(vault, [ACCESS], at=AT)
    seal(vault)
    record(vault, [CHECK], at=AT)
    return folder


def copy_of(filled: Path, folder: Path) -> Vault:
    """Return a copy of a vault with its storages, which know nothing of one another."""
    shutil.copytree(filled, folder)
    description = folder / "vault" / "vault.json"
    text = description.read_text(encoding="utf-8")
    description.write_text(text.replace(str(filled), str(folder)), encoding="utf-8")
    return open_vault(folder / "vault")


@pytest.fixture
def vault(filled: Path, tmp_path: Path) -> Vault:
    return copy_of(filled, tmp_path / "place")


def verified(vault: Vault, **expected: object) -> VerifiedJournal:
    known = JournalExpectations(trust=TRUST, **expected)  # type: ignore[arg-type]
    return verify_journal(vault, known, at=AT)


def codes(vault: Vault, **expected: object) -> set[str]:
    return {one.code for one in verified(vault, **expected).findings} - {"journal-seal-unstamped"}


def test_a_whole_journal_is_whole(vault: Vault) -> None:
    found = verified(vault)
    assert [one.code for one in found.findings] == ["journal-seal-unstamped"]
    assert (found.size, found.unsealed, len(found.seals)) == (7, 1, 2)
    assert found.copies == (("journal", 7), ("storage-1", 7), ("storage-2", 7))
    late = verify_journal(vault, JournalExpectations(trust=TRUST), at=AT + timedelta(days=2))
    assert {one.code for one in late.findings} == {"journal-seal-unstamped", "journal-unsealed"}


def _replace(path: Path, old: bytes, new: bytes) -> None:
    data = path.read_bytes()
    assert old in data, path
    path.write_bytes(data.replace(old, new, 1))


def _swap_lines(path: Path) -> None:
    lines = path.read_bytes().split(b"\n")
    path.write_bytes(b"\n".join([lines[1], lines[0], *lines[2:]]))


def _drop_line(path: Path) -> None:
    path.write_bytes(path.read_bytes().split(b"\n", 1)[1])


def _swap_files(first: Path, second: Path) -> None:
    one, other = first.read_bytes(), second.read_bytes()
    first.write_bytes(other)
    second.write_bytes(one)


def _write(path: Path, data: bytes) -> None:
    path.write_bytes(data)


def _take_back(folder: Path, *numbers: int) -> None:
    for one in numbers:
        (folder / f"records/{one:03}").unlink()


def _unseal(folder: Path) -> None:
    shutil.rmtree(folder / "seals")
    (folder / "checkpoint").unlink()


CHANGED, MISSING, ORDER = "journal-entry-changed", "journal-entry-missing", "journal-entry-order"
SIGNATURE, SEAL, TILE = "journal-signature-invalid", "journal-seal-changed", "journal-tile-changed"
BUNDLE = "tile/entries/000.p/6"
MEDDLED: dict[str, tuple[Callable[[Path], None], str]] = {
    "outcome changed": (lambda one: _replace(one / "records/001", b"granted", b"refused"), CHANGED),
    "no record": (lambda one: _write(one / "records/001", b"x"), CHANGED),
    "first entry changed": (lambda one: _replace(one / "records/000", b"begun", b"began"), CHANGED),
    "hash changed": (lambda one: _replace(one / "records/002", b'"previous":"', b'"previous":"0'), CHANGED),
    "record removed": (lambda one: _take_back(one, 2), MISSING),
    "entry removed": (lambda one: _drop_line(one / "records/002"), MISSING),
    "entries swapped": (lambda one: _swap_lines(one / "records/002"), ORDER),
    "records swapped": (lambda one: _swap_files(one / "records/001", one / "records/005"), ORDER),
    "signer changed": (lambda one: _replace(one / "records/005", b"\x94 urn", b"\x94 Urn"), SIGNATURE),
    "seal removed": (lambda one: (one / "seals/001").unlink(), "journal-seal-missing"),
    "last seal removed": (lambda one: (one / "seals/002").unlink(), SEAL),
    "all seals removed": (_unseal, "journal-seal-missing"),
    "seal no note": (lambda one: _write(one / "seals/001", b"x"), SEAL),
    "seal between records": (lambda one: _replace(one / "seals/001", b"\n5\n", b"\n4\n"), SEAL),
    "seal of another size": (lambda one: _replace(one / "seals/001", b"\n5\n", b"\n6\n"), SIGNATURE),
    "checkpoint changed": (lambda one: _write(one / "checkpoint", b"x"), SEAL),
    "tile removed": (lambda one: (one / "tile/0/000.p/5").unlink(), TILE),
    "tile changed": (lambda one: _write(one / "tile/0/000.p/6", bytes(192)), TILE),
    "bundle changed": (lambda one: _replace(one / BUNDLE, b"granted", b"refused"), TILE),
    "taken back": (lambda one: _take_back(one, 6), "journal-rolled-back"),
    "taken back behind a seal": (lambda one: _take_back(one, 6, 5), "journal-rolled-back"),
    "all removed": (shutil.rmtree, "journal-absent"),
}
"""What is done to a copy of the journal, and the finding that says so."""


@pytest.mark.parametrize("name", list(MEDDLED))
@pytest.mark.parametrize("copy", [0, 1])
def test_what_was_meddled_with_is_found_in_any_copy(vault: Vault, name: str, copy: int) -> None:
    meddle, code = MEDDLED[name]
    meddle(journals(vault)[copy])
    found = verified(vault)
    wrong = [one for one in found.findings if one.severity is Severity.ERROR]
    place = ("journal", "storage-1")[copy]
    if (name, copy) == ("all removed", 0):
        assert [one.code for one in found.findings if one.code != "journal-seal-unstamped"] == [code]
        return
    assert code in {one.code for one in wrong}, found.findings
    assert all(place in one.where for one in wrong), "the other copies are whole"


def test_what_is_changed_in_every_copy_is_found(vault: Vault) -> None:
    for one in journals(vault):
        _replace(one / "records" / "001", b"granted", b"refused")
    assert "journal-entry-changed" in codes(vault)


def test_a_second_history_with_the_key_is_found(vault: Vault, filled: Path, tmp_path: Path) -> None:
    """The same vault was copied, and both copies went on: with the same key, so that each is whole by itself."""
    record(vault, [CHECK], at=AT)
    other = copy_of(filled, tmp_path / "other")
    record(other, [ACCESS], at=AT)
    shutil.rmtree(vault.folder / "journal")
    shutil.copytree(other.folder / "journal", vault.folder / "journal")
    assert codes(vault) == {"journal-forked"}


@pytest.mark.parametrize("copy", [0, 1])
def test_an_earlier_checkpoint_is_no_last_one(vault: Vault, copy: int) -> None:
    folder = journals(vault)[copy]
    shutil.copy(folder / "seals/001", folder / "checkpoint")
    assert codes(vault) == {"journal-seals-behind"}
    (folder / "checkpoint").unlink()
    assert codes(vault) == {"journal-seals-behind"}
    (folder / "checkpoint").write_bytes((folder / "seals/002").read_bytes().replace(b"urn", b"Urn", 1))
    assert codes(vault) == {"journal-seal-changed"}


def test_everything_taken_back_is_found_by_who_has_a_checkpoint(vault: Vault) -> None:
    path = vault.folder.parent / "before"
    path.write_bytes((vault.folder / "journal" / "checkpoint").read_bytes())
    checkpoint, note = read_checkpoint(path.read_bytes())
    known = [("before", checkpoint, note)]
    assert codes(vault, checkpoints=known) == set()
    for one in journals(vault):
        for name in ("records/006", "records/005", "seals/002", "tile/0/000.p/6", "tile/entries/000.p/6"):
            (one / name).unlink()
        shutil.copy(one / "seals" / "001", one / "checkpoint")
    (vault.folder / "journal-head.json").unlink()
    assert codes(vault) == set(), "nobody could know"
    assert codes(vault, checkpoints=known) == {"journal-rolled-back"}
    record(vault, [ACCESS, ACCESS], at=AT)
    seal(vault)
    assert codes(vault, checkpoints=known) >= {"journal-seal-changed"}
    record(vault, [CHECK], at=AT)


def test_another_key_is_found(vault: Vault) -> None:
    key = read_note_key(verified(vault).key)
    assert codes(vault, key=key) == set()
    assert codes(vault, key=NoteKey(name=key.name, kind=1, public=bytes(32))) == {"journal-key-other"}


def test_a_storage_that_does_not_answer_is_not_whole(vault: Vault) -> None:
    (vault.folder.parent / "b").rename(vault.folder.parent / "away")
    assert codes(vault) == {"journal-copy-unverified"}
    (vault.folder.parent / "b").mkdir()
    assert codes(vault) == {"journal-copy-unverified"}, "another disk is no copy"


def test_a_copy_that_waits_for_the_rest_is_said_to_be_behind(vault: Vault) -> None:
    (vault.folder.parent / "b").rename(vault.folder.parent / "away")
    record(vault, [CHECK], at=AT)
    seal(vault)
    (vault.folder.parent / "away").rename(vault.folder.parent / "b")
    assert codes(vault) == {"journal-copy-behind", "journal-seals-behind"}
    record(vault, [CHECK], at=AT)
    assert codes(vault) == {"journal-seals-behind"}
    seal(vault)
    assert codes(vault) == set()


def test_a_deposit_that_no_storage_has_is_found(vault: Vault) -> None:
    facts: dict[str, str | int] = {"revision": 1, "accepted_at": AT.isoformat(), "receipt_sha256": "00"}
    entry = JournalEntry(act=VaultAct.DEPOSIT, object_id="urn:uuid:lost", outcome="accepted", facts=facts)
    record(vault, [entry], at=AT)
    assert codes(vault) == {"journal-deposit-lost"}
    requested = JournalEntry(act=VaultAct.DESTRUCTION, object_id="urn:uuid:lost", outcome="requested")
    record(vault, [requested, JournalEntry(act=VaultAct.DEPOSIT, object_id="urn:uuid:lost")], at=AT)
    assert codes(vault) == {"journal-deposit-lost"}, "that somebody asked for it destroys nothing"
    withdrawn = JournalEntry(act=VaultAct.DESTRUCTION, object_id="urn:uuid:lost", outcome="withdrawn")
    record(vault, [withdrawn], at=AT)
    assert codes(vault) == {"journal-deposit-lost"}, "nor that the request was withdrawn"
    units = JournalEntry(
        act=VaultAct.DESTRUCTION, object_id="urn:uuid:lost", outcome="done", facts={"units": 2}
    )
    record(vault, [units], at=AT)
    assert codes(vault) == {"journal-deposit-lost"}, "a package that lost units is still somewhere"
    done = JournalEntry(act=VaultAct.DESTRUCTION, object_id="urn:uuid:lost", outcome="done")
    record(vault, [done], at=AT)
    assert codes(vault) == set()
    (vault.folder / "catalogue.db").unlink()
    assert codes(vault) == {"journal-copy-unverified"}


@pytest.fixture
def other(tmp_path: Path) -> Vault:
    (tmp_path / "witness").mkdir()
    return new_vault(tmp_path / "witness", "00000000-0000-4000-8000-000000000002")


def test_another_vault_witnesses(vault: Vault, other: Vault, tmp_path: Path) -> None:
    folder, key = vault.folder / "journal", read_note_key(verified(vault).key)
    with pytest.raises(WitnessedKeyUnknown):
        witness(other, read_offer(folder), None, at=AT)
    done = witness(other, read_offer(folder), key, at=AT)
    assert (done.before, done.checkpoint.size) == (0, 6)
    path = tmp_path / "cosigned"
    path.write_bytes(done.note.data)
    checkpoint, lines = cosigned_lines(path, [done.key])
    assert checkpoint.size == 6
    with open_journal(vault, at=AT) as journal:
        put_beside_seal(
            journal, f"seals/002.{done.key.number.hex()}.cosignature", f"{lines[0][1]}\n".encode()
        )
    found = verified(vault, witnesses=[done.key])
    assert found.seals[1].witnesses == ((other.description.id, AT.isoformat()),)
    assert codes(vault, witnesses=[done.key]) == set()
    unknown = NoteKey(name="unknown", kind=4, public=done.key.public)
    assert codes(vault, witnesses=[unknown]) == {"journal-cosignature-missing"}
    for one in journals(vault):
        _replace(one / f"seals/002.{done.key.number.hex()}.cosignature", b"A", b"B")
    assert "journal-cosignature-missing" in codes(vault, witnesses=[done.key])
    record(vault, [ACCESS] * 300, at=AT)
    seal(vault)
    assert witness(other, read_offer(folder), None, at=AT).before == 6
    assert {one.code for one in verified(other).findings} == set(), "it has no seal yet"


def test_a_witness_refuses_a_second_history_and_says_so(
    vault: Vault, other: Vault, filled: Path, tmp_path: Path
) -> None:
    key = read_note_key(verified(vault).key)
    twin = copy_of(filled, tmp_path / "twin")
    record(vault, [CHECK], at=AT)
    seal(vault)
    witness(other, read_offer(vault.folder / "journal"), key, at=AT)
    for count in (1, 5):
        record(twin, [ACCESS] * count, at=AT)
        seal(twin)
        with pytest.raises(WitnessedForked):
            witness(other, read_offer(twin.folder / "journal"), key, at=AT)
    with pytest.raises(WitnessedForked):
        witness(other, read_offer(filled / "vault" / "journal"), key, at=AT)
    (vault.folder / "journal" / "tile" / "0" / "000.p" / "8").unlink()
    with pytest.raises(WitnessedUnproven):
        witness(other, read_offer(vault.folder / "journal"), None, at=AT)
    lines = [line for one in records(other.folder / "journal") for line in one.lines]
    outcomes = [read_entry(line).entry.outcome for line in lines]
    assert outcomes == ["journal-begun", "cosigned", *["refused"] * 3]


def test_a_lost_folder_comes_back_from_the_storages(vault: Vault) -> None:
    before = contents(vault.folder / "journal")
    shutil.rmtree(vault.folder / "journal")
    (vault.folder / "journal-head.json").unlink()
    done = restore_journal(vault, at=AT)
    assert (done.source, done.key_replaced, done.aside) == ("storage-1", False, "")
    assert contents(vault.folder / "journal") == before
    assert restore_journal(vault, at=AT) == RestoredJournal()
    assert codes(vault) == set()
    record(vault, [CHECK], at=AT)
    assert codes(vault) == set()


def test_a_lost_key_is_replaced_and_everybody_sees_it(vault: Vault) -> None:
    first = read_note_key(verified(vault).key)
    shutil.rmtree(vault.folder / "journal")
    (vault.folder / "journal.key").unlink()
    assert restore_journal(vault, at=AT).key_replaced
    record(vault, [CHECK], at=AT)
    seal(vault)
    found = verified(vault)
    (replaced,) = (one for one in found.findings if one.code == "journal-key-replaced")
    assert replaced.severity is Severity.ERROR and found.key != str(first)
    assert "journal-key-replaced" in codes(vault, key=first)
    known = verified(vault, key=read_note_key(found.key))
    assert {one.severity for one in known.findings} == {Severity.WARNING}


@pytest.mark.parametrize("name", ["outcome changed", "record removed", "taken back"])
def test_a_copy_in_the_folder_that_is_not_whole_is_replaced_and_stays(vault: Vault, name: str) -> None:
    before = contents(vault.folder / "journal")
    MEDDLED[name][0](vault.folder / "journal")
    done = restore_journal(vault, at=AT)
    assert bool(done.aside) == (name == "outcome changed")
    assert contents(vault.folder / "journal") == before
    record(vault, [CHECK], at=AT)
    assert codes(vault) == set()


def test_a_witness_takes_a_proof_instead_of_the_tiles(vault: Vault, other: Vault, tmp_path: Path) -> None:
    folder, key, path = vault.folder / "journal", read_note_key(verified(vault).key), tmp_path / "request"
    for old, count in ((0, 300), (6, 0), (6, 5), (312, 1)):
        if count:
            record(vault, [CHECK] * count, at=AT)
            seal(vault) if old else None
        path.write_bytes(request_bytes(folder, old))
        assert witness(other, read_offer(path), key, at=AT).before == old
    data = path.read_bytes()
    with pytest.raises(WitnessedUnproven):
        witness(other, read_offer(path), key, at=AT)  # from 312, and 313 were seen since
    with pytest.raises(WitnessedUnproven):
        request_bytes(folder, 1000)
    spoilt = data.split(b"\n")
    for wrong in (
        b"",
        data[4:],
        data.replace(b"old 312", b"old x"),
        data.replace(b"old 312", b"old 3" + b"0" * 20),
        b"\n".join([spoilt[0], spoilt[1][:-4], *spoilt[2:]]),
        data.replace(b"\n\n", b"\n", 1),
    ):
        path.write_bytes(wrong)
        with pytest.raises(CheckpointUnreadable):
            read_offer(path)


def test_a_proof_of_something_else_is_a_fork(
    vault: Vault, other: Vault, filled: Path, tmp_path: Path
) -> None:
    key, path = read_note_key(verified(vault).key), tmp_path / "request"
    twin = copy_of(filled, tmp_path / "twin")
    for one, act in ((vault, CHECK), (twin, ACCESS)):
        record(one, [act] * 5, at=AT)
        seal(one)
    witness(other, read_offer(vault.folder / "journal"), key, at=AT)
    record(twin, [ACCESS], at=AT)
    seal(twin)
    path.write_bytes(request_bytes(twin.folder / "journal", 12))
    with pytest.raises(WitnessedForked):
        witness(other, read_offer(path), key, at=AT)


def test_a_storage_that_lost_the_journal_gets_it_again(vault: Vault) -> None:
    shutil.rmtree(journals(vault)[1])
    (journals(vault)[2] / "records" / "002").unlink()
    _replace(journals(vault)[2] / "records" / "001", b"granted", b"refused")
    assert codes(vault) == {"journal-absent", "journal-entry-changed"}
    record(vault, [CHECK], at=AT)
    done = restore_journal(vault, at=AT)
    assert done.lacked > 10 and not done.files
    assert codes(vault) == {"journal-entry-changed"}, "what was changed stays, for whoever asks"
    record(vault, [CHECK], at=AT)
    seal(vault)
    assert contents(journals(vault)[1]) == contents(vault.folder / "journal")


def test_what_no_seal_has_has_no_tiles_yet(tmp_path: Path) -> None:
    vault = new_vault(tmp_path)
    record(vault, [CHECK] * 300, at=AT)
    assert codes(vault) == set()
    seal(vault)
    record(vault, [CHECK] * 300, at=AT)
    assert codes(vault) == set()
    (journals(vault)[1] / "tile" / "entries" / "000").write_bytes(b"")
    assert codes(vault) == {"journal-tile-changed"}


MENDED = (
    *("outcome changed", "no record", "hash changed", "entries swapped", "records swapped", "signer changed"),
    *("seal removed", "seal of another size", "checkpoint changed", "tile removed", "bundle changed"),
)


@pytest.mark.parametrize("name", MENDED)
def test_a_damaged_copy_on_a_storage_is_mended_from_the_folder_and_its_bytes_stay(
    vault: Vault, name: str
) -> None:
    folder = journals(vault)[1]
    before = contents(folder)
    MEDDLED[name][0](folder)
    damaged = {path: data for path, data in contents(folder).items() if before[path] != data}
    (done,) = mend_journal(vault, clock=lambda: AT, notice=[].append)
    assert (done.storage, done.forked) == ("storage-1", False) and done.files
    assert codes(vault) == set()
    after = contents(folder)
    assert {path: after[path] for path in before} == before
    aside = contents(folder.parent / "archiver-damaged") if damaged else {}
    assert sorted(one for one in aside.values() if one != "folder") == sorted(damaged.values())
    last = records(vault.folder / "journal")[-1].lines[-1]
    entry = read_entry(last).entry
    assert (entry.act, entry.outcome) == (VaultAct.REPAIR, "journal-mended")
    assert mend_journal(vault, clock=lambda: AT, notice=[].append) == []


def test_a_second_history_is_never_mended(vault: Vault, filled: Path, tmp_path: Path) -> None:
    """Whoever has the key wrote another history, and damaged it besides: it is evidence, and so is its damage."""
    other = copy_of(filled, tmp_path / "other")
    record(vault, [CHECK], at=AT)
    record(other, [ACCESS], at=AT)
    folder = journals(vault)[1]
    shutil.rmtree(folder)
    shutil.copytree(other.folder / "journal", folder)
    _write(folder / "tile/0/000.p/6", bytes(192))
    before = contents(folder)
    assert mend_journal(vault, clock=lambda: AT, notice=[].append) == [
        MendedCopy(storage="storage-1", forked=True)
    ]
    assert contents(folder) == before


@pytest.mark.parametrize("name", ["outcome changed", "tile changed", "taken back"])
def test_nothing_is_mended_from_a_folder_that_is_not_whole(vault: Vault, name: str) -> None:
    for one in journals(vault)[:2]:
        MEDDLED["bundle changed"][0](one)
    MEDDLED[name][0](vault.folder / "journal")
    before = contents(vault.folder.parent)
    assert mend_journal(vault, clock=lambda: AT, notice=[].append) == []
    assert contents(vault.folder.parent) == before

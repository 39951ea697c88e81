"""Which files of an object have parity, and which parity is of which file."""

from __future__ import annotations

from datetime import UTC, datetime

from archiver.parity.create import recovery_blocks
from archiver.vault.stored_parity import (
    deposited_files,
    is_parity_of,
    is_stale,
    parity_path,
    protected_files,
    redundancy_percent,
)
from formats.digests import SHA512, Digest
from formats.ocfl.inventory import Inventory, NewFile, VersionAuthor, next_version

AT = datetime(2026, 11, 30, tzinfo=UTC)
AUTHOR = VersionAuthor(name="Archives Exemple", address="urn:uuid:1")


def digest(data: bytes) -> Digest:
    return Digest.of(data, algorithm=SHA512)


def with_files(before: Inventory | None, *files: tuple[str, bytes]) -> Inventory:
    new = tuple(NewFile(logical=path, digest=digest(data)) for path, data in files)
    return next_version(before, "urn:uuid:2", new, created=AT, message="", author=AUTHOR)[0]


def test_parity_of_a_revision_is_not_that_of_another_under_the_same_name() -> None:
    """Repair with the parity of another revision would make that one, which its digest refuses: a loss for nothing."""
    first, second = "v1/content/revision-001/p.asice", "v3/content/revision-002/p.asice"
    of_first = (
        "v2/content/parity/revision-001/p.asice.par2",
        "v2/content/parity/revision-001/p.asice.vol0+9.par2",
    )
    assert [is_parity_of(one, first) for one in of_first] == [True, True]
    assert [is_parity_of(one, second) for one in of_first] == [False, False]
    record = "v2/content/parity/revision-001/p.asice.001.ers.par2"
    assert not is_parity_of(record, first)
    assert is_parity_of(record, "v1/content/revision-001/p.asice.001.ers")
    assert not is_parity_of(first, first) and not is_parity_of("inventory.json", first)


def test_the_same_bytes_in_two_revisions_have_parity_once() -> None:
    """Revisions come in any order: the place of the bytes counts, which is that of the revision that came first."""
    later = with_files(None, ("revision-002/p.asice", b"same"), ("receipts/revision-002.json", b"{}"))
    both = with_files(later, ("revision-001/p.asice", b"same"), ("revision-001/q.asice", b"other"))
    found = {"revision-002/p.asice": digest(b"same"), "revision-001/q.asice": digest(b"other")}
    assert deposited_files(both) == found
    assert protected_files(both) == {}
    made = [parity_path("revision-002/p.asice", name) for name in ("p.asice.par2", "p.asice.vol0+2.par2")]
    assert made[0] == "parity/revision-002/p.asice.par2"
    after = with_files(both, *((path, path.encode()) for path in made))
    assert protected_files(after) == {"revision-002/p.asice": tuple(made)}
    assert deposited_files(after) == found


def test_parity_of_another_revision_under_the_same_name_stays_when_units_are_destroyed() -> None:
    """A later revision may be cut into other volumes; parity of no file that stays could make the units again."""
    remaining = ("receipts/revision-001.json", "revision-002/p.asice")
    assert not is_stale("parity/revision-002/p.asice.vol0+9.par2", remaining)
    assert not is_stale("parity/revision-002/p.asice.par2", remaining)
    assert is_stale("parity/revision-001/p.asice.vol0+9.par2", remaining)
    assert is_stale("parity/revision-001/p.asice.par2", remaining)
    assert is_stale("parity/revision-002/another.asice.par2", remaining)
    assert not any(is_stale(one, remaining) for one in remaining)


def test_the_redundancy_of_parity_is_known_by_its_names() -> None:
    for size in (1, 5000, 4_096_000, 123_456_789):
        for percent in (1, 10, 33, 100):
            name = f"parity/revision-001/p.asice.vol000+{recovery_blocks(size, percent)}.par2"
            found = redundancy_percent(("parity/revision-001/p.asice.par2", name), size)
            assert percent <= found and recovery_blocks(size, found) >= recovery_blocks(size, percent)
    assert redundancy_percent((), 1000) == 0

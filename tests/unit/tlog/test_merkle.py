"""Merkle trees against the vectors of the reference implementation of RFC 6962, and notes against that of C2SP."""

from __future__ import annotations

import pytest

from formats.tlog.merkle import (
    CompactRange,
    consistency_proof,
    entry_hash,
    is_consistent,
    node_hash,
    range_at,
)
from formats.tlog.note import NoteMalformed, NoteSignatureInvalid, read_note, read_note_key
from formats.tlog.tiles import (
    TileMalformed,
    bundle_path,
    entry_bundle,
    hash_reader,
    index_path,
    read_entry_bundle,
    tile_path,
    tiles_between,
)

LEAVES = [
    bytes.fromhex(one)
    for one in (
        *("", "00", "10", "2021", "3031", "40414243", "5051525354555657"),
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
"""Roots of the first n of ``LEAVES`` (google/certificate-transparency, merkle_tree_test.cc)."""
PROOFS = {
    (1, 1): [],
    (1, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
"""Consistency proofs between the first m and n of ``LEAVES`` (the same source)."""
KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
NOTE = (
    "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Z"
    "tg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)
"""The example of the specification of signed notes."""


def levels(leaves: list[bytes]) -> dict[tuple[int, int], bytes]:
    """All hashes of perfect subtrees, made without any of the code that is tested but the hash of a node."""
    found = {(0, at): one for at, one in enumerate(leaves)}
    level, count = 0, len(leaves)
    while count > 1:
        count //= 2
        level += 1
        for at in range(count):
            found[level, at] = node_hash(found[level - 1, 2 * at], found[level - 1, 2 * at + 1])
    return found


def test_roots_are_those_of_the_reference() -> None:
    hashes = [entry_hash(one) for one in LEAVES]
    assert [CompactRange().extended(hashes[:size]).root.hex() for size in range(9)] == ROOTS
    known = levels(hashes)
    assert [range_at(size, lambda *at: known[at]).root.hex() for size in range(9)] == ROOTS


@pytest.mark.parametrize(("old", "new"), list(PROOFS))
def test_proofs_are_those_of_the_reference(old: int, new: int) -> None:
    known = levels([entry_hash(one) for one in LEAVES])
    proof = consistency_proof(old, new, lambda *at: known[at])
    assert [one.hex() for one in proof] == PROOFS[old, new]
    roots = [bytes.fromhex(one) for one in ROOTS]
    assert is_consistent(old, roots[old], new, roots[new], proof)


def test_every_proof_holds_and_no_other_does() -> None:
    leaves = [entry_hash(bytes([one])) for one in range(40)]
    known = levels(leaves)
    roots = [CompactRange().extended(leaves[:size]).root for size in range(41)]
    for new in range(41):
        for old in range(new + 1):
            proof = consistency_proof(old, new, lambda *at: known[at])
            assert is_consistent(old, roots[old], new, roots[new], proof)
            if 0 < old < new:
                assert not is_consistent(old, roots[old - 1], new, roots[new], proof)
                assert not is_consistent(old, roots[old], new, roots[new - 1], proof)
                assert not is_consistent(old, roots[old], new, roots[new], proof[:-1])
                assert not is_consistent(old, roots[old], new, roots[new], [*proof, roots[1]])
                spoilt = [bytes(32), *proof[1:]]
                assert not is_consistent(old, roots[old], new, roots[new], spoilt)
            assert not is_consistent(new + 1, roots[new], new, roots[new], [])
    with pytest.raises(ValueError, match="3 leaves"):
        consistency_proof(3, 2, lambda *at: known[at])


def test_a_range_has_the_hashes_of_its_size() -> None:
    with pytest.raises(ValueError, match="of 3 leaves"):
        CompactRange(size=3, hashes=(bytes(32),))


def test_paths_are_those_of_the_specification() -> None:
    assert (
        index_path(1234067) == "x001/x234/067" and index_path(0) == "000" and index_path(1000) == "x001/000"
    )
    assert tile_path(1, 0, 17) == "tile/1/000.p/17" and bundle_path(5) == "tile/entries/005"
    found = list(tiles_between(0, 70_000))
    full = [(level, width) for level, _, width in found if width == 256]
    assert full.count((0, 256)) == 273 and full.count((1, 256)) == 1
    assert [one for one in found if one[2] < 256] == [(0, 273, 112), (1, 1, 17), (2, 0, 1)]
    assert list(tiles_between(0, 256)) == [(0, 0, 256), (1, 0, 1)]
    assert list(tiles_between(255, 257)) == [(0, 0, 256), (0, 1, 1), (1, 0, 1)]
    assert list(tiles_between(70_000, 70_000)) == []


def test_hashes_are_read_from_tiles() -> None:
    size = 70_000
    leaves = [entry_hash(str(one).encode()) for one in range(size)]
    known = levels(leaves)
    files = {
        tile_path(level, number, width): b"".join(
            known[8 * level, at] for at in range(256 * number, 256 * number + width)
        )
        for level, number, width in tiles_between(0, size)
    }
    read = hash_reader(size, files.__getitem__)
    assert range_at(size, read).root == CompactRange().extended(leaves).root
    old = CompactRange().extended(leaves[:66_000]).root
    proof = consistency_proof(66_000, size, read)
    assert is_consistent(66_000, old, size, range_at(size, read).root, proof)
    files["tile/0/000"] = files["tile/0/000"][:-1]
    with pytest.raises(TileMalformed):
        hash_reader(size, files.__getitem__)(0, 5)


def test_bundles_give_their_entries_back() -> None:
    entries = [b"", b"a", b"b" * 65_535]
    assert list(read_entry_bundle(entry_bundle(entries))) == entries
    for wrong in (b"\0", b"\0\2a"):
        with pytest.raises(TileMalformed):
            list(read_entry_bundle(wrong))
    with pytest.raises(ValueError, match="65536 bytes"):
        entry_bundle([bytes(65_536)])


def test_the_note_of_the_specification() -> None:
    key = read_note_key(KEY)
    assert str(key) == KEY
    note = read_note(NOTE.encode())
    assert note.signed_by((key,)) == key and note.data == NOTE.encode()
    forged = read_note(NOTE.replace("example message", "Example message").encode())
    with pytest.raises(NoteSignatureInvalid):
        forged.signed_by((key,))
    with pytest.raises(NoteSignatureInvalid):
        note.signed_by(())


@pytest.mark.parametrize(
    "wrong",
    [
        *(NOTE.replace("— ", "- "), NOTE[:-1], NOTE.replace("\n\n", "\n"), NOTE.replace("This", "Th\tis")),
        *(NOTE.replace("foo U", "foo  U"), NOTE.replace("aQM=", "aQM"), "", "\n\n", "a\n\n— b AAAAAA==\n"),
    ],
)
def test_what_is_no_note(wrong: str) -> None:
    with pytest.raises(NoteMalformed):
        read_note(wrong.encode())


@pytest.mark.parametrize("wrong", ["", "a+b", KEY.replace("530d903a", "530d903b"), KEY[:-4], "a b+00+AA=="])
def test_what_is_no_key(wrong: str) -> None:
    with pytest.raises(NoteMalformed):
        read_note_key(wrong)

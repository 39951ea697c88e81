"""The Merkle tree of RFC 9162, section 2.1: its published values, and its proofs for every size."""

from __future__ import annotations

import hashlib
from binascii import unhexlify

import pytest

from archiver.package.manifests.merkle_tree import inclusion_path, proves_inclusion, root_of
from formats.digests import SHA256, Digest
from formats.tlog.merkle import entry_hash

LEAVES = [
    unhexlify(one)
    for one in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
"""The leaves of the test vectors that go with RFC 6962, whose tree RFC 9162 keeps."""
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
"""The root over the first 0, 1, … 8 of them."""


def defined(leaves: list[bytes]) -> bytes:
    """Return the root as RFC 9162, 2.1.1, defines it: by halves, the left one a power of two."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    left = 1
    while left * 2 < len(leaves):
        left *= 2
    return hashlib.sha256(b"\x01" + defined(leaves[:left]) + defined(leaves[left:])).digest()


@pytest.mark.parametrize("size", range(9))
def test_the_published_roots(size: int) -> None:
    assert root_of(LEAVES[:size]).hex == ROOTS[size]


@pytest.mark.parametrize(
    ("index", "size", "path"),
    [
        (0, 1, []),
        (
            0,
            8,
            [
                "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
            ],
        ),
        (
            5,
            8,
            [
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ],
        ),
        (2, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
        (
            1,
            5,
            [
                "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            ],
        ),
    ],
)
def test_the_published_paths(index: int, size: int, path: list[str]) -> None:
    assert [one.hex() for one in inclusion_path(index, LEAVES[:size])] == path


@pytest.mark.parametrize("size", [*range(18), 31, 32, 33])
def test_every_leaf_of_every_size_has_a_proof_and_nothing_else_does(size: int) -> None:
    leaves = [bytes([one]) for one in range(size)]
    root = root_of(leaves)
    assert root.value == defined(leaves)
    for index, leaf in enumerate(leaves):
        path = inclusion_path(index, leaves)
        assert proves_inclusion(leaf, index, size, path, root)
        assert not proves_inclusion(leaf + b"x", index, size, path, root)
        assert not proves_inclusion(leaf, index, size, (*path, root.value), root)
        assert not proves_inclusion(leaf, size, size, path, root)
        assert not proves_inclusion(leaf, index, size, path, Digest(SHA256, entry_hash(b"another")))
        for place in range(len(path)):
            assert not proves_inclusion(leaf, index, size, path[:place], root)
            other = (*path[:place], entry_hash(b"another"), *path[place + 1 :])
            assert not proves_inclusion(leaf, index, size, other, root)


def test_no_node_passes_for_a_leaf() -> None:
    left, right = entry_hash(b"a"), entry_hash(b"b")
    assert root_of([left + right]) != root_of([b"a", b"b"])


@pytest.mark.parametrize("index", [-1, 3])
def test_there_is_no_path_of_a_leaf_that_is_not_there(index: int) -> None:
    with pytest.raises(IndexError):
        inclusion_path(index, LEAVES[:3])

"""Merkle tree (RFC 9162, section 2.1) under SHA-256: its root, inclusion proofs, and their verification.

``MTH`` of no leaf is SHA-256 of nothing; of one, SHA-256(0x00 ‖ leaf); of more, SHA-256(0x01 ‖ left ‖
right), where the left side holds the largest power of two of leaves that is smaller than their number. It is the
tree of the journal of a vault, too (``formats.tlog.merkle``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from formats.digests import SHA256, Digest
from formats.tlog.merkle import CompactRange, entry_hash, inclusion_proof, leaves_reader, node_hash


class TreeRoot:
    """The Merkle Tree Hash of leaves that come one after the other; it holds a node for each level."""

    def __init__(self) -> None:
        self._range = CompactRange()

    @property
    def size(self) -> int:
        """How many leaves there are."""
        return self._range.size

    def add(self, leaf: bytes) -> None:
        """Add the data ``leaf``."""
        self._range = self._range.extended([entry_hash(leaf)])

    def digest(self) -> Digest:
        """Return the hash of the leaves so far."""
        return Digest(SHA256, self._range.root)


def root_of(leaves: Iterable[bytes]) -> Digest:
    """Return the Merkle Tree Hash of the data ``leaves``."""
    tree = TreeRoot()
    for one in leaves:
        tree.add(one)
    return tree.digest()


def inclusion_path(index: int, leaves: Iterable[bytes]) -> tuple[bytes, ...]:
    """Return the audit path (RFC 9162, 2.1.3.1) of the leaf ``index``, from 0: the siblings from below.

    Raises:
        IndexError: when there is no such leaf.
    """
    hashes = [entry_hash(one) for one in leaves]
    if not 0 <= index < len(hashes):
        raise IndexError(index)
    return tuple(inclusion_proof(index, len(hashes), leaves_reader(hashes)))


def proves_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: Digest) -> bool:
    """Say whether ``path`` leads from the data ``leaf`` at ``index`` of ``size`` leaves to ``root`` (2.1.3.2)."""
    if not 0 <= index < size or any(len(one) != SHA256.size for one in path):
        return False
    here, last, found = index, size - 1, entry_hash(leaf)
    for sibling in path:
        if last == 0:
            return False
        if here % 2 or here == last:
            found = node_hash(sibling, found)
            while here % 2 == 0 and here:
                here, last = here // 2, last // 2
        else:
            found = node_hash(found, sibling)
        here, last = here // 2, last // 2
    return last == 0 and Digest(SHA256, found) == root

"""Merkle tree (RFC 9162, section 2.1) under SHA-256: its root, inclusion proofs, and their verification.

``MTH`` of no leaf is SHA-256 of nothing; of one, SHA-256(0x00 ‖ leaf); of more, SHA-256(0x01 ‖ left ‖
right), where the left side holds the largest power of two of leaves that is smaller than their number.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from formats.digests import SHA256, Digest


def leaf_hash(leaf: bytes) -> bytes:
    """Return the node of the data ``leaf``."""
    return hashlib.sha256(b"\x00" + leaf).digest()


class TreeRoot:
    """The Merkle Tree Hash of leaves that come one after the other; it holds a node for each level."""

    def __init__(self) -> None:
        self.size = 0
        self._nodes: list[bytes] = []

    def add(self, leaf: bytes) -> None:
        """Add the data ``leaf``."""
        node, whole = leaf_hash(leaf), self.size
        while whole & 1:  # a subtree of the same height stands to the left
            node = _node(self._nodes.pop(), node)
            whole >>= 1
        self._nodes.append(node)
        self.size += 1

    def digest(self) -> Digest:
        """Return the hash of the leaves so far."""
        if not self._nodes:
            return Digest.of()
        *left, found = self._nodes
        for node in reversed(left):
            found = _node(node, found)
        return Digest(SHA256, found)


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
    row, path = [leaf_hash(one) for one in leaves], []
    if not 0 <= index < len(row):
        raise IndexError(index)
    while len(row) > 1:
        sibling = index ^ 1
        if sibling < len(row):
            path.append(row[sibling])
        row = [_joined(row, at) for at in range(0, len(row), 2)]
        index //= 2
    return tuple(path)


def proves_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: Digest) -> bool:
    """Say whether ``path`` leads from the data ``leaf`` at ``index`` of ``size`` leaves to ``root`` (2.1.3.2)."""
    if not 0 <= index < size or any(len(one) != SHA256.size for one in path):
        return False
    here, last, found = index, size - 1, leaf_hash(leaf)
    for sibling in path:
        if last == 0:
            return False
        if here % 2 or here == last:
            found = _node(sibling, found)
            while here % 2 == 0 and here:
                here, last = here // 2, last // 2
        else:
            found = _node(found, sibling)
        here, last = here // 2, last // 2
    return last == 0 and Digest(SHA256, found) == root


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def _joined(row: Sequence[bytes], at: int) -> bytes:
    return _node(row[at], row[at + 1]) if at + 1 < len(row) else row[at]

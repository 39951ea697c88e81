"""Merkle tree hashes (RFC 6962, 2.1) with SHA-256: leaves, nodes, the root of a growing tree, and proofs.

A tree of n leaves is known by its compact range: the hashes of the perfect subtrees into which n splits, the largest
first. It is all that is needed to add a leaf or to tell the root.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from formats.digests import SHA256

HASH_BYTES = SHA256.size
"""Bytes of every hash of the tree."""
MAX_PROOF = 63
"""Hashes of a consistency proof at most (C2SP tlog-witness)."""
HashReader = Callable[[int, int], bytes]
"""Gives the hash of a perfect subtree by its level (leaves are of level 0) and its index within the level."""


def entry_hash(entry: bytes) -> bytes:
    """Return the hash of a leaf."""
    return SHA256.hash_value(b"\0", entry)


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of the node above two subtrees."""
    return SHA256.hash_value(b"\1", left, right)


def perfect_root(hashes: Sequence[bytes]) -> bytes:
    """Return the root of a perfect subtree over ``hashes``, whose number is a power of two."""
    level = list(hashes)
    while len(level) > 1:
        level = [node_hash(level[at], level[at + 1]) for at in range(0, len(level), 2)]
    return level[0]


@dataclass(frozen=True, kw_only=True, slots=True)
class CompactRange:
    """Compact range of a tree of ``size`` leaves: the hashes of its perfect subtrees, the largest first."""

    size: int = 0
    hashes: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if self.size < 0 or len(self.hashes) != self.size.bit_count():
            raise ValueError(f"{len(self.hashes)} hashes of {self.size} leaves")

    def extended(self, leaves: Iterable[bytes]) -> CompactRange:
        """Return the range with the hashes of further ``leaves``."""
        size, hashes = self.size, list(self.hashes)
        for one in leaves:
            carry, left = one, size
            while left & 1:
                carry = node_hash(hashes.pop(), carry)
                left >>= 1
            hashes.append(carry)
            size += 1
        return CompactRange(size=size, hashes=tuple(hashes))

    @property
    def root(self) -> bytes:
        """The root of the tree; of an empty one, the hash of nothing."""
        if not self.hashes:
            return SHA256.hash_value()
        right = self.hashes[-1]
        for left in reversed(self.hashes[:-1]):
            right = node_hash(left, right)
        return right


def range_at(size: int, read: HashReader) -> CompactRange:
    """Return the compact range of the first ``size`` leaves of a tree that ``read`` knows."""
    hashes, at = [], 0
    for level in reversed(range(size.bit_length())):
        if size >> level & 1:
            hashes.append(read(level, at >> level))
            at += 1 << level
    return CompactRange(size=size, hashes=tuple(hashes))


def _root_between(start: int, end: int, read: HashReader) -> bytes:
    """Return MTH(D[start:end]), where ``start`` is a multiple of the largest power of two below the length."""
    count = end - start
    if count & (count - 1) == 0:
        level = count.bit_length() - 1
        return read(level, start >> level)
    split = start + _split(count)
    return node_hash(_root_between(start, split, read), _root_between(split, end, read))


def _split(count: int) -> int:
    """Return the largest power of two smaller than ``count``."""
    return 1 << (count - 1).bit_length() - 1


def consistency_proof(old: int, new: int, read: HashReader) -> list[bytes]:
    """Return the consistency proof (RFC 6962, 2.1.2) between the first ``old`` and the first ``new`` leaves.

    Raises:
        ValueError: when ``old`` is larger than ``new``.
    """
    if not 0 <= old <= new:
        raise ValueError(f"{old} leaves of {new}")
    return [] if old in {0, new} else _subproof(old, 0, new, read, known=True)


def inclusion_proof(index: int, size: int, read: HashReader) -> list[bytes]:
    """Return the inclusion proof (RFC 6962, 2.1.1) of the leaf at ``index`` among the first ``size``.

    Raises:
        ValueError: when there is no such leaf.
    """
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} of {size}")
    return _audit_path(index, 0, size, read)


def _audit_path(index: int, start: int, end: int, read: HashReader) -> list[bytes]:
    """Follow PATH(m, D[start:end]) of RFC 6962, 2.1.1, where m is ``index`` minus ``start``."""
    if end - start == 1:
        return []
    split = start + _split(end - start)
    if index < split:
        return [*_audit_path(index, start, split, read), _root_between(split, end, read)]
    return [*_audit_path(index, split, end, read), _root_between(start, split, read)]


def leaves_reader(leaves: Sequence[bytes]) -> HashReader:
    """Return what gives the hashes of perfect subtrees over ``leaves``, each made once."""
    levels = [list(leaves)]
    while len(levels[-1]) > 1:
        below = levels[-1]
        levels.append([node_hash(below[at], below[at + 1]) for at in range(0, len(below) - 1, 2)])
    return lambda level, index: levels[level][index]


def _subproof(old: int, start: int, end: int, read: HashReader, *, known: bool) -> list[bytes]:
    """Follow SUBPROOF(m, D[start:end], b) of RFC 6962, 2.1.2, where m is ``old`` minus ``start``."""
    if old == end:
        return [] if known else [_root_between(start, end, read)]
    split = start + _split(end - start)
    if old <= split:
        return [*_subproof(old, start, split, read, known=known), _root_between(split, end, read)]
    return [*_subproof(old, split, end, read, known=False), _root_between(start, split, read)]


def is_consistent(old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Tell whether ``proof`` shows that the tree of ``new`` leaves begins with that of ``old`` (RFC 9162, 2.1.4.2)."""
    if not 0 <= old <= new:
        return False
    if old in {0, new}:
        empty = CompactRange().root
        return not proof and (old_root == new_root if old == new else old_root == empty)
    if not proof:
        return False
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    first, second = old - 1, new - 1
    while first & 1:
        first, second = first >> 1, second >> 1
    left = right = path[0]
    for one in path[1:]:
        if second == 0:
            return False
        if first & 1 or first == second:
            left, right = node_hash(one, left), node_hash(one, right)
            while first and not first & 1:
                first, second = first >> 1, second >> 1
        else:
            right = node_hash(right, one)
        first, second = first >> 1, second >> 1
    return second == 0 and left == old_root and right == new_root

"""The hash tree: one root over any number of groups of digests, and the way from each to it (RFC 4998, 4).

A group is what one record speaks of: the units of a package, the earlier
time-stamps of a chain, or a single file. Its value is its only digest, or the
hash of its digests in binary order. Values are joined two by two until one is
left; where a row is odd its last value moves up as it is. Every record then needs
its group's own list and one hash for each row above: 15 for 20,000 groups. Equal
groups share a leaf, because programs differ on whether a list may hold a hash twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from archiver.evidence import hashes
from archiver.evidence.records import Lists
from formats.digests import Digest, DigestAlgorithm

DigestGroup = tuple[bytes, ...]
"""Hash values of one group, which are under the algorithm of their tree."""


@dataclass(frozen=True, kw_only=True, slots=True)
class HashTree:
    """``groups`` as they were given, each digest once and in binary order; ``rows`` from the leaves up.

    ``places`` says which leaf stands for each distinct group.
    """

    algorithm: DigestAlgorithm
    groups: tuple[DigestGroup, ...]
    places: Mapping[DigestGroup, int]
    rows: tuple[tuple[bytes, ...], ...]

    @property
    def root(self) -> Digest:
        """What the time-stamp is made over."""
        return Digest(self.algorithm, self.rows[-1][0])

    def reduced_trees(self) -> Iterator[Lists]:
        """Yield the reduced hash tree of every group, in the order of the groups."""
        for group in self.groups:
            yield reduced_tree(group, tuple(self._siblings(self.places[group])))

    def _siblings(self, number: int) -> Iterator[bytes]:
        for row in self.rows[:-1]:
            if number ^ 1 < len(row):
                yield row[number ^ 1]
            number //= 2


def reduced_tree(group: DigestGroup, siblings: tuple[bytes, ...]) -> Lists:
    """Return the lists that lead from ``group`` over ``siblings`` to the root; none when it is the root.

    The first list never holds a single value: whether that value is hashed once more
    is read differently by different programs (RFC 4998, 4.3, step 3), so a single
    digest shares the first list with its sibling, as in the figure of section 4.2.
    """
    if len(group) == 1:
        first, others = group + siblings[:1], siblings[1:]
        return (first, *((one,) for one in others)) if siblings else ()
    return (group, *((one,) for one in siblings))


def grow(groups: Iterable[Iterable[bytes]], algorithm: DigestAlgorithm) -> HashTree:
    """Return the tree over ``groups`` of hash values under ``algorithm``, which are not empty."""
    sorted_groups = tuple(tuple(sorted(set(group))) for group in groups)
    leaves = dict.fromkeys(sorted_groups)
    row = tuple(value(group, algorithm) for group in leaves)
    rows = [row]
    while len(row) > 1:
        row = tuple(value(row[start : start + 2], algorithm) for start in range(0, len(row), 2))
        rows.append(row)
    places = {group: place for place, group in enumerate(leaves)}
    return HashTree(algorithm=algorithm, groups=sorted_groups, places=places, rows=tuple(rows))


def value(group: DigestGroup, algorithm: DigestAlgorithm) -> bytes:
    """Return what stands for ``group`` in the row above it."""
    return group[0] if len(group) == 1 else hashes.node(algorithm, group)

"""The first evidence records: one time-stamp over the root of a tree, one record per group.

A package is one group: the digests of its members are the first list of its one
record, ``META-INF/evidencerecord001.ers``, and ``ASiCEvidenceRecordManifest001.xml``
names the members. So each unit is a leaf and proven by itself (RFC 4998, 4.3, step 2):
when one is destroyed its digest stays in the list and the others are proven as
before; while all are there, the list also shows that none is missing. Many packages,
or many single units, share one time-stamp: that is what the rows above are for.
The reasons, and what was not chosen: ``docs/decisions/evidence-records.md``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from archiver.evidence import hashes
from archiver.evidence.records import EvidenceRecord, Lists, first_record, make_stamp
from archiver.evidence.tree import grow
from archiver.signing.errors import TokenInvalid
from archiver.signing.signatures.tokens import read_token
from formats.words import mark

Stamping = Callable[[bytes, str], bytes]
"""Gives an RFC 3161 token over a digest; the second argument names the hash (``sha256``)."""


def build_records(
    groups: Iterable[Iterable[bytes]], stamp: Stamping, *, hash_name: str = hashes.DEFAULT
) -> Iterator[EvidenceRecord]:
    """Return a record for each of ``groups`` of digests under ``hash_name``, in their order.

    The time-stamp is made when the first record is asked for.

    Raises:
        TokenInvalid: when ``stamp`` gives a token over something else.
        Failure: what ``stamp`` raises.
    """
    for lists, token in stamp_groups(groups, stamp, hash_name):
        yield first_record(make_stamp(hash_name, lists, token))


def stamp_groups(
    groups: Iterable[Iterable[bytes]], stamp: Stamping, hash_name: str
) -> Iterator[tuple[Lists, bytes]]:
    """Yield the way of each group to one root, with the one token over that root; see above."""
    tree = grow(groups, hash_name)
    if not tree.groups:
        return
    token = stamp(tree.root, hash_name)
    info = read_token(token)
    if (info.hash_name, info.imprint) != (hash_name, tree.root):
        raise TokenInvalid(reason=mark("it was made for something else"))
    for lists in tree.reduced_trees():
        yield lists, token

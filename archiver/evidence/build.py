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

from collections.abc import Iterable, Iterator

from archiver.evidence.records import EvidenceRecord, Lists, first_record
from archiver.evidence.tree import grow
from archiver.signing.errors import TokenInvalid
from archiver.signing.signatures.tokens import read_token
from archiver.signing.validity import Stamping
from formats.digests import SHA256, Digest, DigestAlgorithm
from formats.words import mark


def build_records(
    groups: Iterable[Iterable[Digest]], stamp: Stamping, *, algorithm: DigestAlgorithm = SHA256
) -> Iterator[EvidenceRecord]:
    """Return a record for each of ``groups`` of digests under ``algorithm``, in their order.

    The time-stamp is made when the first record is asked for.

    Raises:
        TokenInvalid: when ``stamp`` gives a token over something else.
        Failure: what ``stamp`` raises.
    """
    values = ((one.value for one in group) for group in groups)
    for lists, token in stamp_groups(values, stamp, algorithm):
        yield first_record(algorithm, lists, token)


def stamp_groups(
    groups: Iterable[Iterable[bytes]], stamp: Stamping, algorithm: DigestAlgorithm
) -> Iterator[tuple[Lists, bytes]]:
    """Yield the way of each group of hash values to one root, with the one token over that root; see above."""
    tree = grow(groups, algorithm)
    if not tree.groups:
        return
    token = stamp(tree.root)
    if read_token(token).imprint != tree.root:
        raise TokenInvalid(reason=mark("it was made for something else"))
    for lists in tree.reduced_trees():
        yield lists, token

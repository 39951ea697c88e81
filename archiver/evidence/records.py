"""The evidence record: chains of archive time-stamps over hash trees (RFC 4998, sections 3 to 5).

Reading keeps every byte as it was stored, because renewals hash those bytes;
writing puts headers around them and changes none. Strict DER, closed limits.
What a record may carry besides (attributes, cryptoInfos, encryptionInfo) is
kept and believed in nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from archiver.evidence import der, hashes
from archiver.evidence.der import EvidenceElement, refuse
from archiver.signing.encoding import encode_element
from formats.digests import DigestAlgorithm
from formats.errors import LimitExceeded
from formats.words import mark

VERSION = encode_element(der.INTEGER, b"\x01")

MAX_RECORD_BYTES = 128 << 20
"""Lists of 500,000 units under SHA-256 and, after a renewal, SHA-512 are 50 MB."""
MAX_HASHES = 2_000_000
"""Digests in all lists of one record; three hash-tree renewals of the largest package."""
MAX_HASH_FUNCTIONS = 32
MAX_CHAINS = 32
"""A hash function lasts ten years and more."""
MAX_STAMPS = 256
"""Time-stamps in one record; renewing every year for a century is 100."""
MAX_LISTS = 64
"""Lists of one reduced hash tree: a binary tree over 2 to the 64 units."""
MAX_TOKEN_BYTES = 1 << 20
"""A token with its chain is under 30 kB; long revocation lists may come with it."""

HASH = 0xA0
ATTRIBUTES = 0xA1
TREE = 0xA2
CRYPTO_INFOS = 0xA0
ENCRYPTION_INFO = 0xA1

Lists = tuple[tuple[bytes, ...], ...]
"""A reduced hash tree: the hash values of the objects, then those to add on the way to the root.

A record has up to two million of one length, under the one algorithm of their time-stamp: octets, as they are stored.
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class ArchiveTimeStamp:
    """A time-stamp over the root of a hash tree, with one way through that tree.

    There is no ``algorithm`` where the record leaves it to the token; ``token`` is
    the RFC 3161 token and ``encoded`` the whole, both as stored; what was read stays where it was read.
    """

    algorithm: DigestAlgorithm | None
    lists: Lists
    token: bytes
    encoded: bytes | memoryview


@dataclass(frozen=True, kw_only=True, slots=True)
class Chain:
    """Archive time-stamps under one hash function, each renewing the ones before it."""

    stamps: tuple[ArchiveTimeStamp, ...]

    @property
    def encoded(self) -> bytes:
        """The chain as stored."""
        return encode_element(der.SEQUENCE, *(stamp.encoded for stamp in self.stamps))


@dataclass(frozen=True, kw_only=True, slots=True)
class EvidenceRecord:
    """Chains in the order in which hash functions followed each other.

    ``algorithms`` are the hash functions the record announces, ``announced`` their identifiers as
    stored; ``besides`` is what it carries and nothing here believes, as stored.
    """

    algorithms: tuple[DigestAlgorithm, ...]
    announced: bytes
    chains: tuple[Chain, ...]
    besides: bytes = b""

    @property
    def stamps(self) -> Iterator[ArchiveTimeStamp]:
        """Every archive time-stamp, the oldest first."""
        return chain.from_iterable(one.stamps for one in self.chains)


def make_stamp(algorithm: DigestAlgorithm, lists: Lists, token: bytes) -> ArchiveTimeStamp:
    """Return the archive time-stamp of ``token`` over the root that ``lists`` lead to."""
    tree = b""
    if lists:
        tree = encode_element(TREE, *(_list(values) for values in lists))
    encoded = encode_element(der.SEQUENCE, hashes.hash_identifier(algorithm, HASH), tree, token)
    return ArchiveTimeStamp(algorithm=algorithm, lists=lists, token=token, encoded=encoded)


def _list(values: Sequence[bytes]) -> bytes:
    return encode_element(der.SEQUENCE, *(encode_element(der.OCTETS, value) for value in values))


def first_record(algorithm: DigestAlgorithm, lists: Lists, token: bytes) -> EvidenceRecord:
    """Return the record that begins with the time-stamp of ``token``, as ``make_stamp`` makes it."""
    chains = (Chain(stamps=(make_stamp(algorithm, lists, token),)),)
    return EvidenceRecord(algorithms=(algorithm,), announced=hashes.hash_identifier(algorithm), chains=chains)


def with_stamp(record: EvidenceRecord, stamp: ArchiveTimeStamp) -> EvidenceRecord:
    """Return ``record`` with ``stamp`` at the end of its last chain."""
    *earlier, last = record.chains
    return replace(record, chains=(*earlier, Chain(stamps=(*last.stamps, stamp))))


def with_chain(
    record: EvidenceRecord, algorithm: DigestAlgorithm, lists: Lists, token: bytes
) -> EvidenceRecord:
    """Return ``record`` with a new chain that begins with the time-stamp of ``token``, as ``make_stamp`` makes it."""
    algorithms, announced = record.algorithms, record.announced
    if algorithm not in algorithms:
        algorithms, announced = (*algorithms, algorithm), announced + hashes.hash_identifier(algorithm)
    chains = (*record.chains, Chain(stamps=(make_stamp(algorithm, lists, token),)))
    return replace(record, algorithms=algorithms, announced=announced, chains=chains)


def sequence_of(chains: Sequence[Chain]) -> bytes:
    """Return the DER of an ArchiveTimeStampSequence: what a hash-tree renewal hashes (RFC 4998, 5.2)."""
    return encode_element(der.SEQUENCE, *(chain.encoded for chain in chains))


def write_record(record: EvidenceRecord) -> bytes:
    """Return ``record`` in DER; what was read is written again byte for byte."""
    names = encode_element(der.SEQUENCE, record.announced)
    return encode_element(der.SEQUENCE, VERSION, names, record.besides, sequence_of(record.chains))


def read_record(data: bytes) -> EvidenceRecord:
    """Return the evidence record ``data`` holds.

    Raises:
        EvidenceUnreadable: when it is none, or not in strict DER.
        LimitExceeded: when it is larger than any record.
    """
    _limit(mark("the size of the evidence record in bytes"), len(data), MAX_RECORD_BYTES)
    parts = list(der.only(memoryview(data), der.SEQUENCE).children())
    if len(parts) < 3 or bytes(parts[0].whole) != VERSION:
        refuse(mark("it does not begin as an evidence record of version 1"))
    names, *besides, sequence = parts[1:]
    tags = [one.tag for one in besides]
    if tags != sorted(set(tags)) or not {CRYPTO_INFOS, ENCRYPTION_INFO}.issuperset(tags):
        refuse(mark("it holds something that does not belong there"))
    return EvidenceRecord(
        algorithms=tuple(
            hashes.algorithm_in(one)
            for one in _some(names, mark("the number of hash functions"), MAX_HASH_FUNCTIONS)
        ),
        announced=bytes(names.content),
        besides=b"".join(one.whole for one in besides),
        chains=_chains(sequence),
    )


@dataclass(slots=True)
class _Total:
    """How many there are in the whole record so far: past the limit, none is kept."""

    name: str
    limit: int
    found: int = 0

    def count(self) -> None:
        """Count one more.

        Raises:
            LimitExceeded: when it is one too many.
        """
        self.found += 1
        _limit(self.name, self.found, self.limit)


def _chains(sequence: EvidenceElement) -> tuple[Chain, ...]:
    found: list[Chain] = []
    stamps, hashed = 0, _Total(mark("the number of hashes"), MAX_HASHES)
    for one in _some(sequence, mark("the number of chains"), MAX_CHAINS):
        found.append(
            Chain(
                stamps=tuple(
                    _stamp(each, hashed)
                    for each in _some(one, mark("the number of time-stamps"), MAX_STAMPS - stamps)
                )
            )
        )
        stamps += len(found[-1].stamps)
    return tuple(found)


def _stamp(element: EvidenceElement, hashed: _Total) -> ArchiveTimeStamp:
    _is(element, der.SEQUENCE)
    children = list(element.children())
    if not children:
        refuse(mark("a part of it is empty"))
    *optional, token = children
    tags = [one.tag for one in optional]
    if tags != sorted(set(tags)) or not {HASH, ATTRIBUTES, TREE}.issuperset(tags):
        refuse(mark("it holds something that does not belong there"))
    _is(token, der.SEQUENCE)
    _limit(mark("the size of a time-stamp in bytes"), len(token.whole), MAX_TOKEN_BYTES)
    by_tag = {one.tag: one for one in optional}
    return ArchiveTimeStamp(
        algorithm=hashes.algorithm_in(by_tag[HASH]) if HASH in by_tag else None,
        lists=_lists(by_tag[TREE], hashed) if TREE in by_tag else (),
        token=bytes(token.whole),
        encoded=element.whole,
    )


def _lists(tree: EvidenceElement, hashed: _Total) -> Lists:
    found = tuple(
        tuple(_values(one, hashed))
        for one in _some(tree, mark("the number of lists of hashes"), MAX_LISTS, TREE)
    )
    if len({len(value) for values in found for value in values}) != 1:
        refuse(mark("its hash tree has hashes of several lengths, or none"))
    return found


def _values(element: EvidenceElement, hashed: _Total) -> Iterator[bytes]:
    for one in _some(element, hashed.name, hashed.limit):
        hashed.count()
        _is(one, der.OCTETS)
        yield bytes(one.content)


def _some(
    element: EvidenceElement, name: str, limit: int, tag: int = der.SEQUENCE
) -> Iterator[EvidenceElement]:
    """Yield what a SEQUENCE OF with at least one element holds."""
    _is(element, tag)
    count = 0
    for count, child in enumerate(element.children(), 1):
        _limit(name, count, limit)
        yield child
    if not count:
        refuse(mark("a part of it is empty"))


def _is(element: EvidenceElement, tag: int) -> None:
    if element.tag != tag:
        refuse(mark("a part of it is of another kind than it should be"))


def _limit(name: str, found: int, limit: int) -> None:
    if found > limit:
        raise LimitExceeded(name=name, found=found, limit=limit)

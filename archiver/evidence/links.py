"""The archive time-stamps of a record in their places, and what each is said to be over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

from archiver.evidence.errors import (
    EvidenceAlgorithmUnknown,
    EvidenceInvalid,
    EvidenceLinkBroken,
    EvidenceObjectMissing,
    EvidenceTokenInvalid,
)
from archiver.evidence.records import ArchiveTimeStamp, Chain, EvidenceRecord, sequence_of
from archiver.signing.errors import TokenInvalid
from archiver.signing.signatures.tokens import Token, read_token
from formats.digests import Digest, DigestAlgorithm
from formats.words import mark

Objects = Mapping[str, Mapping[DigestAlgorithm, Digest]]
"""Objects by the name a person knows them by, with a digest at least under each of ``algorithms_of``."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ChainLink:
    """One archive time-stamp: in which chain, and where in it, counted from 1.

    ``previous`` is the one it renews within its chain. ``renewed`` is when it was
    renewed itself, and ``succeeded`` when its chain was; else the moment asked for.
    """

    chain: int
    position: int
    stamp: ArchiveTimeStamp
    token: Token
    algorithm: DigestAlgorithm
    previous: ArchiveTimeStamp | None
    renewed: datetime
    succeeded: datetime

    @property
    def place(self) -> str:
        """How people find it: chain and place, as in ``2.1``."""
        return f"{self.chain}.{self.position}"


def links_of(record: EvidenceRecord, at: datetime) -> tuple[ChainLink, ...]:
    """Return every archive time-stamp of ``record``, the oldest first.

    Raises:
        EvidenceTokenInvalid: when a token cannot be read.
        EvidenceLinkBroken: when a chain mixes hash functions, or the record does not announce one.
    """
    found = [
        link for number, chain in enumerate(record.chains, 1) for link in _links(record, number, chain, at)
    ]
    starts = {link.chain: link.token.time for link in found if link.position == 1}
    renewed = [replace(link, renewed=after.token.time) for link, after in pairwise(found)] + found[-1:]
    return tuple(replace(link, succeeded=starts.get(link.chain + 1, at)) for link in renewed)


def _links(record: EvidenceRecord, number: int, chain: Chain, at: datetime) -> Iterator[ChainLink]:
    algorithm = _algorithm(chain, number)
    if algorithm not in record.algorithms:
        reason = mark("the record does not announce its hash function")
        raise EvidenceLinkBroken(stamp=f"{number}.1", reason=reason)
    previous = None
    for position, stamp in enumerate(chain.stamps, 1):
        token = _token(stamp, number, position)
        if {algorithm} != {stamp.algorithm or algorithm, token.imprint.algorithm}:
            reason = mark("its chain uses another hash function")
            raise EvidenceLinkBroken(stamp=f"{number}.{position}", reason=reason)
        yield ChainLink(
            chain=number,
            position=position,
            stamp=stamp,
            token=token,
            algorithm=algorithm,
            previous=previous,
            renewed=at,
            succeeded=at,
        )
        previous = stamp


def _token(stamp: ArchiveTimeStamp, number: int, position: int) -> Token:
    try:
        return read_token(stamp.token)
    except TokenInvalid as fault:
        raise EvidenceTokenInvalid(stamp=f"{number}.{position}", reason=fault.facts["reason"]) from fault


def _algorithm(chain: Chain, number: int) -> DigestAlgorithm:
    first = chain.stamps[0]
    algorithm = first.algorithm or _token(first, number, 1).imprint.algorithm
    if not algorithm.known:
        raise EvidenceAlgorithmUnknown(algorithm=algorithm.name)
    return algorithm


def algorithms_of(record: EvidenceRecord) -> tuple[DigestAlgorithm, ...]:
    """Return the hash function of each chain: under these, objects have to be hashed to be compared.

    Raises:
        EvidenceTokenInvalid: when a chain leaves its hash function to a token that cannot be
            read.
        EvidenceAlgorithmUnknown: when a chain names one that is not known.
    """
    return tuple(_algorithm(chain, number) for number, chain in enumerate(record.chains, 1))


def record_at(record: EvidenceRecord, at: datetime) -> EvidenceRecord | None:
    """Return ``record`` as far as it reached at the moment ``at``: without the time-stamps made later.

    Nothing when it begins later.

    Raises:
        EvidenceTokenInvalid: when a token cannot be read.
    """
    chains = [list(chain.stamps) for chain in record.chains]
    while chains and _token(chains[-1][-1], len(chains), len(chains[-1])).time > at:
        chains[-1].pop()
        if not chains[-1]:
            chains.pop()
    return replace(record, chains=tuple(Chain(stamps=tuple(one)) for one in chains)) if chains else None


def stamped_values(stamp: ArchiveTimeStamp) -> frozenset[bytes]:
    """Return the hash values that ``stamp`` is said to be over: its first list, or what its token stamps."""
    return frozenset(stamp.lists[0]) if stamp.lists else frozenset({read_token(stamp.token).imprint.value})


def uncovered_objects(record: EvidenceRecord, objects: Objects) -> dict[str, EvidenceInvalid]:
    """Return the failure of every object that a chain of ``record`` does not cover.

    Raises:
        EvidenceTokenInvalid: as ``algorithms_of``.
        LookupError: when an object was not hashed under one of ``algorithms_of(record)``.
    """
    missing: dict[str, EvidenceInvalid] = {}
    for number in range(1, len(record.chains) + 1):
        values = stamped_values(record.chains[number - 1].stamps[0])
        for name, leaf in leaves(record, number, objects).items():
            if leaf not in values:
                missing.setdefault(name, EvidenceObjectMissing(member=name, where=f"{number}.1"))
    return missing


def leaves(record: EvidenceRecord, number: int, objects: Objects) -> dict[str, bytes]:
    """Return the hash value that stands for each object in the first list of chain ``number``.

    Its digest in chain 1; later the hash of its digest followed by that of all
    earlier chains, in this order and not sorted: RFC 4998 says so in section 5.2,
    and draws it otherwise in figure 4.
    """
    algorithm = _algorithm(record.chains[number - 1], number)
    found = {name: digests[algorithm].value for name, digests in objects.items()}
    if number == 1:
        return found
    chains = algorithm.hash_value(sequence_of(record.chains[: number - 1]))
    return {name: algorithm.hash_value(value, chains) for name, value in found.items()}

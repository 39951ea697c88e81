"""Evidence records, time-stamp by time-stamp (RFC 4998); each part can be told to lie."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from tests.vectors.generator.cms import DIGESTS, token
from tests.vectors.generator.der import integer, octets, oid, seq, tlv


def joined(values: Sequence[bytes], digest: str = "sha256") -> bytes:
    """Return a node of a hash tree (RFC 4998, 4.2); a value alone stands for itself."""
    ordered = sorted(values)
    return hashlib.new(digest, b"".join(ordered)).digest() if len(ordered) > 1 else ordered[0]


def archive_stamp(made: bytes, lists: Sequence[Sequence[bytes]] = (), *, digest: str = "sha256") -> bytes:
    """Return an archive time-stamp of the token ``made`` (RFC 4998, 4.1); it may leave its ``digest`` to the token."""
    named = tlv(0xA0, oid(DIGESTS[digest][0])) if digest else b""
    tree = tlv(0xA2, b"".join(seq(*map(octets, values)) for values in lists)) if lists else b""
    return seq(named, tree, made)


def record(*chains: Sequence[bytes], digest: str | Sequence[str] = "sha256", version: int = 1) -> bytes:
    """Return an evidence record of ``chains`` of archive time-stamps (RFC 4998, 3.1)."""
    names = [digest] if isinstance(digest, str) else digest
    announced = (seq(oid(DIGESTS[name][0])) for name in names)
    return seq(integer(version), seq(*announced), seq(*(seq(*chain) for chain in chains)))


def stamped(
    values: Sequence[bytes], *, digest: str = "sha256", named: bool = True, **fields: Any
) -> tuple[bytes, bytes]:
    """Return a token over the hashes ``values`` and its archive time-stamp; ``fields`` makes the token lie."""
    made = token(b"", **{"digest": digest, "imprint": joined(values, digest), **fields})
    return made, archive_stamp(made, [sorted(values)], digest=digest if named else "")


def renewed(*before: bytes, digest: str = "sha256", **options: Any) -> tuple[bytes, bytes]:
    """Return what renews the tokens ``before``, the whole chain so far (RFC 4998, 5.2)."""
    return stamped([hashlib.new(digest, one).digest() for one in before], digest=digest, **options)


def rehashed(
    data: Sequence[bytes], *chains: Sequence[bytes], digest: str = "sha512", **options: Any
) -> tuple[bytes, bytes]:
    """Return what begins a chain under another hash function, over ``data`` and all earlier ``chains``."""

    def new(one: bytes) -> bytes:
        return hashlib.new(digest, one).digest()

    earlier = new(seq(*(seq(*chain) for chain in chains)))
    return stamped([new(new(one) + earlier) for one in data], digest=digest, **options)


def record_over(values: Sequence[bytes], *, digest: str = "sha256", **options: Any) -> bytes:
    """Return a record of one archive time-stamp over the hashes ``values``; ``options`` makes its token lie."""
    return record([stamped(values, digest=digest, **options)[1]], digest=digest)

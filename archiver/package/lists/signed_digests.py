"""The digests of a signed list, whatever its hash function, beside those of SHA-256 that all else rests on."""

from __future__ import annotations

from collections.abc import Mapping

from archiver.package.lists.hashing import HashedMember
from archiver.package.member_table import DigestTable
from archiver.signing.algorithms import Use, use_of
from formats.digests import SHA256


def sha256_of(listed: DigestTable | None, hashed: Mapping[str, HashedMember]) -> DigestTable | None:
    """Return the SHA-256 of what ``listed`` lists and is as it lists it; under another hash function, as found.

    ``hashed`` has the digests under that function. Nothing where there is no list.
    """
    if listed is None or listed.algorithm == SHA256:
        return listed
    signed = DigestTable(listed.names)
    for name, digest in listed.items():
        found = hashed.get(name)
        if found is not None and found.digests[listed.algorithm] == digest:
            signed.put(signed.names.find(name), found.digest)
    return signed


def uses_of_list(listed: DigestTable | None) -> tuple[Use, ...]:
    """Return the hash function that ``listed``, and with it a signature over it, rests on."""
    return (use_of(listed.algorithm),) if listed is not None else ()

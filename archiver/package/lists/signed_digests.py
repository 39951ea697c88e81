"""The digests of a signed list, whatever its hash function, beside those of SHA-256 that all else rests on."""

from __future__ import annotations

from collections.abc import Mapping

from archiver.package.lists.asic_manifest import ListedDigests
from archiver.package.lists.hashing import ALWAYS, MemberDigest
from archiver.package.member_table import DigestTable
from archiver.signing.algorithms import DIGEST_OIDS, Use


def sha256_of(listed: ListedDigests | None, hashed: Mapping[str, MemberDigest]) -> DigestTable | None:
    """Return the SHA-256 of what ``listed`` lists and is as it lists it; under another hash function, as found.

    ``hashed`` has the digests under that function. Nothing where there is no list.
    """
    if listed is None or listed.hash_name == ALWAYS:
        return listed.digests if listed else None
    signed = DigestTable(listed.digests.names)
    for name, digest in listed.digests.items():
        if name in hashed and hashed[name].digest(listed.hash_name) == digest:
            signed.put(signed.names.find(name), hashed[name].sha256)
    return signed


def uses_of_list(listed: ListedDigests | None) -> tuple[Use, ...]:
    """Return the hash function that ``listed``, and with it a signature over it, rests on."""
    return (Use(oid=DIGEST_OIDS[listed.hash_name], name=listed.hash_name),) if listed else ()

"""A time-stamping authority whose key is ML-DSA-65 (FIPS 204; RFC 9882 in CMS), its clock set at will."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache

from asn1crypto import tsp
from cryptography.hazmat.primitives.serialization import Encoding

from archiver.signing.validity import Stamping
from formats.digests import Digest
from tests.vectors.generator import cms, people
from tests.vectors.generator.der import integer, seq


class PostQuantumAuthority:
    """Its certificate, and that of its root, are signed with ML-DSA as well: nothing under it is classical."""

    def __init__(self, name: str, start: datetime, end: datetime) -> None:
        above = people.person(
            f"{name} root", authority=True, begin=start, end=end, own=people.mldsa_key(f"{name} root")
        )
        self._person = people.person(
            name, issuer=above, stamps=True, begin=start, end=end, own=people.mldsa_key(name)
        )
        self.roots = (above.certificate.public_bytes(Encoding.DER),)

    def reply(self, query: bytes, moment: datetime) -> bytes:
        """Answer ``query`` as if it were ``moment`` (RFC 3161, 2.4.2)."""
        asked = tsp.TimeStampReq.load(query)
        imprint = asked["message_imprint"]
        token = cms.token(
            b"",
            by=self._person,
            at=moment,
            imprint=imprint["hashed_message"].native,
            digest="sha512",
            nonce=asked["nonce"].native,
            imprinted=imprint["hash_algorithm"]["algorithm"].native,
        )
        return seq(seq(integer(0)), token)

    def at(self, moment: datetime) -> Stamping:
        """Return what stamps a digest at ``moment``; the token's own digest is SHA-512 (RFC 9882, table 1)."""

        def stamp(digest: Digest) -> bytes:
            imprint, imprinted = digest.value, digest.algorithm.name
            return cms.token(
                b"", by=self._person, at=moment, imprint=imprint, digest="sha512", imprinted=imprinted
            )

        return stamp


@cache
def post_quantum_authority(start: int = 2029, end: int = 2060) -> PostQuantumAuthority:
    """Return an authority that is made once per run, valid from one New Year to another."""
    return PostQuantumAuthority(
        "Horodatage post-quantique", datetime(start, 1, 1, tzinfo=UTC), datetime(end, 1, 1, tzinfo=UTC)
    )

"""What the signed manifest states of the signatures, beside the signatures that are there.

What stands unsigned in a CMS signature (its time-stamp, revocation lists, OCSP responses) any keeper
can strip; so the manifest, which is signed, states whether they came with it:

1. Where two sign both signatures are there, where one signs alone no second one is.
2. Each was made with the certificate that is stated.
3. A time-stamp that is stated is there, and so are revocation data; none is there that is not stated.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import sha256

from archiver.package import layout
from archiver.package.checks.co_signature import CO_MEMBERS
from archiver.package.contents import small
from archiver.package.errors import (
    ListsDisagree,
    MemberMissing,
    MemberUnlisted,
    RevocationMissing,
    TimestampMissing,
)
from archiver.package.manifests.manifest import StatedSignature
from archiver.package.member_table import Contents
from archiver.signing.encoding import encoding_of
from archiver.signing.signatures.answers import SignatureAnswers
from archiver.signing.signatures.signed_data import MAX_SIGNATURE_BYTES, SignatureParts, read_signature
from archiver.verdict import State
from formats.errors import Failure


def compare_signatures(
    stated: Sequence[StatedSignature],
    contents: Contents,
    answers: SignatureAnswers,
    *,
    where: str = layout.MANIFEST,
) -> Iterator[Failure]:
    """Follow the steps above for what the manifest ``where`` states; yield what does not hold."""
    # 1. one or two
    missing = [name for name in CO_MEMBERS if len(stated) > 1 and name not in contents]
    yield from (MemberMissing(where=where, member=name) for name in missing)
    if len(stated) == 1:
        yield from (MemberUnlisted(where=where, member=name) for name in CO_MEMBERS if name in contents)
    false = answers.signed_by.state is State.REFUTED
    for member, one in zip((layout.SIGNATURE, layout.CO_SIGNATURE), stated, strict=False):
        parts = _parts(contents, member)
        if parts is not None:
            # 2. by whom; a signature that is false is refused for that
            if not false and not missing and _certificate(parts) not in {None, one.certificate}:
                yield ListsDisagree(where=where, member=member)
            # 3. what comes with it
            yield from _inside(one, parts, member, where)


def _parts(contents: Contents, member: str) -> SignatureParts | None:
    """Return the signature taken apart; one that cannot be read is refused for that, and elsewhere."""
    try:
        return read_signature(small(contents, member, MAX_SIGNATURE_BYTES))
    except Exception:  # noqa: BLE001 - the parsers answer broken bytes with any exception there is
        return None


def _certificate(parts: SignatureParts) -> str | None:
    """Return the SHA-256 of the certificate that the signature names by issuer and number.

    There is none of a certificate that cannot be read: the signature answers for that.
    """
    try:
        named = parts.signer["sid"].chosen
        for one in parts.certificates:
            body = one["tbs_certificate"]
            if all(
                encoding_of(body[part]) == encoding_of(named[part]) for part in ("issuer", "serial_number")
            ):
                return sha256(encoding_of(one)).hexdigest()
    except Exception:  # noqa: BLE001 - the parsers answer broken bytes with any exception there is
        return None
    return ""


def _inside(stated: StatedSignature, parts: SignatureParts, member: str, where: str) -> Iterator[Failure]:
    """Follow step 3."""
    stamped, informed = parts.token is not None, parts.sources.present
    if stated.timestamp and not stamped:
        yield TimestampMissing(where=where, member=member)
    if stated.revocation and not informed:
        yield RevocationMissing(where=where, member=member)
    if (stamped and not stated.timestamp) or (informed and not stated.revocation):
        yield ListsDisagree(where=where, member=member)

"""What the signed manifest states of the signatures, beside the signatures that are there.

What stands unsigned in a CMS signature (its time-stamp, revocation lists, OCSP responses) any keeper
can strip; so the manifest, which is signed, states whether they came with it:

1. Where two sign both signatures are there, where one signs alone no second one is.
2. Each was made with the certificate that is stated.
3. A time-stamp that is stated is there, and so are revocation data; none is there that is not stated.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archiver.errors import PackageFailure
from archiver.package import layout
from archiver.package.co_signature import CO_MEMBERS
from archiver.package.contents import Contents, small
from archiver.package.errors import (
    ListsDisagree,
    MemberMissing,
    MemberUnlisted,
    RevocationMissing,
    TimestampMissing,
)
from archiver.package.manifest import StatedSignature
from archiver.signing.answers import SignatureAnswers
from archiver.signing.errors import SignatureInvalid
from archiver.signing.signed_data import MAX_SIGNATURE_BYTES, read_signature
from formats.errors import Failure, FormatFailure

SIGNATURES = ((layout.SIGNATURE, "fingerprint"), (layout.CO_SIGNATURE, "co_fingerprint"))
"""Where each signature lies, and under which fact an answer names its certificate."""


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
    facts = answers.signed_by.facts
    for (member, fact), one in zip(SIGNATURES, stated, strict=False):
        # 2. by whom
        if not missing and facts.get(fact, one.certificate) != one.certificate:
            yield ListsDisagree(where=where, member=member)
        # 3. what comes with it
        yield from _inside(one, contents, member, where)


def _inside(stated: StatedSignature, contents: Contents, member: str, where: str) -> Iterator[Failure]:
    """Follow step 3; a signature that cannot be read is refused for that, and elsewhere."""
    try:
        parts = read_signature(small(contents, member, MAX_SIGNATURE_BYTES))
    except (SignatureInvalid, PackageFailure, FormatFailure):
        return
    except ValueError:  # the parser answers broken bytes so
        return
    stamped, informed = parts.token is not None, parts.sources.given
    if stated.timestamp and not stamped:
        yield TimestampMissing(where=where, member=member)
    if stated.revocation and not informed:
        yield RevocationMissing(where=where, member=member)
    if (stamped and not stated.timestamp) or (informed and not stated.revocation):
        yield ListsDisagree(where=where, member=member)

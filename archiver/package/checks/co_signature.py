"""The second signature of a package: both practitioners sign a handover.

1. Its list is readable and says, name by name and digest by digest, what the first one says.
2. It belongs to that list; whose it is, since when, and whether it is accepted.

That both are there, ``manifest.json`` says, which both sign (``archiver.package.checks.stated_signatures``).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from archiver.package import layout
from archiver.package.contents import open_member, small
from archiver.package.errors import REFUSALS, ListAlgorithmUnknown, ListsDisagree
from archiver.package.lists.asic_reading import MAX_ASIC_MANIFEST_BYTES, read_asic_manifest
from archiver.package.lists.signed_digests import uses_of_list
from archiver.package.member_table import Contents, DigestTable, names_of
from archiver.signing.signatures.answers import SignatureAnswers, answer_signature
from archiver.signing.signatures.co_signature import combine_answers
from archiver.signing.signatures.signed_data import MAX_SIGNATURE_BYTES
from archiver.signing.trust.anchors import Trust
from archiver.verdict import refuted_answer, unproven_answer

CO_MEMBERS = (layout.CO_ASIC_MANIFEST, layout.CO_SIGNATURE)


def is_co_signed(contents: Contents) -> bool:
    """Say whether a second signature is there; step 3 finds half a one."""
    return all(name in contents for name in CO_MEMBERS)


def co_answers(
    contents: Contents,
    signed: DigestTable | None,
    trust: Trust,
    first: SignatureAnswers,
    proven_at: Sequence[datetime] = (),
) -> SignatureAnswers:
    """Follow steps 1 and 2; return what the ``first`` signature and the second answer together.

    ``proven_at`` is when something outside the signatures proves that they existed.
    """
    try:
        with open_member(contents, layout.CO_ASIC_MANIFEST, MAX_ASIC_MANIFEST_BYTES) as stream:
            listed = read_asic_manifest(
                stream,
                where=layout.CO_ASIC_MANIFEST,
                target=layout.CO_SIGNATURE,
                names=names_of(contents),
            )
            if signed is not None and listed != signed:
                raise ListsDisagree(where=layout.CO_ASIC_MANIFEST, member=layout.ASIC_MANIFEST)
        signature = small(contents, layout.CO_SIGNATURE, MAX_SIGNATURE_BYTES)
    except REFUSALS as failure:
        unknown = isinstance(failure, ListAlgorithmUnknown)
        signed_by = unproven_answer(failure) if unknown else refuted_answer(failure)
        second = SignatureAnswers(signed_by=signed_by)
    else:
        with contents[layout.CO_ASIC_MANIFEST].open() as stream:
            second = answer_signature(
                signature,
                stream,
                trust,
                where=layout.CO_SIGNATURE,
                proven_at=proven_at,
                besides=uses_of_list(listed),
            )
    return combine_answers(first, second)

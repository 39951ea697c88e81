"""The question put to a time-stamping authority, and what is taken for an answer (RFC 3161, 2.4).

What goes out is a digest and a random number. An answer is believed when

1. its status grants a token;
2. the token stamps the digest that was sent, under the same hash function;
3. it returns the random number;
4. it follows the policy that was asked for, when one was;
5. its signature is genuine, and its certificate is for time-stamps alone and was valid at its own time;
6. every algorithm under it is relied on at its own time;
7. its certificate leads to an accepted root, when roots are given.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from asn1crypto import tsp

from archiver.evidence import der
from archiver.evidence.errors import EvidenceUnreadable
from archiver.signing.errors import AlgorithmUnknown, TokenInvalid
from archiver.signing.policy import AlgorithmPolicy, own_policy
from archiver.signing.signatures.tokens import MAX_TOKEN_BYTES, examine_token, read_token
from archiver.signing.trust.anchors import Trust
from archiver.signing.validity import PathStatus
from formats.digests import Digest
from formats.words import mark

MAX_ANSWER_BYTES = MAX_TOKEN_BYTES + 4096
"""A token, its status and a sentence."""
_GRANTED = frozenset({"granted", "granted_with_mods"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Query:
    """A request for a token over ``digest``; ``policy`` is an object identifier or empty."""

    digest: Digest
    nonce: int
    policy: str = ""


def write_query(query: Query) -> bytes:
    """Return ``query`` in DER; it asks for the authority's certificates too."""
    fields = {
        "version": "v1",
        "message_imprint": {
            "hash_algorithm": {"algorithm": query.digest.algorithm.oid},
            "hashed_message": query.digest.value,
        },
        "nonce": query.nonce,
        "cert_req": True,
    }
    if query.policy:
        fields["req_policy"] = query.policy
    encoded: bytes = tsp.TimeStampReq(fields).dump()
    return encoded


def read_answer(
    data: bytes, query: Query, roots: tuple[bytes, ...] = (), policy: AlgorithmPolicy | None = None
) -> bytes:
    """Return the token in the response ``data``, as it was sent, after the checks above.

    Raises:
        TokenInvalid: when one of them fails.
    """
    # 1. the status
    token = _granted(data)
    # 2 to 4. what was asked
    info = read_token(token)
    if info.imprint != query.digest:
        raise TokenInvalid(reason=mark("it was made for something else"))
    if info.nonce != query.nonce:
        raise TokenInvalid(reason=mark("it answers another question"))
    if query.policy and info.policy != query.policy:
        raise TokenInvalid(reason=mark("it follows another policy than was asked for"))
    # 5. the signature
    trust = Trust(at=info.time, tsa_roots=roots, policy=policy or own_policy())
    try:
        examined = examine_token(token, query.digest, trust)
    except AlgorithmUnknown as fault:
        raise TokenInvalid(reason=mark("it uses an algorithm that is not known here")) from fault
    if not examined.stamp.genuine:
        raise TokenInvalid(reason=mark("its certificate did not make it"))
    if not examined.stamp.dedicated:
        raise TokenInvalid(reason=mark("its certificate is not for time-stamps alone"))
    if not examined.start <= info.time <= examined.end:
        raise TokenInvalid(reason=mark("its certificate was not valid when it was made"))
    # 6. the algorithms
    if any(trust.policy.end(use) <= info.time for use in examined.uses):
        raise TokenInvalid(reason=mark("it rests on an algorithm that is no longer relied on"))
    # 7. the authority
    if roots and examined.stamp.path_status is not PathStatus.TRUSTED:
        raise TokenInvalid(reason=mark("it comes from an authority you have not accepted"))
    return token


def _granted(data: bytes) -> bytes:
    """Return the token of a response that grants one, cut out of it byte for byte."""
    if len(data) > MAX_ANSWER_BYTES:
        raise TokenInvalid(reason=mark("the answer cannot be read"))
    try:
        # a third element is one too many, and there may be a million
        info, *tokens = islice(der.only(memoryview(data), der.SEQUENCE).children(), 3)
        status = tsp.PKIStatusInfo.load(bytes(info.whole), strict=True)["status"].native
    except (EvidenceUnreadable, ValueError, TypeError, KeyError) as fault:
        raise TokenInvalid(reason=mark("the answer cannot be read")) from fault
    if status not in _GRANTED or len(tokens) != 1:
        raise TokenInvalid(reason=mark("the authority refused"))
    return bytes(tokens[0].whole)

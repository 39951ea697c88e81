"""Time-stamp tokens that stand alone (RFC 3161): what they say, and how far that can be believed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

# tsp registers the content type of tokens; cades imported it before cms was used
from asn1crypto import cms, tsp

from archiver.signing.algorithms import Use, digest_algorithm, uses_of
from archiver.signing.errors import AlgorithmUnknown, TokenInvalid
from archiver.signing.revocation.sources import MAX_SOURCES, Sources
from archiver.signing.revocation.token_revocations import sources_inside, token_revocation
from archiver.signing.signatures.signed_data import MAX_TOKEN_CERTIFICATES
from archiver.signing.signatures.validation import validate_token
from archiver.signing.trust.anchors import Trust
from archiver.signing.validity import PathStatus, SignatureTimeStamp
from formats.digests import Digest
from formats.words import mark

MAX_TOKEN_BYTES = 1 << 20
"""A token with its chain is under 30 kB; long revocation lists may come with it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Token:
    """What a token says; ``imprint`` as it is stated: of another length than it should have, it equals no digest."""

    imprint: Digest
    time: datetime
    policy: str
    nonce: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class ExaminedToken:
    """A token with how it stands: ``uses`` are the algorithms under it and its certificates.

    ``start`` and ``end`` bound the time in which every certificate below the root is valid.
    """

    token: Token
    stamp: SignatureTimeStamp
    uses: tuple[Use, ...]
    start: datetime
    end: datetime


def read_token(data: bytes) -> Token:
    """Return what the token ``data`` says, whether or not it is genuine.

    Raises:
        TokenInvalid: when it is no token of RFC 3161.
    """
    return _read(data)[0]


def examine_token(data: bytes, imprint: Digest, trust: Trust) -> ExaminedToken:
    """Return how the token ``data`` over ``imprint`` stands with ``trust``.

    Whether it stamps ``imprint`` and its authority signed it is in ``stamp.genuine``.

    Raises:
        TokenInvalid: when it is no token of RFC 3161, or names no certificate it holds.
        AlgorithmUnknown: when nobody here knows what it was made with.
    """
    token, signed = _read(data)
    try:
        stamp, certification_path = validate_token(signed, imprint, trust)
        below = certification_path[:-1] or certification_path
        revocation = token_revocation(_sources(signed, trust), certification_path, token.time, trust)
        stamp = replace(stamp, revocation_unknown=revocation.unknown, examined=revocation.examined)
        return ExaminedToken(
            token=token,
            stamp=replace(stamp, path_status=PathStatus.REVOKED) if revocation.revoked else stamp,
            uses=uses_of(signed["signer_infos"][0], certification_path),
            start=max(one.not_valid_before for one in below),
            end=min(one.not_valid_after for one in below),
        )
    except (TokenInvalid, AlgorithmUnknown):
        raise
    except Exception as fault:  # the parsers answer broken bytes with any exception there is
        raise TokenInvalid(reason=mark("its signature cannot be read")) from fault


def _read(data: bytes) -> tuple[Token, Any]:
    if len(data) > MAX_TOKEN_BYTES:
        raise TokenInvalid(reason=mark("it is longer than any token"))
    try:
        signed = _signed_data(data)
        info = tsp.TSTInfo.load(signed["encap_content_info"]["content"].contents, strict=True)
        return _token(info), signed
    except TokenInvalid:
        raise
    except Exception as fault:  # see above
        raise TokenInvalid(reason=mark("it cannot be read")) from fault


def _signed_data(data: bytes) -> Any:
    content = cms.ContentInfo.load(data, strict=True)
    if content["content_type"].native != "signed_data":
        raise TokenInvalid(reason=mark("it is no signature"))
    signed = content["content"]
    if signed["encap_content_info"]["content_type"].native != "tst_info":
        raise TokenInvalid(reason=mark("it signs something else than a time"))
    if len(signed["signer_infos"]) != 1:
        raise TokenInvalid(reason=mark("it has not exactly one signer"))
    if not 1 <= len(signed["certificates"]) <= MAX_TOKEN_CERTIFICATES:
        raise TokenInvalid(reason=mark("its certificates are missing or too many"))
    if len(list(signed["crls"])) > MAX_SOURCES:
        raise TokenInvalid(reason=mark("it holds more revocation lists than anybody needs"))
    return signed


def _token(info: Any) -> Token:
    if info["version"].native != "v1":
        raise TokenInvalid(reason=mark("it is of another version"))
    imprint = info["message_imprint"]
    return Token(
        imprint=Digest(digest_algorithm(imprint["hash_algorithm"]), imprint["hashed_message"].native),
        time=info["gen_time"].native,
        policy=info["policy"].dotted,
        nonce=info["nonce"].native,
    )


def _sources(signed: Any, trust: Trust) -> Sources:
    """Return what is inside the token and what the reader gives."""
    inside, supplied = sources_inside(signed), trust.supplied.sources
    return Sources(lists=(*inside.lists, *supplied.lists), responses=(*inside.responses, *supplied.responses))

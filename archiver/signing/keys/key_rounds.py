"""How often a PKCS#12 file asks for its key derivations to be repeated (RFC 7292, appendix B; RFC 8018).

The file states the number itself, before anything in it can be checked: a few bytes may ask for hours.
Boxes inside an encrypted box are not seen; they open only with the right passphrase.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

# tsp registers the time-stamp attribute, and has to do so before cms is used
from asn1crypto import pkcs12, tsp  # noqa: F401

from archiver.errors import KeyUnreadable
from formats.errors import LimitExceeded
from formats.words import mark

MAX_ROUNDS = 10_000_000
"""Rounds of one key derivation, about a second; people are advised to use 600,000 to 1,300,000."""


def require_few_rounds(data: bytes, where: str) -> None:
    """Return when the PKCS#12 file ``data`` asks for no more than ``MAX_ROUNDS``.

    Raises:
        LimitExceeded: when it asks for more.
        KeyUnreadable: when it is no PKCS#12 file.
    """
    try:
        found = max(_rounds(pkcs12.Pfx.load(data)), default=0)
    except Exception as fault:  # the parser answers broken bytes with any exception there is
        raise KeyUnreadable(where=where, reason=mark("it is damaged")) from fault
    if found > MAX_ROUNDS:
        raise LimitExceeded(where=where, name="rounds of key derivation", found=found, limit=MAX_ROUNDS)


def _rounds(file: Any) -> Iterator[int]:
    if file["mac_data"].native is not None:
        yield file["mac_data"]["iterations"].native
    for content in file.authenticated_safe:
        if content["content_type"].native == "encrypted_data":
            yield from _of(content["content"]["encrypted_content_info"]["content_encryption_algorithm"])
        elif content["content_type"].native == "data":
            for bag in pkcs12.SafeContents.load(content["content"].native):
                if bag["bag_id"].native == "pkcs8_shrouded_key_bag":
                    yield from _of(bag["bag_value"]["encryption_algorithm"])


def _of(algorithm: Any) -> Iterator[int]:
    with suppress(ValueError):  # an algorithm nobody here derives a key for
        yield algorithm.kdf_iterations

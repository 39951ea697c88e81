"""Evidence that holds is judged in proportion to its length, and beyond a limit refused by its name at once."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest

from formats.errors import Failure
from tests.vectors.generator import people, records
from tests.vectors.generator.cms import token
from tests.vectors.generator.package import base_units
from tests.vectors.generator.people import SIGNED
from tests.vectors.hostile_readers import judged_record

GROWTH = 4
"""How many times more parts the larger of two records has."""
SLACK = 2
"""How much longer than in proportion it may take; the square would be four times."""
LEAST = 0.1
"""Seconds that are nothing on a busy machine."""
PROVEN = "proven"
MINUTE = timedelta(minutes=1)
UNTRUSTED, EXCEEDED, INVALID = "timestamp-untrusted", "limit-exceeded", "evidence-token-invalid"


def units() -> list[bytes]:
    return list(base_units().values())


def leaves() -> list[bytes]:
    return [hashlib.sha256(data).digest() for data in units()]


def others(count: int) -> list[bytes]:
    """Return so many digests of what nobody asks about."""
    return [hashlib.sha256(b"%d" % number).digest() for number in range(count)]


def renewals(count: int, beside: Sequence[bytes] = (), **options: Any) -> bytes:
    """Return a record of so many time-stamps, each with digests ``beside`` what it covers."""
    made, one = records.stamped([*leaves(), *beside], at=SIGNED, **options)
    stamps = [one]
    for number in range(1, count):
        covered = [hashlib.sha256(made).digest(), *beside]
        made, one = records.stamped(covered, at=SIGNED + number * MINUTE, **options)
        stamps.append(one)
    return records.record(stamps)


def chains(count: int, renewed: int = 1, beside: int = 0, *, named: bool = True) -> bytes:
    """Return a record of so many chains, each renewed so often, over units and so many more.

    One that is not ``named`` leaves its hash function to its first token.
    """
    data = [*units(), *(b"%d" % number for number in range(beside))]
    made_chains: list[list[bytes]] = []
    for number in range(count):
        name, at = ("sha256", "sha512")[number % 2], SIGNED + number * renewed * MINUTE
        first = [hashlib.sha256(one).digest() for one in data]
        made, one = (
            records.rehashed(data, *made_chains, digest=name, at=at, named=named)
            if made_chains
            else records.stamped(first, at=at, named=named)
        )
        stamps = [one]
        for again in range(1, renewed):
            made, one = records.renewed(made, digest=name, at=at + again * MINUTE)
            stamps.append(one)
        made_chains.append(stamps)
    return records.record(*made_chains, digest=("sha256", "sha512"))


def deep(count: int) -> bytes:
    """Return a record whose tree has so many levels."""
    lists, node = [leaves()], records.joined(leaves())
    for sibling in others(count - 1):
        lists.append([sibling])
        node = records.joined([node, sibling])
    return records.record([records.archive_stamp(token(b"", imprint=node), lists)])


def certificates(count: int) -> bytes:
    """Return a record whose token brings so many certificates."""
    more = [people.person(f"Autorité {number}", authority=True).der for number in range(count - 1)]
    return renewals(1, certificates=[people.stamper().der, *more])


def full(count: int) -> bytes:
    """Return so many time-stamps, each with as many certificates and lists as one may have."""
    more = [people.person(f"Autorité {number}", authority=True).der for number in range(31)]
    return renewals(count, certificates=[people.stamper().der, *more], crls=[people.revocation_list()] * 16)


def alike(count: int) -> bytes:
    """Return so many time-stamps of authorities each of which may have issued every other."""
    by, certificates = people.alike(15, stamps=True)
    return renewals(count, by=by, certificates=certificates)


def lists(count: int) -> bytes:
    return renewals(1, crls=[people.revocation_list()] * count)


def revoked(count: int) -> bytes:
    """Return a record whose token brings a list of so many certificates of nobody."""
    return renewals(1, crls=[people.revocation_list(numbers=range(1, count + 1))])


SHAPES: dict[str, tuple[int, Callable[[int], bytes], str]] = {
    "renewals": (64, renewals, PROVEN),
    "renewals full of certificates and lists": (10, full, PROVEN),
    "renewals by authorities of one name": (8, alike, UNTRUSTED),
    "renewals beside much else": (16, lambda count: renewals(count, others(1_000)), PROVEN),
    "certificates of a token": (8, certificates, PROVEN),
    "lists of a token": (4, lists, PROVEN),
    "certificates revoked by a list": (5_000, revoked, PROVEN),
    "chains": (8, chains, PROVEN),
    "chains without a name": (8, lambda count: chains(count, named=False), PROVEN),
    "chains that are renewed": (8, lambda count: chains(count, 8), PROVEN),
    "chains over much": (8, lambda count: chains(count, 1, 1_000), PROVEN),
    "parts of a tree": (10_000, lambda count: renewals(1, others(count)), PROVEN),
    "levels of a tree": (16, deep, PROVEN),
}
"""Records that hold: how many parts the smaller one has, what makes it, and the answer."""
BEYOND: dict[str, tuple[int, Callable[[int], bytes], str]] = {
    "renewals": (256, renewals, EXCEEDED),
    "chains": (32, chains, EXCEEDED),
    "chains that are renewed": (32, lambda count: chains(count, 8), EXCEEDED),
    "levels of a tree": (64, deep, EXCEEDED),
    "certificates of a token": (32, certificates, INVALID),
    "lists of a token": (16, lists, INVALID),
}
"""The most that is read, what makes it, and what one more is refused with."""


def judged(data: bytes) -> tuple[str, float]:
    """Return what is said of the record ``data``, and the processor time that took."""
    start = time.process_time()
    try:
        judged_record(data)
        code = PROVEN
    except Failure as failure:
        code = failure.code
        str(failure)  # a sentence that lacks a fact would break here
    return code, time.process_time() - start


@pytest.mark.parametrize("shape", SHAPES)
def test_evidence_is_judged_in_proportion_to_its_length(shape: str) -> None:
    count, made, code = SHAPES[shape]
    small, large = made(count), made(count * GROWTH)
    judged(made(1))  # once, so that everything is imported and cached
    for _ in range(2):  # a busy machine gets a second chance
        (first_code, took), (says, takes) = judged(small), judged(large)
        assert (first_code, says) == (code, code)
        allowed = LEAST + SLACK * len(large) / len(small) * took
        if takes <= allowed:
            return
    assert takes <= allowed, f"{len(large)} bytes: {takes:.3f} s instead of {allowed:.3f} s"


@pytest.mark.parametrize("shape", BEYOND)
def test_one_more_than_the_most_is_refused_by_name(shape: str) -> None:
    most, made, code = BEYOND[shape]
    assert judged(made(most))[0] == PROVEN
    assert judged(made(most + 1))[0] == code

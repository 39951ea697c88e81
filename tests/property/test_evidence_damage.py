"""No changed byte of a record is overlooked: it is refused, or what is vouched for is the same."""

from __future__ import annotations

import hashlib
from functools import cache

from hypothesis import given, settings, strategies as st

from archiver.evidence.errors import EvidenceUnreadable
from archiver.evidence.records import read_record, write_record
from archiver.evidence.tree import grow
from archiver.verdict import State
from formats.digests import SHA256
from formats.errors import LimitExceeded
from tests.unit.evidence.life import data, grown, hashed, judged, year

OBJECTS = hashed(data(5))
AT = year(2044)


@cache
def whole():
    return write_record(grown(OBJECTS))


@cache
def vouched():
    return proof(whole())


def proof(encoded):
    """Return what the record ``encoded`` vouches for; nothing when it is refused."""
    try:
        record = read_record(encoded)
    except (EvidenceUnreadable, LimitExceeded):
        return None
    assert write_record(record) == encoded
    verdict = judged(record, OBJECTS, AT)
    if verdict.existed_at.state is not State.PROVEN:
        return None
    stamps = [(one.place, one.digest_algorithm, one.time, one.authority) for one in verdict.stamps]
    return verdict.existed_at, stamps, verdict.others


def test_the_whole_record_vouches():
    assert vouched() is not None


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_flipped_byte(choose):
    encoded = bytearray(whole())
    place = choose.draw(st.integers(0, len(encoded) - 1))
    encoded[place] ^= choose.draw(st.integers(1, 255))
    assert proof(bytes(encoded)) in (None, vouched())


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_a_cut_a_gap_and_an_insertion(choose):
    encoded = whole()
    start, end = sorted(choose.draw(st.tuples(*[st.integers(0, len(encoded))] * 2)))
    filling = choose.draw(st.binary(max_size=40))
    assert proof(encoded[:start] + filling + encoded[end:]) in (None, vouched())


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_refused_or_written_again_as_they_were(encoded):
    assert proof(encoded) is None


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=5), min_size=1, max_size=40)
)
def test_every_group_reaches_the_root(groups):
    tree = grow(groups, SHA256)
    for group, lists in zip(groups, tree.reduced_trees(), strict=True):
        if not lists:
            assert set(group) == {tree.root.value}
            continue
        assert set(group) <= set(lists[0])
        assert all(len(set(values)) == len(values) for values in lists)
        value = b""
        for values in lists:
            joined = sorted([*values, value] if value else values)
            value = hashlib.sha256(b"".join(joined)).digest()
        assert value == tree.root.value

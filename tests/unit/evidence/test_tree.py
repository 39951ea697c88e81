"""The hash tree: every group has its way to the one root."""

from __future__ import annotations

import hashlib
from math import ceil, log2

import pytest

from archiver.evidence.tree import grow
from formats.digests import SHA256


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def join(*values):
    return sha(*sorted(values))


def digests(count):
    return [sha(number.to_bytes(4, "big")) for number in range(count)]


def root_of(lists):
    """Return the root that hash lists lead to, as RFC 4998, 4.3 says, step by step."""
    value = None
    for values in lists:
        value = join(*values, *([] if value is None else [value]))
    return value


@pytest.mark.parametrize("count", [2, 3, 4, 5, 7, 8, 9, 33, 100])
def test_every_way_leads_to_the_root(count):
    tree = grow(([one] for one in digests(count)), SHA256)
    reduced_trees = list(tree.reduced_trees())
    assert len(reduced_trees) == count
    for one, lists in zip(digests(count), reduced_trees, strict=True):
        assert one in lists[0]
        assert root_of(lists) == tree.root.value
        assert len(lists) <= ceil(log2(count))
        assert len(lists[0]) == 2


def test_three_objects_by_hand():
    a, b, c = digests(3)
    tree = grow([[a], [b], [c]], SHA256)
    assert tree.root.value == join(join(a, b), c)
    assert list(tree.reduced_trees()) == [((a, b), (c,)), ((b, a), (c,)), ((c, join(a, b)),)]


def test_one_object_needs_no_tree():
    (one,) = digests(1)
    tree = grow([[one]], SHA256)
    assert (tree.root.value, list(tree.reduced_trees())) == (one, [()])


def test_a_group_is_the_first_list():
    a, b, c, d = digests(4)
    tree = grow([[c, a, b, a], [d]], SHA256)
    assert tree.root.value == join(join(a, b, c), d)
    assert list(tree.reduced_trees()) == [(tuple(sorted((a, b, c))), (d,)), ((d, join(a, b, c)),)]
    assert list(grow([[a, b, c]], SHA256).reduced_trees()) == [(tuple(sorted((a, b, c))),)]


def test_equal_groups_share_a_leaf():
    a, b = digests(2)
    tree = grow([[a], [b], [a]], SHA256)
    assert tree.root.value == join(a, b)
    assert list(tree.reduced_trees()) == [((a, b),), ((b, a),), ((a, b),)]
    assert list(grow([[a], [a]], SHA256).reduced_trees()) == [(), ()]


def test_twenty_thousand_units():
    tree = grow(([one] for one in digests(20_000)), SHA256)
    for number, lists in enumerate(tree.reduced_trees()):
        if number % 997 == 0 or number == 19_999:
            assert root_of(lists) == tree.root.value
            assert len(lists) <= 15

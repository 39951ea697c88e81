"""A Bloom filter: nothing that was added is denied, and little that was not is taken for it."""

from __future__ import annotations

from archiver.bloom_filter import BloomFilter


def test_what_was_added_is_never_denied_and_little_else_taken_for_it() -> None:
    added = BloomFilter()
    assert "" not in added and "n0" not in added
    assert sum(added.add(f"n{number}") for number in range(100_000)) > 99_900
    assert not any(added.add(f"n{number}") for number in range(1000))
    assert all(f"n{number}" in added for number in range(100_000))
    assert sum(f"x{number}" in added for number in range(100_000)) < 100

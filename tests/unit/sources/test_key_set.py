"""The keys of a table that were met."""

from __future__ import annotations

from hypothesis import given, strategies as st

from formats.sources.mapped.rows.found_records import KeySet

KEYS = st.one_of(
    st.integers(0, 600).map(str),
    st.integers(0, 10**20).map(str),
    st.sampled_from(["", "0", "00", "01", "1/2", "-1", "1 ", "²", "٣", "a"]),
)


@given(st.lists(KEYS))
def test_a_key_is_new_once(keys: list[str]) -> None:
    known, found = set[str](), KeySet()
    for key in keys:
        assert found.add(key) == (key not in known)
        known.add(key)

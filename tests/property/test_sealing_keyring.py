from __future__ import annotations

import io
import secrets
from datetime import date

from hypothesis import given, settings, strategies as st

from archiver.sealing.age import HybridIdentity
from archiver.sealing.keyring import KeyringEntry, open_keyring, writing_keyring
from archiver.sealing.keyring_lines import entry_line, read_entry_line
from formats.digests import SHA256, Digest
from tests.packages import header

KEY = HybridIdentity(seed=b"k" * 32)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
salts = st.from_regex(r"[A-Za-z0-9_-]{43}", fullmatch=True)
traits = st.dictionaries(texts, texts, max_size=5)
kinds = st.one_of(
    st.fixed_dictionaries({"member": st.just("TRANSV.ZIP"), "patient": st.none(), "salt": st.none()}),
    st.fixed_dictionaries(
        {"member": st.from_regex(r"PAT[0-9]{5}\.ZIP", fullmatch=True), "patient": traits, "salt": salts}
    ),
)
"""Of the practice, or of a patient."""
entries = st.builds(
    lambda kind, **facts: KeyringEntry(**kind, **facts),
    kinds,
    unit=st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,30}", fullmatch=True),
    passphrase=st.from_regex(r"[A-Za-z0-9_-]{43}", fullmatch=True),
    plain_digest=st.binary(min_size=32, max_size=32).map(lambda value: Digest(SHA256, value)),
    plain_size=st.integers(0, 1 << 62),
    counts=st.dictionaries(texts, st.integers(0, 1 << 62), max_size=5),
    destroy_from=st.none() | st.integers(1, 9999).map(lambda year: date(year, 1, 1)),
    hold=st.booleans(),
)


@given(entries)
def test_a_line_reads_back_and_has_one_spelling(entry: KeyringEntry) -> None:
    line = entry_line(entry)
    assert line.count(b"\n") == 1 and line.endswith(b"\n")
    assert read_entry_line(line) == entry
    assert entry_line(read_entry_line(line)) == line


@given(st.lists(entries, max_size=6, unique_by=lambda entry: entry.unit), st.binary(min_size=32, max_size=32))
@settings(max_examples=30, deadline=None)
def test_a_keyring_comes_back(many: list[KeyringEntry], nonce: bytes) -> None:
    target = io.BytesIO()
    with writing_keyring(
        target, [KEY.to_recipient()], header=header(nonce=nonce), randomness=secrets.token_bytes
    ) as writer:
        for entry in many:
            writer.add(entry)
    ring = open_keyring(io.BytesIO(target.getvalue()), [KEY], commitment=writer.commitment)
    assert list(ring.entries) == many and ring.header.nonce == nonce

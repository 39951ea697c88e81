from __future__ import annotations

import io
import secrets
from itertools import pairwise

import pytest
from hypothesis import given, settings, strategies as st

from archiver.errors import WrongPassphrase
from archiver.sealing import unsealing
from archiver.sealing.errors import SealBroken
from archiver.sealing.keystream import STEP
from archiver.sealing.sealed import SealedUnit
from archiver.sealing.unit import new_passphrase, sealing_unit
from archiver.sealing.unsealing import open_unit, unseal
from formats.digests import Digest

PASSPHRASE = new_passphrase(secrets.token_bytes)
sizes = st.sampled_from([0, 1, 15, 16, 17, STEP - 1, STEP, STEP + 1]) | st.integers(0, 3 * STEP)


def sealed(data: bytes, cuts: list[int]) -> tuple[io.BytesIO, SealedUnit]:
    target = io.BytesIO()
    with sealing_unit(target, passphrase=PASSPHRASE, salt=secrets.token_bytes(16)) as sink:
        edges = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
        for start, end in pairwise(edges):
            sink.write(data[start:end])
    return target, sink.sealed


@given(sizes, st.lists(st.integers(0, 3 * STEP), max_size=8))
@settings(max_examples=60, deadline=None)
def test_whatever_is_sealed_comes_back(size: int, cuts: list[int]) -> None:
    data, target = secrets.token_bytes(size), io.BytesIO()
    unit, digests = sealed(data, cuts)
    out = unseal(unit, PASSPHRASE, target)
    assert target.getvalue() == data == open_unit(unit, PASSPHRASE).read()
    assert digests.plain_digest == out.plain_digest == Digest.of(data)
    assert digests.digest == Digest.of(unit.getvalue())


@given(
    st.lists(st.tuples(st.integers(0, 2 * STEP), st.integers(0, STEP)), min_size=1, max_size=10),
    st.sampled_from([(1 << 30, 1 << 30), (1 << 30, 0), (0, 0)]),
)
@settings(max_examples=60, deadline=None)
def test_reading_anywhere_gives_the_bytes_there(
    wanted: list[tuple[int, int]], limits: tuple[int, int]
) -> None:
    data = secrets.token_bytes(STEP + 777)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(unsealing, "MAX_IN_MEMORY", limits[0])
        patch.setattr(unsealing, "MAX_AT_ONCE", limits[1])
        stream = open_unit(sealed(data, [])[0], PASSPHRASE)
    for at, size in wanted:
        stream.seek(at)
        assert stream.read(size) == data[at : at + size]


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_a_changed_content_never_passes(data: st.DataObject) -> None:
    unit = bytearray(sealed(bytes(5000), [])[0].getvalue())
    salt_at = unit.index(b"PAT00001.ZIP") + 12 + 31
    at = data.draw(st.integers(salt_at, salt_at + 18 + 5000 + 10 - 1))
    unit[at] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises((SealBroken, WrongPassphrase)):
        open_unit(io.BytesIO(bytes(unit)), PASSPHRASE)

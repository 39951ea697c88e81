"""Whatever is done to a second signature, its time-stamp or its lists, nobody calls it proven."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings, strategies as st

from archiver.package import layout
from archiver.package.checks.check_package import check
from archiver.signing.revocation.sources import Sources
from tests.authorities import der, practitioners
from tests.packages import SIGNED, package, trust, unpacked
from tests.tsa import authority

MEMBERS = (layout.ASIC_MANIFEST, layout.SIGNATURE, layout.CO_ASIC_MANIFEST, layout.CO_SIGNATURE)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    ours, theirs = practitioners(), practitioners("Autre")
    sources = Sources(
        lists=(ours.revocations(at=SIGNED),),
        responses=(theirs.response(theirs.signer().certificate, at=SIGNED),),
    )
    data = package(
        by=ours.signer(),
        co_signer=theirs.signer(),
        stamp=authority().at(SIGNED + timedelta(minutes=1)),
        sources=sources,
    )
    roots = (der(ours.root), der(theirs.root))
    return unpacked(data, tmp_path_factory.mktemp("whole")), replace(
        trust(at=SIGNED + timedelta(days=400)), roots=roots, tsa_roots=authority().roots
    )


def test_it_is_proven_to_begin_with(whole):
    assert check(*whole).proven


@pytest.mark.parametrize("member", MEMBERS)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_flipped_bit_is_noticed(whole, member, data):
    path = whole[0] / member
    good = path.read_bytes()
    broken = bytearray(good)
    position = data.draw(st.integers(0, len(good) - 1))
    broken[position] ^= 1 << data.draw(st.integers(0, 7))
    try:
        path.write_bytes(broken)
        assert not check(*whole).proven, position
    finally:
        path.write_bytes(good)


@pytest.mark.parametrize("member", MEMBERS)
def test_a_missing_member_is_noticed(whole, member):
    path = whole[0] / member
    good = path.read_bytes()
    path.unlink()
    try:
        assert check(*whole).refusal is not None
    finally:
        path.write_bytes(good)
